/* simple_imputer.c */
/* SimpleImputer, and the Imputer of releases up to 0.21. */
#include "reader/scaler.h"
#include "reader/sk_categories.h"
#include "reader/sk_missing.h"

#include <math.h>

typedef struct Imputer
{
	size_t n;
	/* Of each column of the input; a text where it has data. */
	double *numbers;
	MxText *texts;
	MxColumnKind *kinds;
	size_t *kept; /* columns, without those that were empty in training */
	size_t n_kept;
	bool is_object; /* X of dtype object: infinity is let through */
	MxMissing missing;
} Imputer;

static const char statistics[] = "statistics_";

static MxStatus
make_room(MxReadContext *ctx, size_t n, Imputer *p, MxError *err)
{
	p->n = n;
	p->numbers = mx_arena_array(ctx->scratch, double, n, err);
	MX_NEED(p->numbers, err);
	p->texts = mx_arena_array(ctx->scratch, MxText, n, err);
	MX_NEED(p->texts, err);
	p->kinds = mx_arena_array(ctx->scratch, MxColumnKind, n, err);
	MX_NEED(p->kinds, err);
	p->kept = mx_arena_array(ctx->scratch, size_t, n, err);
	return p->kept == NULL ? err->status : MX_OK;
}

/*
 * A column without a statistic says nothing of its kind: it is taken for that
 * of its missing_values, or of the other columns.
 */
static void
settle_kinds(Imputer *p)
{
	bool has_text = p->missing.text.data != NULL;
	size_t j;

	for (j = 0; j < p->n; j++)
		has_text |= p->texts[j].data != NULL;
	for (j = 0; j < p->n; j++)
		if (p->texts[j].data != NULL || (has_text && isnan(p->numbers[j])))
			p->kinds[j] = MX_COLUMN_TEXT;
}

static MxStatus
read_statistics(MxReadContext *ctx, const MxValue *object, Imputer *p,
                MxError *err)
{
	const MxValue *value;
	char shown[MX_SHOWN_SIZE];
	MxItems items;
	size_t j;

	MX_TRY(mx_read_value(ctx, object, statistics, &value, err));
	MX_TRY(mx_value_items(ctx, value, statistics, &items, err));
	MX_TRY(make_room(ctx, items.n, p, err));
	for (j = 0; j < p->n; j++)
	{
		p->numbers[j] = NAN;
		if (mx_value_is_none(items.items[j]) ||
		    mx_value_to_text(items.items[j], &p->texts[j]))
			continue;
		if (!mx_value_to_number(items.items[j], &p->numbers[j]) ||
		    isinf(p->numbers[j]))
			return mx_refuse(ctx, object, statistics,
			                 "holds %s, which is not supported", err,
			                 mx_show_value(items.items[j], shown));
	}
	p->is_object = value->kind == MX_VALUE_ARRAY &&
	               value->as.array->dtype->kind == MX_DTYPE_OBJECT;
	return MX_OK;
}

/* From 1.8 on, constants are kept as objects and cast when they are used. */
static MxStatus
apply_fill_dtype(MxReadContext *ctx, const MxValue *object, Imputer *p,
                 MxError *err)
{
	MxDtypeKind kind;
	size_t size;
	size_t j;

	if (!mx_has(object, "_fill_dtype"))
		return MX_OK;
	MX_TRY(mx_read_dtype(ctx, object, "_fill_dtype", &kind, &size, err));
	p->is_object = kind == MX_DTYPE_OBJECT;
	if (kind != MX_DTYPE_FLOAT || size == 8)
		return MX_OK;
	if (size != 4)
		return mx_refuse(ctx, object, "_fill_dtype",
		                 "is float%zu, which is not supported", err, 8 * size);
	for (j = 0; j < p->n; j++)
		p->numbers[j] = (double) (float) p->numbers[j];
	return MX_OK;
}

/* Up to 1.7 a constant filled empty columns too. */
static MxStatus
keeps_empty(MxReadContext *ctx, const MxValue *object, bool *out, MxError *err)
{
	MxText strategy;

	MX_TRY(mx_read_bool(ctx, object, "keep_empty_features", false, out, err));
	if (ctx->version < MX_SKLEARN(1, 8) &&
	    mx_value_to_text(mx_value_attribute(object, "strategy"), &strategy) &&
	    mx_text_is(strategy, "constant"))
		*out = true;
	return MX_OK;
}

static void
keep_columns(Imputer *p, bool keeps_empty_ones)
{
	size_t j;

	for (j = 0; j < p->n; j++)
		if (keeps_empty_ones || p->texts[j].data != NULL ||
		    !isnan(p->numbers[j]))
			p->kept[p->n_kept++] = j;
}

