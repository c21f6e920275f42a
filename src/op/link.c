/* link.c */
/* Margins of a row to probabilities. */
#include "op/op.h"

#include "kernel/link.h"

typedef struct LinkImage
{
	uint32_t kind;
	uint32_t reserved;
	double factor;
} LinkImage;

static bool
makes_pair(uint32_t kind, size_t n)
{
	switch ((MxLinkKind) kind)
	{
		case MX_LINK_EXPIT:
		case MX_LINK_SOFTMAX_PAIR:
		case MX_LINK_COMPLEMENT:
			return true;
		case MX_LINK_HUBER:
			return n == 1;
		case MX_LINK_SOFTMAX:
		case MX_LINK_OVR:
		case MX_LINK_LOG_NORMAL:
		case MX_LINK_NORMAL:
			break;
	}
	return false;
}

/* Those that only ever take one column. */
static bool
keeps_order(const void *image, MxRef params)
{
	switch ((MxLinkKind) mx_at(image, LinkImage, params)->kind)
	{
		case MX_LINK_EXPIT:
		case MX_LINK_SOFTMAX_PAIR:
		case MX_LINK_COMPLEMENT:
			return true;
		case MX_LINK_SOFTMAX:
		case MX_LINK_OVR:
		case MX_LINK_LOG_NORMAL:
		case MX_LINK_NORMAL:
		case MX_LINK_HUBER:
			break;
	}
	return false;
}

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	const MxLink *link = &step->node->as.link;
	LinkImage image = {.kind = (uint32_t) link->kind, .factor = link->factor};

	return mx_image_store(w, &image, 1, sizeof(image), 8, params, err);
}

static void
shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
      MxShape *out)
{
	const LinkImage *p = mx_at(image, LinkImage, params);

	(void) n_in;
	out->n_columns = makes_pair(p->kind, in[0].n_columns) ? 2 : in[0].n_columns;
	out->kind = MX_COLUMN_NUMBER;
	out->is_sparse = false;
}

/* Pointers to the columns that come in. */
static size_t
scratch(const void *image, MxRef params, const MxShape *in, size_t n_rows)
{
	(void) image;
	(void) params;
	(void) n_rows;
	return in[0].n_columns * sizeof(const double *);
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const LinkImage *p = mx_at(image, LinkImage, params);
	const double **columns = run->scratch;
	size_t n = in[0].n_columns;
	size_t n_rows = in[0].n_rows;
	double *const *out = run->numbers;

	(void) n_in;
	(void) err;
	for (size_t j = 0; j < n; j++)
		columns[j] = in[0].columns[j].numbers;
	switch ((MxLinkKind) p->kind)
	{
		case MX_LINK_EXPIT:
			mx_link_expit(columns[0], p->factor, n_rows, out);
			break;
		case MX_LINK_SOFTMAX:
			mx_link_softmax(columns, n, n_rows, out);
			break;
		case MX_LINK_SOFTMAX_PAIR:
			mx_link_softmax_pair(columns[0], n_rows, out);
			break;
		case MX_LINK_OVR:
			mx_link_ovr(columns, n, n_rows, out);
			break;
		case MX_LINK_LOG_NORMAL:
			mx_link_log_normal(columns, n, n_rows, out);
			break;
		case MX_LINK_NORMAL:
			mx_link_normal(columns, n, n_rows, out);
			break;
		case MX_LINK_HUBER:
			if (n == 1)
				mx_link_huber_pair(columns[0], n_rows, out);
			else
				mx_link_huber(columns, n, n_rows, out);
			break;
		case MX_LINK_COMPLEMENT:
			mx_link_complement(columns[0], n_rows, out);
			break;
	}
	return MX_OK;
}

const MxOp mx_op_link = {
    .kind = MX_STEP_LINK,
    .name = "link",
    .compile = compile,
    .shape = shape,
    .scratch = scratch,
    .score = score,
    .keeps_order = keeps_order,
};
