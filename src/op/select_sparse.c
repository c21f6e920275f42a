/* select_sparse.c */
/* Columns of sparse rows. */
#include "op/op.h"

#include "base/sort.h"

/*
 * A column may be chosen not at all or more than once: column c goes to
 * targets[start[c]] to targets[start[c + 1] - 1].
 */
typedef struct SelectParams
{
	uint64_t n_columns;
	uint64_t is_ascending; /* so are the entries that come out */
	MxRef columns;         /* as chosen, uint32_t (n_columns) */
	MxRef start;           /* uint32_t (width of in + 1) */
	MxRef targets;         /* uint32_t (n_columns) */
} SelectParams;

/* A counting sort: start[c + 1] is where the targets of c end. */
static void
invert(const MxSelect *select, size_t width, uint32_t *start, uint32_t *targets)
{
	size_t c;
	size_t j;

	for (j = 0; j < select->n; j++)
		start[select->columns[j] + 1]++;
	for (c = 0; c < width; c++)
		start[c + 1] += start[c];
	/* Backwards, so that start ends up where it began. */
	for (j = select->n; j > 0; j--)
		targets[--start[select->columns[j - 1] + 1]] = (uint32_t) (j - 1);
	for (c = 0; c < width; c++)
		start[c] = start[c + 1];
	start[width] = (uint32_t) select->n;
}

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	const MxSelect *select = &step->node->as.select;
	size_t width = step->in_columns[0];
	SelectParams p = {.n_columns = select->n, .is_ascending = 1};
	void *columns;
	void *start;
	void *targets;
	size_t j;

	MX_TRY(mx_image_reserve(w, select->n, sizeof(uint32_t), 8, &p.columns,
	                        &columns, err));
	MX_TRY(mx_image_reserve(w, width + 1, sizeof(uint32_t), 8, &p.start, &start,
	                        err));
	MX_TRY(mx_image_reserve(w, select->n, sizeof(uint32_t), 8, &p.targets,
	                        &targets, err));
	invert(select, width, start, targets);
	for (j = 0; j < select->n; j++)
	{
		((uint32_t *) columns)[j] = (uint32_t) select->columns[j];
		if (j > 0 && select->columns[j] < select->columns[j - 1])
			p.is_ascending = 0;
	}
	return mx_image_store(w, &p, 1, sizeof(p), 8, params, err);
}

static void
shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
      MxShape *out)
{
	(void) in;
	(void) n_in;
	*out = (MxShape){.n_columns =
	                     (size_t) mx_at(image, SelectParams, params)->n_columns,
	                 .is_sparse = true,
	                 .kind = MX_COLUMN_NUMBER};
}

typedef struct Entries
{
	uint32_t *columns;
	double *values;
} Entries;

static bool
entry_less(void *ctx, size_t i, size_t j)
{
	const Entries *e = ctx;

	return e->columns[i] < e->columns[j];
}

static void
entry_swap(void *ctx, size_t i, size_t j)
{
	const Entries *e = ctx;
	uint32_t column = e->columns[i];
	double value = e->values[i];

	e->columns[i] = e->columns[j];
	e->values[i] = e->values[j];
	e->columns[j] = column;
	e->values[j] = value;
}

/* The entries of one row from first on, by column. */
static void
sort_entries(MxSparseBuffer *to, size_t first)
{
	Entries entries = {to->columns + first, to->values + first};
	MxSortable sortable = {entry_less, entry_swap, &entries};

	mx_sort(&sortable, to->n - first);
}

static MxStatus
append_row(const void *image, const SelectParams *p, const MxSparseRows *rows,
           size_t row, MxSparseBuffer *to, MxError *err)
{
	const uint32_t *start = mx_at(image, uint32_t, p->start);
	const uint32_t *targets = mx_at(image, uint32_t, p->targets);
	size_t e;
	uint32_t k;

	for (e = rows->start[row]; e < rows->start[row + 1]; e++)
	{
		uint32_t c = rows->columns[e];

		MX_TRY(mx_sparse_reserve(to, start[c + 1] - start[c], err));
		for (k = start[c]; k < start[c + 1]; k++)
		{
			to->columns[to->n] = targets[k];
			to->values[to->n++] = rows->values[e];
		}
	}
	return MX_OK;
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const SelectParams *p = mx_at(image, SelectParams, params);
	MxSparseBuffer *to = run->sparse;
	size_t row;

	(void) n_in;
	for (row = 0; row < in[0].n_rows; row++)
	{
		size_t first = to->n;

		MX_TRY(append_row(image, p, in[0].sparse, row, to, err));
		if (!p->is_ascending)
			sort_entries(to, first);
		to->start[row + 1] = to->n;
	}
	return MX_OK;
}

static size_t
origin(const void *image, MxRef params, size_t j)
{
	const SelectParams *p = mx_at(image, SelectParams, params);

	return mx_at(image, uint32_t, p->columns)[j];
}

const MxOp mx_op_select_sparse = {
    .kind = MX_STEP_SELECT_SPARSE,
    .name = "select",
    .takes_sparse = true,
    .compile = compile,
    .shape = shape,
    .score = score,
    .origin = origin,
};
