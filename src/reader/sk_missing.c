/* sk_missing.c */
/* What counts as missing, and the columns that tell of it. */
#include "reader/sk_missing.h"

#include <math.h>

static bool
is_pandas_na(const MxValue *value)
{
	const MxGlobal *name = mx_value_class(value);

	return name != NULL && (mx_global_is(name, "pandas", "NA") ||
	                        mx_global_is(name, "pandas", "NAType"));
}

MxStatus
mx_read_missing_values(MxReadContext *ctx, const MxValue *object,
                       MxMissing *out, MxError *err)
{
	const char *attr = "missing_values";
	const MxValue *value = mx_value_attribute(object, attr);
	char shown[MX_SHOWN_SIZE];
	double number;

	*out = (MxMissing){.has_number = false};
	if (mx_value_is_none(value) || is_pandas_na(value) ||
	    mx_value_to_text(value, &out->text))
		return MX_OK;
	if (!mx_value_to_number(value, &number))
		return mx_refuse(ctx, object, attr, "is %s, which is not supported",
		                 err, mx_show_value(value, shown));
	out->has_number = !isnan(number);
	out->number = number;
	return MX_OK;
}

MxStatus
mx_read_missing_features(MxReadContext *ctx, const MxValue *indicator,
                         size_t width, const size_t **out, size_t *n,
                         MxError *err)
{
	const char *attr = "features_";
	const int64_t *found;
	size_t *columns;
	size_t i;

	MX_TRY(mx_read_integers(ctx, indicator, attr, MX_ANY_SIZE, &found, n, err));
	columns = mx_arena_array(ctx->scratch, size_t, *n, err);
	MX_NEED(columns, err);
	for (i = 0; i < *n; i++)
	{
		if (found[i] < (i == 0 ? 0 : found[i - 1] + 1) ||
		    (uint64_t) found[i] >= width)
			return mx_malformed(ctx, indicator, attr,
			                    "is not ascending within range", err);
		columns[i] = (size_t) found[i];
	}
	*out = columns;
	return MX_OK;
}

MxColumnRun
mx_next_run(const size_t *columns, size_t n, const MxColumnKind *kinds,
            size_t *next)
{
	MxColumnRun run = {columns + *next, 0, kinds[columns[*next]]};

	while (*next < n && kinds[columns[*next]] == run.kind)
	{
		run.n++;
		(*next)++;
	}
	return run;
}

MxStatus
mx_build_indicators(MxReadContext *ctx, MxNodeId in, const MxMissing *missing,
                    const size_t *columns, size_t n, const MxColumnKind *kinds,
                    MxNodeId *parts, size_t *n_parts, MxError *err)
{
	size_t next = 0;

	while (next < n)
	{
		MxColumnRun run = mx_next_run(columns, n, kinds, &next);
		MxIndicator indicator = {.n = run.n,
		                         .columns = run.columns,
		                         .missing = *missing,
		                         .kind = run.kind};

		MX_TRY(mx_builder_indicator(ctx->builder, in, &indicator,
		                            &parts[*n_parts], err));
		(*n_parts)++;
	}
	return MX_OK;
}
