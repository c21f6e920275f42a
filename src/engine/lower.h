/*
 * lower.h: from nodes to steps; private to the engine room.
 */
#ifndef MX_ENGINE_LOWER_H
#define MX_ENGINE_LOWER_H

#include "engine/layout.h"

/* More columns than this are not made dense: 64 rows would be 32 MB. */
#define MX_MAX_DENSE_COLUMNS ((size_t) 65536)

typedef struct MxFact MxFact; /* engine/fold.h */

/* Where the columns of a node are found while the plan runs. */
typedef struct MxLowBlock
{
	bool is_sparse;
	uint32_t maker; /* sparse: the step */
	size_t n_columns;
	MxColumnKind kind; /* of the first column */
	const MxSegment *segments;
	size_t n_segments;
	const MxFact *facts; /* per column, on the way to trees; or NULL */
	/* Per column, on the way to linear models; see MxStep.  Or NULL. */
	const size_t *n_codes;
} MxLowBlock;

typedef struct MxLowStep
{
	MxStepKind kind;
	MxRef params;
	MxShape shape;
	size_t n_in;
	MxLowBlock *in;
	MxStep what;     /* it was compiled from */
	MxNodeId maker;  /* the first node that it is the step of */
	uint32_t before; /* the step + 1 that was remembered before it, or 0 */
} MxLowStep;

/* Steps are remembered by what they do and read. */
#define MX_SHARE_SLOTS 512u

/* Nodes whose work a sum takes over; all NULL where it does not. */
typedef struct MxTakeover
{
	const MxNode *guard;
	const MxNode *scale;
	const MxNode *scaled_guard;
	MxNodeId first; /* of those nodes: what it reads is read instead */
} MxTakeover;

typedef struct MxLowNode
{
	bool is_needed;     /* some answer depends on it */
	unsigned answers;   /* that depend on it, by bits */
	bool is_taken;      /* another node does its work */
	bool is_folded;     /* trees make up for it */
	bool is_coded;      /* a linear model takes the codes it reads */
	bool stays_sparse;  /* a linear model cannot take codes */
	MxNodeId passes_to; /* the linear model that alone reads it, or 0 */
	bool is_sparse;     /* its rows may be */
	unsigned folds;     /* what may be left to those that read it */
	size_t n_readers;   /* nodes needed and answers */
	MxTakeover takeover;
	const MxNode *folded; /* the scale before it that its terms take in */
	uint32_t step;        /* its own step + 1, or 0 */
	bool reads_dense;     /* through the densify steps of what it reads */
	uint32_t densify;     /* the step + 1 that makes it dense, or 0 */
	MxLowBlock block;     /* as its own step makes it */
	MxLowBlock dense;     /* as densify makes it */
} MxLowNode;

typedef struct MxLowering
{
	const MxModel *model;
	bool is_plain;  /* no pass over the steps */
	MxArena *arena; /* dies after compiling */
	MxImageWriter *w;
	MxLowNode *nodes; /* by id */
	MxLowStep *steps;
	size_t n_steps;
	size_t capacity;
	uint32_t newest[MX_SHARE_SLOTS]; /* the step + 1 remembered last, or 0 */
} MxLowering;

/* Node of an answer; 0 when it is not offered. */
MxNodeId mx_answer_node(const MxAnswers *answers, MxAnswerKind kind);

/* ---- lower.c ----------------------------------------------------------- */

/* Lowers all that answers depend on, compiling parameters into the image. */
MxStatus mx_lower(MxLowering *l, MxError *err);

/* The block of a node for an answer; only transform may be sparse. */
MxStatus mx_lower_answer(MxLowering *l, MxAnswerKind kind, MxLowBlock *out,
                         MxError *err);

/* Marks the steps behind an answer in is_behind[n_steps]. */
MxStatus mx_lower_route(MxLowering *l, MxAnswerKind kind, bool *is_behind,
                        MxError *err);

/* ---- takeover.c -------------------------------------------------------- */

/* Fills the takeovers of all nodes, which know whether they are needed. */
void mx_take_over(MxLowering *l);

/* ---- code.c ------------------------------------------------------------ */

/* Finds the expansions that need not be made. */
void mx_find_coded(MxLowering *l);
/* The block of such a node: the codes, and what they stand for. */
MxStatus mx_code_node(MxLowering *l, const MxNode *node, MxLowBlock *out,
                      MxError *err);

/* ---- views.c ----------------------------------------------------------- */

/* Columns of a dense block, chosen one by one. */
MxStatus mx_view_select(MxArena *arena, const MxLowBlock *from,
                        const size_t *columns, size_t n, MxLowBlock *out,
                        MxError *err);
/* Dense blocks side by side. */
MxStatus mx_view_concat(MxArena *arena, const MxLowBlock *const *from, size_t n,
                        MxLowBlock *out, MxError *err);
/* All columns of one source. */
MxStatus mx_view_whole(MxArena *arena, uint32_t source, size_t n_columns,
                       MxColumnKind kind, MxLowBlock *out, MxError *err);

/* ---- peak.c ------------------------------------------------------------ */

/*
 * The most dense columns that are needed at once while all answers, whose
 * blocks there are MX_ANSWER_KINDS of, are made.
 */
MxStatus mx_peak_columns(const MxLowering *l, const MxLowBlock *answers,
                         size_t *out, MxError *err);

/* ---- cost.c ------------------------------------------------------------ */

/* Rough nanoseconds per row of a node. */
double mx_node_cost(const MxModel *model, MxNodeId id);
/* Rows per block for a model whose steps need so many bytes per row at once. */
size_t mx_choose_block_rows(const MxModel *model, size_t row_bytes);

#endif
