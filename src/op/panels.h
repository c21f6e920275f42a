/*
 * panels.h: what the ops share whose outputs are sums over all columns.
 */
#ifndef MX_OP_PANELS_H
#define MX_OP_PANELS_H

#include "kernel/kernel.h"
#include "op/op.h"

/* In the image. */
typedef struct MxPanelParams
{
	uint64_t n_in;
	uint64_t n_out;
	uint64_t width;
	uint64_t kind; /* MxTermKind */
	MxRef a;
	MxRef b;     /* 0: none */
	MxRef first; /* n_in numbers each; 0: none */
	MxRef second;
	MxRef last;   /* n_out numbers for the last operation; 0: none */
	double lower; /* the first sum is multiplied by it; an affine step's */
	uint64_t is_rooted;
	MxRef runs; /* of coded.c, in place of a */
	uint64_t n_runs;
} MxPanelParams;

/* Packs matrix (n_out, n_in) into panels. */
MxStatus mx_panels_store(MxImageWriter *w, const double *matrix, size_t n_out,
                         size_t n_in, MxRef *ref, MxError *err);
size_t mx_panels_width(size_t n_out);

MxPanels mx_panels_at(const void *image, const MxPanelParams *p);

/* shape() and scratch() of these ops; params is an MxPanelParams. */
void mx_panels_shape(const void *image, MxRef params, const MxShape *in,
                     size_t n_in, MxShape *out);
size_t mx_panels_scratch(const void *image, MxRef params, const MxShape *in,
                         size_t n_rows);

/* The sums of a dense block, chunk by chunk with polls between them. */
MxStatus mx_panels_run(const MxPanels *panels, const MxBlock *in, MxRun *run,
                       MxError *err);

#endif
