/* sk_infrequent.c */
/* Infrequent categories of encoders, which share one code. */
#include "reader/sk_categories.h"

#define MAPPINGS "_default_to_infrequent_mappings"

static MxStatus
own_groups(MxReadContext *ctx, size_t n, MxCategoryGroups *out, MxError *err)
{
	size_t *group = mx_arena_array(ctx->scratch, size_t, n, err);
	size_t i;

	MX_NEED(group, err);
	for (i = 0; i < n; i++)
		group[i] = i;
	out->group = group;
	out->n = n;
	out->has_infrequent = false;
	return MX_OK;
}

static MxStatus
mapped_groups(MxReadContext *ctx, const MxValue *object, const MxValue *mapping,
              size_t n, MxCategoryGroups *out, MxError *err)
{
	MxItems items;
	size_t *group;
	int64_t integer;
	size_t i;

	MX_TRY(mx_value_items(ctx, mapping, MAPPINGS, &items, err));
	if (items.n != n)
		return mx_malformed(ctx, object, MAPPINGS,
		                    "has %zu elements for a column, expected %zu", err,
		                    items.n, n);
	group = mx_arena_array(ctx->scratch, size_t, n, err);
	MX_NEED(group, err);
	out->group = group;
	out->n = 0;
	out->has_infrequent = true;
	for (i = 0; i < n; i++)
	{
		if (!mx_value_to_integer(items.items[i], &integer) || integer < 0 ||
		    (uint64_t) integer >= n)
			return mx_malformed(ctx, object, MAPPINGS,
			                    "holds what is no group's number", err);
		group[i] = (size_t) integer;
		if (group[i] >= out->n)
			out->n = group[i] + 1;
	}
	return MX_OK;
}

static MxStatus
read_mappings(MxReadContext *ctx, const MxValue *object, size_t n,
              MxItems *mappings, MxError *err)
{
	bool is_enabled;

	mappings->n = 0;
	MX_TRY(mx_read_bool(ctx, object, "_infrequent_enabled", false, &is_enabled,
	                    err));
	if (!is_enabled)
		return MX_OK;
	MX_TRY(mx_read_items(ctx, object, MAPPINGS, mappings, err));
	if (mappings->n != n)
		return mx_malformed(ctx, object, MAPPINGS,
		                    "has %zu elements, expected %zu", err, mappings->n,
		                    n);
	return MX_OK;
}

MxStatus
mx_read_category_groups(MxReadContext *ctx, const MxValue *object,
                        const MxCategoryList *lists, size_t n, bool ignores_nan,
                        const MxCategoryGroups **out, MxError *err)
{
	MxCategoryGroups *groups;
	MxItems mappings;
	size_t j;

	MX_TRY(read_mappings(ctx, object, n, &mappings, err));
	groups = mx_arena_array(ctx->scratch, MxCategoryGroups, n, err);
	MX_NEED(groups, err);
	for (j = 0; j < n; j++)
	{
		size_t n_grouped = lists[j].n;

		if (ignores_nan && lists[j].nan != MX_NO_CATEGORY)
			n_grouped--;
		if (mappings.n == 0 || mx_value_is_none(mappings.items[j]))
			MX_TRY(own_groups(ctx, n_grouped, &groups[j], err));
		else
			MX_TRY(mapped_groups(ctx, object, mappings.items[j], n_grouped,
			                     &groups[j], err));
	}
	*out = groups;
	return MX_OK;
}
