/* missing_indicator.c */
/* MissingIndicator: which values of a row are missing. */
#include "reader/sk_missing.h"

/*
 * Nothing in the file tells numbers from texts but the value that stands for
 * missing.
 */
static MxStatus
kinds_of_all(MxReadContext *ctx, const MxValue *object,
             const MxMissing *missing, size_t width, const MxColumnKind **out,
             MxError *err)
{
	const MxValue *value = mx_value_attribute(object, "missing_values");
	bool is_none = value != NULL && mx_value_is_none(value);
	MxColumnKind *kinds =
	    mx_arena_array(ctx->scratch, MxColumnKind, width, err);
	size_t j;

	MX_NEED(kinds, err);
	for (j = 0; j < width; j++)
		kinds[j] = is_none || missing->text.data != NULL ? MX_COLUMN_TEXT
		                                                 : MX_COLUMN_NUMBER;
	*out = kinds;
	return MX_OK;
}

/*
 * error_on_new: the columns that were complete in training must be so again.
 * The indicator reads the guarded node, so that a row with a new gap fails.
 */
static MxStatus
guard_others(MxReadContext *ctx, const MxValue *object,
             const MxMissing *missing, const size_t *features, size_t n,
             size_t width, MxNodeId *in, MxError *err)
{
	size_t *order = mx_arena_array(ctx->scratch, size_t, width, err);
	size_t *others = mx_arena_array(ctx->scratch, size_t, width, err);
	MxSelect select = {.n = width, .columns = order};
	MxSelect select_others = {.n = width - n, .columns = others};
	MxNodeId parts[2] = {*in, 0};
	size_t next = 0;
	size_t j;

	if (order == NULL || others == NULL)
		return err->status;
	if (missing->has_number || missing->text.data != NULL)
		return mx_refuse(ctx, object, "error_on_new",
		                 "is True with such missing_values, which is not "
		                 "supported",
		                 err);
	for (j = 0; j < width; j++)
	{
		bool is_feature = next < n && features[next] == j;

		next += is_feature;
		if (!is_feature)
			others[j - next] = j;
		order[j] = is_feature ? j : width + (j - next);
	}
	MX_TRY(
	    mx_builder_select(ctx->builder, *in, &select_others, &parts[1], err));
	MX_TRY(
	    mx_builder_guard(ctx->builder, parts[1], MX_GUARD_NAN, &parts[1], err));
	MX_TRY(mx_builder_concat(ctx->builder, parts, 2, in, err));
	return mx_builder_select(ctx->builder, *in, &select, in, err);
}

static MxStatus
read_features(MxReadContext *ctx, const MxValue *object, MxNodeId in,
              const size_t **features, size_t *n, size_t *width, MxError *err)
{
	MX_TRY(mx_expect_features(ctx, object, in, MX_ANY_SIZE, err));
	*width = mx_builder_width(ctx->builder, in);
	if (*width == MX_OPEN_WIDTH)
		return mx_malformed(ctx, object, "_n_features", "is missing", err);
	MX_TRY(mx_read_missing_features(ctx, object, *width, features, n, err));
	if (*n == 0)
		return mx_refuse(ctx, object, "features_",
		                 "is empty, which is not supported", err);
	return MX_OK;
}

static MxStatus
read(MxReadContext *ctx, const MxValue *object, MxNodeId in, MxAnswers *out,
     MxError *err)
{
	static const char *const choices[] = {"missing-only", "all", NULL};
	const MxColumnKind *kinds = NULL;
	const size_t *features;
	MxMissing missing;
	MxNodeId *parts;
	size_t n_parts = 0;
	size_t choice;
	size_t width;
	size_t n;
	bool fails;

	MX_TRY(mx_read_missing_values(ctx, object, &missing, err));
	MX_TRY(read_features(ctx, object, in, &features, &n, &width, err));
	MX_TRY(mx_read_choice(ctx, object, "features", choices, &choice, err));
	MX_TRY(mx_read_bool(ctx, object, "error_on_new", true, &fails, err));
	MX_TRY(kinds_of_all(ctx, object, &missing, width, &kinds, err));
	if (kinds[0] == MX_COLUMN_NUMBER)
		MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_INFINITE, &in, err));
	if (choice == 0 && fails && n < width)
		MX_TRY(
		    guard_others(ctx, object, &missing, features, n, width, &in, err));
	parts = mx_arena_array(ctx->scratch, MxNodeId, n, err);
	MX_NEED(parts, err);
	MX_TRY(mx_build_indicators(ctx, in, &missing, features, n, kinds, parts,
	                           &n_parts, err));
	MX_TRY(
	    mx_builder_concat(ctx->builder, parts, n_parts, &out->transform, err));
	mx_builder_note(ctx->builder, out->transform, MX_NOTE_NARROW); /* bool */
	return MX_OK;
}

static const MxClassName classes[] = {{"MissingIndicator", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_missing_indicator = {
    .classes = classes,
    .limits = "error_on_new needs missing_values=nan, unless all features had "
              "gaps",
    .read = read,
};