static MxStatus
build_run(MxReadContext *ctx, const Imputer *p, MxNodeId in, MxColumnRun run,
          MxNodeId *out, MxError *err)
{
	MxSelect select = {.n = run.n, .columns = run.columns};
	MxImpute impute = {.n = run.n, .missing = p->missing};
	double *numbers = mx_arena_array(ctx->scratch, double, run.n, err);
	MxText *texts = mx_arena_array(ctx->scratch, MxText, run.n, err);
	size_t i;

	if (numbers == NULL || texts == NULL)
		return err->status;
	for (i = 0; i < run.n; i++)
	{
		numbers[i] = p->numbers[run.columns[i]];
		texts[i] = p->texts[run.columns[i]];
	}
	if (run.kind == MX_COLUMN_TEXT)
		impute.texts = texts;
	else
		impute.numbers = numbers;
	if (run.n < p->n)
		MX_TRY(mx_builder_select(ctx->builder, in, &select, &in, err));
	return mx_builder_impute(ctx->builder, in, &impute, out, err);
}

static MxStatus
build(MxReadContext *ctx, const MxValue *object, const Imputer *p, MxNodeId in,
      MxNodeId *out, MxError *err)
{
	const MxValue *indicator = mx_value_attribute(object, "indicator_");
	const size_t *flagged = NULL;
	size_t n_flagged = 0;
	size_t n_parts = 0;
	size_t next = 0;
	MxNodeId *parts;

	if (!mx_value_is_none(indicator))
		MX_TRY(mx_read_missing_features(ctx, indicator, p->n, &flagged,
		                                &n_flagged, err));
	parts =
	    mx_arena_array(ctx->scratch, MxNodeId, p->n_kept + n_flagged + 1, err);
	MX_NEED(parts, err);
	while (next < p->n_kept)
	{
		MxColumnRun run = mx_next_run(p->kept, p->n_kept, p->kinds, &next);

		MX_TRY(build_run(ctx, p, in, run, &parts[n_parts++], err));
	}
	MX_TRY(mx_build_indicators(ctx, in, &p->missing, flagged, n_flagged,
	                           p->kinds, parts, &n_parts, err));
	if (n_parts == 0)
		return mx_refuse(ctx, object, statistics,
		                 "leaves no feature, which is not supported", err);
	return mx_builder_concat(ctx->builder, parts, n_parts, out, err);
}

static MxStatus
read_imputer(MxReadContext *ctx, const MxValue *object, MxNodeId in, Imputer *p,
             MxError *err)
{
	MX_TRY(mx_note_copy(ctx, object, in, err));
	MX_TRY(mx_read_missing_values(ctx, object, &p->missing, err));
	MX_TRY(read_statistics(ctx, object, p, err));
	return mx_expect_features(ctx, object, in, p->n, err);
}

static MxStatus
read_simple(MxReadContext *ctx, const MxValue *object, MxNodeId in,
            MxAnswers *out, MxError *err)
{
	Imputer p = {0};
	bool keeps;

	MX_TRY(read_imputer(ctx, object, in, &p, err));
	MX_TRY(apply_fill_dtype(ctx, object, &p, err));
	MX_TRY(keeps_empty(ctx, object, &keeps, err));
	settle_kinds(&p);
	keep_columns(&p, keeps);
	if (!p.is_object)
		MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_INFINITE, &in, err));
	return build(ctx, object, &p, in, &out->transform, err);
}

/* Numbers only, the text "NaN" for NaN, and infinity is let through. */
static MxStatus
read_old(MxReadContext *ctx, const MxValue *object, MxNodeId in, MxAnswers *out,
         MxError *err)
{
	Imputer p = {0};
	int64_t axis = 0;

	if (mx_has(object, "axis"))
		MX_TRY(mx_read_integer(ctx, object, "axis", &axis, err));
	if (axis != 0)
		return mx_refuse(ctx, object, "axis", "is %lld, which is not supported",
		                 err, (long long) axis);
	MX_TRY(read_imputer(ctx, object, in, &p, err));
	p.missing.text = (MxText){NULL, 0};
	keep_columns(&p, false);
	return build(ctx, object, &p, in, &out->transform, err);
}

static MxStatus
read(MxReadContext *ctx, const MxValue *object, MxNodeId in, MxAnswers *out,
     MxError *err)
{
	const MxGlobal *name = mx_value_class(object);

	if (name != NULL && mx_text_is(name->name, "Imputer"))
		return read_old(ctx, object, in, out, err);
	return read_simple(ctx, object, in, out, err);
}

static const MxClassName classes[] = {
    {"SimpleImputer", "sklearn"}, {"Imputer", "sklearn"}, {NULL, NULL}};

const MxClassReader mx_sklearn_simple_imputer = {
    .classes = classes,
    .limits = "axis=1 of the old Imputer is not read",
    .read = read,
};
