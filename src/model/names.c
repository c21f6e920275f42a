/* names.c */
/* The artifact's own names of the model's inputs. */
#include "model/graph.h"

#include "base/sort.h"

#include <string.h>

typedef struct NameOrder
{
	const MxText *names;
	uint32_t *order;
} NameOrder;

static bool
name_less(void *ctx, size_t i, size_t j)
{
	const NameOrder *o = ctx;

	return mx_text_compare(o->names[o->order[i]], o->names[o->order[j]]) < 0;
}

static void
name_swap(void *ctx, size_t i, size_t j)
{
	const NameOrder *o = ctx;
	uint32_t kept = o->order[i];

	o->order[i] = o->order[j];
	o->order[j] = kept;
}

/* Fills order; refuses two names that are alike. */
static MxStatus
sort_names(const MxText *names, uint32_t *order, size_t n, MxError *err)
{
	NameOrder ctx = {names, order};
	MxSortable sortable = {name_less, name_swap, &ctx};
	char quoted[MX_QUOTED_SIZE];
	size_t i;

	for (i = 0; i < n; i++)
		order[i] = (uint32_t) i;
	mx_sort(&sortable, n);
	for (i = 1; i < n; i++)
		if (mx_text_equals(names[order[i - 1]], names[order[i]]))
			return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
			               "two features are named %s",
			               mx_quote(names[order[i]], quoted));
	return MX_OK;
}

/* Where name stands, or would stand, in the order. */
static size_t
place_of(const MxBuilder *b, MxText name, bool *found)
{
	size_t low = 0;
	size_t high = b->n_names;

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (mx_text_compare(b->names[b->order[middle]], name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = low < b->n_names && mx_text_equals(b->names[b->order[low]], name);
	return low;
}

/* The first known names must be those given, in the same order. */
static MxStatus
check_same_names(const MxBuilder *b, const MxText *names, size_t n,
                 MxError *err)
{
	char was[MX_QUOTED_SIZE];
	char is[MX_QUOTED_SIZE];
	size_t i;

	for (i = 0; i < b->n_names && i < n; i++)
		if (!mx_text_equals(b->names[i], names[i]))
			return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
			               "feature %zu is named %s by one step and %s by "
			               "another",
			               i + 1, mx_quote(b->names[i], was),
			               mx_quote(names[i], is));
	return MX_OK;
}

static MxStatus
copy_names(MxBuilder *b, const MxText *names, size_t n, MxError *err)
{
	size_t i;

	b->names = mx_arena_array(b->arena, MxText, n, err);
	MX_NEED(b->names, err);
	b->order = mx_arena_array(b->arena, uint32_t, n, err);
	MX_NEED(b->order, err);
	for (i = 0; i < n; i++)
	{
		if (names[i].data == NULL)
			return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
			               "feature %zu has no name", i + 1);
		MX_TRY(mx_text_copy(b->arena, names[i], &b->names[i], err));
	}
	b->n_names = n;
	b->names_capacity = n;
	b->order_capacity = n;
	return sort_names(b->names, b->order, n, err);
}

MxStatus
mx_builder_name_inputs(MxBuilder *b, const MxText *names, size_t n,
                       MxError *err)
{
	MX_TRY(check_same_names(b, names, n, err));
	if (mx_builder_width(b, MX_INPUT_NODE) != MX_OPEN_WIDTH)
	{
		MX_TRY(mx_builder_expect_width(b, MX_INPUT_NODE, n,
		                               "the list of feature names", err));
		return b->n_names == n ? MX_OK : copy_names(b, names, n, err);
	}
	if (n < b->n_names)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "%zu features are used by name, but only %zu exist",
		               b->n_names, n);
	/* Counted before it sizes anything. */
	MX_TRY(mx_graph_fix_width(b, n, err));
	return copy_names(b, names, n, err);
}

static MxStatus
gain_name(MxBuilder *b, MxText name, size_t place, MxError *err)
{
	if (b->n_names >= MX_MAX_GAINED_NAMES)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "more than %zu features are used by name",
		               MX_MAX_GAINED_NAMES);
	MX_TRY(mx_arena_grow(b->arena, (void **) &b->names, b->n_names,
	                     &b->names_capacity, sizeof(MxText), err));
	MX_TRY(mx_arena_grow(b->arena, (void **) &b->order, b->n_names,
	                     &b->order_capacity, sizeof(uint32_t), err));
	MX_TRY(mx_text_copy(b->arena, name, &b->names[b->n_names], err));
	memmove(b->order + place + 1, b->order + place,
	        (b->n_names - place) * sizeof(uint32_t));
	b->order[place] = (uint32_t) b->n_names;
	b->n_names++;
	return MX_OK;
}

MxStatus
mx_builder_input_index(MxBuilder *b, MxNodeId in, MxText name, size_t *index,
                       MxError *err)
{
	char quoted[MX_QUOTED_SIZE];
	size_t place;
	bool found;

	if (in != MX_INPUT_NODE)
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "column %s is chosen by name from the output of "
		               "another step",
		               mx_quote(name, quoted));
	place = place_of(b, name, &found);
	if (!found && mx_builder_width(b, in) != MX_OPEN_WIDTH)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "column %s is not among the features",
		               mx_quote(name, quoted));
	if (!found)
		MX_TRY(gain_name(b, name, place, err));
	*index = b->order[place];
	return MX_OK;
}
