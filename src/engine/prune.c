/* prune.c */
/* Ensembles without the tests that known inputs decide. */
#include "engine/prune.h"

#include "op/trees.h"

#include <string.h>

/* ---- numbers that are known -------------------------------------------- */

typedef struct Pruning
{
	const MxModel *model;
	const MxKnown *known;
	const MxHeap *heap;
	MxArena *arena;
	const MxOrigins *origins;
	MxPruning *counts;
} Pruning;

/* The columns an ensemble reads; where is_known, numbers holds what they do. */
typedef struct Columns
{
	bool *is_known;
	double *numbers;
} Columns;

/* Nothing but what leads to the node. */
static MxStatus
compile_node(const Pruning *p, MxNodeId id, MxArena *arena, const MxPlan **out,
             MxError *err)
{
	MxModel part = *p->model;
	MxImageWriter *w = NULL;
	void *image;

	part.answers = (MxAnswers){.decision = id};
	MX_TRY(mx_image_create(arena, &w, err));
	MX_TRY(mx_plan_compile_plain(&part, p->heap, w, err));
	/* A piece of 64 bytes or more is aligned as an image must be. */
	image = mx_arena_alloc(arena, mx_image_size(w), 1, err);
	MX_NEED(image, err);
	MX_TRY(mx_image_lay_out(w, image, err));
	return mx_plan_attach(image, mx_image_size(w), arena, out, err);
}

/*
 * Scores one row.  Columns of unknown inputs get some number, and may be
 * refused: what becomes of them changes no other column, and the status of
 * the row tells nothing.  A known value that is refused is so in every row, by
 * the steps that remain in the plan.
 */
static MxStatus
score_known(const Pruning *p, MxNodeId id, MxArena *arena, Columns *to,
            MxError *err)
{
	size_t n = p->model->n_inputs;
	MxColumn *columns = mx_arena_array(arena, MxColumn, n, err);
	MxWanted wanted = {MX_ANSWER_DECISION};
	const MxPlan *plan = NULL;
	MxScorer *scorer = NULL;
	uint8_t status;
	MxBlock out;
	size_t i;

	MX_NEED(columns, err);
	for (i = 0; i < n; i++)
		columns[i] = (MxColumn){.kind = p->model->inputs[i].kind,
		                        .numbers = &p->known[i].number,
		                        .texts = &p->known[i].text};
	MX_TRY(compile_node(p, id, arena, &plan, err));
	MX_TRY(mx_scorer_create(plan, &wanted, 1, 1, arena, &scorer, err));
	MX_TRY(mx_scorer_run(scorer, columns, 1, &out, &status, err));
	for (i = 0; i < out.n_columns; i++)
		to->numbers[i] = out.columns[i].numbers[0];
	return MX_OK;
}

/* false in *any: the ensemble reads nothing that is known. */
static MxStatus
find_columns(const Pruning *p, MxNodeId id, Columns *to, bool *any,
             MxError *err)
{
	const uint32_t *inputs = p->origins[id].inputs;
	size_t n = p->model->nodes[id].n_columns;
	MxArena *scratch;
	MxStatus status;
	size_t j;

	*any = false;
	to->is_known = mx_arena_array(p->arena, bool, n, err);
	MX_NEED(to->is_known, err);
	to->numbers = mx_arena_array(p->arena, double, n, err);
	MX_NEED(to->numbers, err);
	for (j = 0; inputs != NULL && j < n; j++)
	{
		to->is_known[j] =
		    inputs[j] != MX_NO_INPUT && p->known[inputs[j]].is_known;
		*any = *any || to->is_known[j];
	}
	if (!*any)
		return MX_OK;
	scratch = mx_arena_create(p->heap, SIZE_MAX);
	if (scratch == NULL)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	status = score_known(p, id, scratch, to, err);
	mx_arena_destroy(scratch);
	return status;
}

/* ---- ensembles ----------------------------------------------------------- */

static size_t
count_tests(const MxTrees *trees)
{
	size_t tests = 0;
	size_t i;

	for (i = 0; i < trees->start[trees->n_trees]; i++)
		tests += trees->left[i] >= 0;
	return tests;
}

static MxStatus
prune_node(const Pruning *p, MxNode *node, MxError *err)
{
	MxTrees *trees = &node->as.trees;
	size_t n_tests = count_tests(trees);
	Columns columns;
	bool any;

	p->counts->n_tests += n_tests;
	MX_TRY(find_columns(p, node->in[0], &columns, &any, err));
	if (any)
		MX_TRY(mx_trees_prune(trees, columns.is_known, columns.numbers,
		                      p->arena, trees, err));
	p->counts->n_left += any ? count_tests(trees) : n_tests;
	return MX_OK;
}

MxStatus
mx_prune(const MxModel *model, const MxKnown *known, const MxHeap *heap,
         MxArena *arena, const MxModel **out, MxPruning *pruning, MxError *err)
{
	Pruning p = {.model = model,
	             .known = known,
	             .heap = heap,
	             .arena = arena,
	             .counts = pruning};
	MxModel *pruned = mx_arena_copy(arena, model, 1, sizeof(*model), err);
	MxNode *nodes;
	size_t id;

	MX_NEED(pruned, err);
	nodes = mx_arena_copy(arena, model->nodes, model->n_nodes + 1,
	                      sizeof(*nodes), err);
	MX_NEED(nodes, err);
	pruned->nodes = nodes;
	*pruning = (MxPruning){0};
	MX_TRY(mx_find_origins(model, arena, &p.origins, err));
	for (id = 1; id <= model->n_nodes; id++)
		if (nodes[id].kind == MX_NODE_TREES)
			MX_TRY(prune_node(&p, &nodes[id], err));
	*out = pruned;
	return MX_OK;
}
