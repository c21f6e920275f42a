/* scorer_views.c */
/* Blocks of a plan as tables of pointers, resolved once per scorer. */
#include "engine/scoring.h"

#include "base/checked.h"

/*
 * Rows from one column to the next.  Columns that lie a power of two apart
 * fight for the same cache sets, so that they are an odd number of cache
 * lines apart; a few rows are packed.
 */
static size_t
stride_of(size_t rows)
{
	return rows < 8 ? rows : ((rows + 7) / 8 | 1) * 8;
}

static MxStatus
columns_of_numbers(MxScorer *s, size_t id, size_t n, MxColumn *columns,
                   double *const **out, MxError *err)
{
	size_t stride = stride_of(s->max_rows);
	double **pointers = mx_arena_array(s->arena, double *, n, err);
	double *numbers;
	size_t size;
	size_t i;

	MX_NEED(pointers, err);
	if (!mx_size_mul(n, stride, &size))
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	MX_TRY(mx_rooms_take(s, id, size, &numbers, err));
	for (i = 0; i < n; i++)
	{
		pointers[i] = numbers + i * stride;
		columns[i].kind = MX_COLUMN_NUMBER;
		columns[i].numbers = pointers[i];
	}
	*out = pointers;
	return MX_OK;
}

static MxStatus
columns_of_texts(MxScorer *s, size_t n, MxColumn *columns, MxText *const **out,
                 MxError *err)
{
	size_t stride = stride_of(s->max_rows);
	MxText **pointers = mx_arena_array(s->arena, MxText *, n, err);
	MxText *texts;
	size_t i;

	MX_NEED(pointers, err);
	texts = mx_arena_alloc(s->arena, n, stride * sizeof(MxText), err);
	MX_NEED(texts, err);
	for (i = 0; i < n; i++)
	{
		pointers[i] = texts + i * stride;
		columns[i].kind = MX_COLUMN_TEXT;
		columns[i].texts = pointers[i];
	}
	*out = pointers;
	return MX_OK;
}

MxStatus
mx_columns_make(MxScorer *s, size_t id, MxColumnKind kind, size_t n,
                MxColumn **columns, double *const **numbers,
                MxText *const **texts, MxError *err)
{
	*columns = mx_arena_array(s->arena, MxColumn, n, err);
	MX_NEED(*columns, err);
	if (kind == MX_COLUMN_TEXT)
		return columns_of_texts(s, n, *columns, texts, err);
	return columns_of_numbers(s, id, n, *columns, numbers, err);
}

static size_t
count_patches(const MxSegment *segments, size_t n)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < n; i++)
		if (segments[i].source == 0)
			count += segments[i].count;
	return count;
}

/* The columns of a mixture: those that stay, and where inputs go. */
static void
fill_table(MxScorer *s, const MxSegment *segments, size_t n, MxColumn *table,
           MxPatch *patches)
{
	size_t at = 0;
	size_t i;
	uint32_t k;

	for (i = 0; i < n; i++)
		for (k = 0; k < segments[i].count; k++, at++)
		{
			uint32_t column = segments[i].first + k;

			if (segments[i].source == 0)
				*patches++ = (MxPatch){(uint32_t) at, column};
			else
				table[at] = s->by_id[segments[i].source - 1]->columns[column];
		}
}

static MxStatus
make_mixture(MxScorer *s, const MxImageBlock *from, const MxSegment *segments,
             MxView *view, MxError *err)
{
	size_t n_segments = (size_t) from->n_segments;
	MxPatch *patches;

	view->n_patches = count_patches(segments, n_segments);
	patches = mx_arena_array(s->arena, MxPatch, view->n_patches, err);
	MX_NEED(patches, err);
	view->table =
	    mx_arena_array(s->arena, MxColumn, (size_t) from->n_columns, err);
	MX_NEED(view->table, err);
	fill_table(s, segments, n_segments, view->table, patches);
	view->patches = patches;
	view->block->columns = view->table;
	return MX_OK;
}

static void
note_inputs(MxScorer *s, const MxSegment *segments, size_t n)
{
	size_t i;
	uint32_t k;

	for (i = 0; i < n; i++)
		for (k = 0; segments[i].source == 0 && k < segments[i].count; k++)
			s->reads[segments[i].first + k] = true;
}

static MxStatus
make_dense(MxScorer *s, const MxImageBlock *from, bool is_answer, MxView *view,
           MxError *err)
{
	const MxSegment *segments = s->plan->segments + from->first_segment;
	size_t n = (size_t) from->n_segments;

	note_inputs(s, segments, n);
	/* An answer keeps its own table: the caller may change that of inputs. */
	if (n == 1 && segments[0].source == 0 && !is_answer)
	{
		view->is_inputs = true;
		view->first_input = segments[0].first;
		return MX_OK;
	}
	if (n == 1 && segments[0].source != 0)
	{
		view->block->columns =
		    s->by_id[segments[0].source - 1]->columns + segments[0].first;
		return MX_OK;
	}
	return make_mixture(s, from, segments, view, err);
}

MxStatus
mx_view_make(MxScorer *s, size_t id, bool is_answer, MxBlock *block,
             MxError *err)
{
	const MxImageBlock *from = &s->plan->blocks[id];
	MxView *view = &s->views[s->n_views++];

	view->block = block;
	block->n_columns = (size_t) from->n_columns;
	if (!from->is_sparse)
		return make_dense(s, from, is_answer, view, err);
	block->sparse = &s->by_id[from->maker]->rows;
	return MX_OK;
}

void
mx_view_bind(const MxView *view, const MxColumn *columns, size_t rows)
{
	size_t i;

	view->block->n_rows = rows;
	if (view->is_inputs)
		view->block->columns = columns + view->first_input;
	for (i = 0; i < view->n_patches; i++)
		view->table[view->patches[i].to] = columns[view->patches[i].input];
}
