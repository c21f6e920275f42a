/* columns.c */
/* Resolves the columns of a ColumnTransformer's transformers to indexes. */
#include "reader/columns.h"
#include "reader/internal.h"

typedef struct Resolver
{
	MxReadContext *ctx;
	const MxValue *object;
	const char *attr;
	MxNodeId in;
	size_t width;
} Resolver;

static MxStatus
resolve_position(Resolver *r, int64_t position, size_t *out, MxError *err)
{
	int64_t width = (int64_t) r->width;

	if (r->width == MX_OPEN_WIDTH)
		return mx_refuse(r->ctx, r->object, r->attr,
		                 "takes columns by position, but their number is not "
		                 "known",
		                 err);
	if (position < 0)
		position += width;
	if (position < 0 || position >= width)
		return mx_malformed(r->ctx, r->object, r->attr,
		                    "takes column %lld of %zu", err,
		                    (long long) position, r->width);
	*out = (size_t) position;
	return MX_OK;
}

static MxStatus
resolve_one(Resolver *r, const MxValue *column, size_t *out, MxError *err)
{
	int64_t position;
	MxText name;

	if (mx_value_to_integer(column, &position))
		return resolve_position(r, position, out, err);
	if (!mx_value_to_text(column, &name))
		return mx_wrong_kind(r->ctx, r->object, r->attr, column,
		                     "names or positions of columns", err);
	if (r->in != mx_builder_input(r->ctx->builder))
		return mx_refuse(r->ctx, r->object, r->attr,
		                 "takes columns by name, but the step before it gives "
		                 "no names",
		                 err);
	return mx_builder_input_index(r->ctx->builder, r->in, name, out, err);
}

static MxStatus
make_indexes(Resolver *r, size_t capacity, MxColumns *out, MxError *err)
{
	out->n = 0;
	out->indexes = mx_arena_array(r->ctx->scratch, size_t, capacity, err);
	MX_NEED(out->indexes, err);
	return MX_OK;
}

static MxStatus
resolve_list(Resolver *r, MxItems items, MxColumns *out, MxError *err)
{
	size_t i;

	MX_TRY(make_indexes(r, items.n, out, err));
	for (i = 0; i < items.n; i++)
		MX_TRY(resolve_one(r, items.items[i], &out->indexes[i], err));
	out->n = items.n;
	return MX_OK;
}

static MxStatus
resolve_mask(Resolver *r, MxItems items, MxColumns *out, MxError *err)
{
	size_t i;

	if (items.n != r->width)
		return mx_malformed(r->ctx, r->object, r->attr,
		                    "has a mask of %zu columns for %zu", err, items.n,
		                    r->width);
	MX_TRY(make_indexes(r, items.n, out, err));
	for (i = 0; i < items.n; i++)
	{
		if (items.items[i]->kind != MX_VALUE_BOOL)
			return mx_wrong_kind(r->ctx, r->object, r->attr, items.items[i],
			                     "True or False", err);
		if (items.items[i]->as.boolean)
			out->indexes[out->n++] = i;
	}
	return MX_OK;
}

static bool
is_text(const MxValue *value)
{
	MxText text;

	return value != NULL && mx_value_to_text(value, &text);
}

/*
 * One end of a slice.  Positions are cut to the width, as Python does it; a
 * name at the end is taken itself, as pandas does it.
 */
static MxStatus
resolve_bound(Resolver *r, const MxValue *bound, bool is_end, size_t otherwise,
              size_t *out, MxError *err)
{
	int64_t width = (int64_t) r->width;
	int64_t position;

	*out = otherwise;
	if (mx_value_is_none(bound))
		return MX_OK;
	if (is_text(bound))
	{
		MX_TRY(resolve_one(r, bound, out, err));
		*out += is_end ? 1 : 0;
		return MX_OK;
	}
	if (!mx_value_to_integer(bound, &position))
		return mx_wrong_kind(r->ctx, r->object, r->attr, bound,
		                     "a slice of names or positions", err);
	if (position < 0)
		position = position < -width ? 0 : position + width;
	*out = position > width ? r->width : (size_t) position;
	return MX_OK;
}

static MxStatus
resolve_slice(Resolver *r, MxItems bounds, MxColumns *out, MxError *err)
{
	int64_t step = 1;
	size_t start;
	size_t end;

	if (r->width == MX_OPEN_WIDTH)
		return mx_refuse(r->ctx, r->object, r->attr,
		                 "takes a slice of columns, but their number is not "
		                 "known",
		                 err);
	if (!mx_value_is_none(bounds.items[2]) &&
	    (!mx_value_to_integer(bounds.items[2], &step) || step < 1))
		return mx_refuse(r->ctx, r->object, r->attr,
		                 "is a slice that goes backwards, which is not "
		                 "supported",
		                 err);
	MX_TRY(resolve_bound(r, bounds.items[0], false, 0, &start, err));
	MX_TRY(resolve_bound(r, bounds.items[1], true, r->width, &end, err));
	MX_TRY(make_indexes(r, r->width, out, err));
	while (start < end)
	{
		out->indexes[out->n++] = start;
		if ((uint64_t) step >= end - start)
			break;
		start += (size_t) step;
	}
	return MX_OK;
}

/* slice(start, stop, step), by the name of either Python's builtins. */
static bool
is_slice(const MxValue *value, MxItems *bounds)
{
	const MxGlobal *name = mx_value_class(value);

	if (!mx_global_is(name, "builtins", "slice") &&
	    !mx_global_is(name, "__builtin__", "slice"))
		return false;
	return value->kind == MX_VALUE_OBJECT && value->as.object.args != NULL &&
	       mx_value_to_items(value->as.object.args, bounds) && bounds->n == 3;
}

MxStatus
mx_resolve_columns(MxReadContext *ctx, const MxValue *object, const char *attr,
                   const MxValue *columns, MxNodeId in, MxColumns *out,
                   MxError *err)
{
	Resolver r = {ctx, object, attr, in, mx_builder_width(ctx->builder, in)};
	MxItems items = {1, &columns};
	int64_t position;

	if (is_text(columns) || (columns->kind != MX_VALUE_BOOL &&
	                         mx_value_to_integer(columns, &position)))
		return resolve_list(&r, items, out, err);
	if (is_slice(columns, &items))
		return resolve_slice(&r, items, out, err);
	MX_TRY(mx_value_items(ctx, columns, attr, &items, err));
	if (items.n > 0 && items.items[0]->kind == MX_VALUE_BOOL)
		return resolve_mask(&r, items, out, err);
	return resolve_list(&r, items, out, err);
}
