/* lower.c */
/* Each node becomes a step, or only a view of columns. */
#include "engine/fold.h"
#include "engine/lower.h"
#include "engine/share.h"

MxNodeId
mx_answer_node(const MxAnswers *answers, MxAnswerKind kind)
{
	switch (kind)
	{
		case MX_ANSWER_VALUE:
			return answers->value;
		case MX_ANSWER_LABEL:
			return answers->label;
		case MX_ANSWER_PROBA:
			return answers->proba;
		case MX_ANSWER_LOG_PROBA:
			return answers->log_proba;
		case MX_ANSWER_DECISION:
			return answers->decision;
		case MX_ANSWER_TRANSFORM:
			return answers->transform;
		case MX_ANSWER_SCORE_SAMPLES:
			return answers->score_samples;
		case MX_ANSWER_KINDS:
			break;
	}
	return 0;
}

/* KINDS for nodes that are views where they are dense. */
static MxStepKind
step_kind_of(MxNodeKind kind)
{
	switch (kind)
	{
		case MX_NODE_GUARD:
			return MX_STEP_GUARD;
		case MX_NODE_SCALE:
			return MX_STEP_SCALE;
		case MX_NODE_IMPUTE:
			return MX_STEP_IMPUTE;
		case MX_NODE_INDICATOR:
			return MX_STEP_INDICATOR;
		case MX_NODE_CATEGORIZE:
			return MX_STEP_CATEGORIZE;
		case MX_NODE_EXPAND:
			return MX_STEP_EXPAND;
		case MX_NODE_FUNCTION:
			return MX_STEP_FUNCTION;
		case MX_NODE_AFFINE:
			return MX_STEP_AFFINE;
		case MX_NODE_TREES:
			return MX_STEP_TREES;
		case MX_NODE_LINK:
			return MX_STEP_LINK;
		case MX_NODE_DECIDE:
			return MX_STEP_DECIDE;
		case MX_NODE_DISTANCE:
			return MX_STEP_DISTANCE;
		case MX_NODE_GAUSSIAN:
			return MX_STEP_GAUSSIAN;
		case MX_NODE_COUNT:
			return MX_STEP_COUNT;
		case MX_NODE_TFIDF:
			return MX_STEP_TFIDF;
		case MX_NODE_INPUT:
		case MX_NODE_SELECT:
		case MX_NODE_CONCAT:
		case MX_NODE_KINDS:
			break;
	}
	return MX_STEP_KINDS;
}

/* step->what says of which nodes, and what else its kind is to know. */
static MxStatus
compile_step(MxLowering *l, MxLowStep *step, MxError *err)
{
	const MxOp *op = mx_op(step->kind);
	size_t *widths = mx_arena_array(l->arena, size_t, step->n_in, err);
	MxShape *shapes;
	size_t i;

	MX_NEED(widths, err);
	shapes = mx_arena_array(l->arena, MxShape, step->n_in, err);
	MX_NEED(shapes, err);
	for (i = 0; i < step->n_in; i++)
	{
		widths[i] = step->in[i].n_columns;
		shapes[i].n_columns = step->in[i].n_columns;
		shapes[i].is_sparse = step->in[i].is_sparse;
		shapes[i].kind = step->in[i].kind;
	}
	step->what.kind = step->kind;
	step->what.n_in = step->n_in;
	step->what.in_columns = widths;
	MX_TRY(op->compile(&step->what, l->w, &step->params, err));
	op->shape(mx_image_peek(l->w, step->params), step->params, shapes,
	          step->n_in, &step->shape);
	return MX_OK;
}

/* Where the output of step number - 1 is found by who reads in. */
static MxStatus
output_of(MxLowering *l, uint32_t number, const MxLowBlock *in, MxLowBlock *out,
          MxError *err)
{
	const MxLowStep *step = &l->steps[number - 1];

	if (mx_op(step->kind)->is_view)
	{
		*out = in[0];
		return MX_OK;
	}
	if (!step->shape.is_sparse)
		return mx_view_whole(l->arena, number, step->shape.n_columns,
		                     step->shape.kind, out, err);
	*out = (MxLowBlock){.is_sparse = true,
	                    .maker = number - 1,
	                    .n_columns = step->shape.n_columns,
	                    .kind = MX_COLUMN_NUMBER};
	return MX_OK;
}

/*
 * A step for low, unless there is one that does the same; in lives in the
 * lowering's arena.  *number is the step + 1.
 */
static MxStatus
add_step(MxLowering *l, MxLowNode *low, MxLowStep step, uint32_t *number,
         MxLowBlock *out, MxError *err)
{
	uint32_t slot;

	step.maker = (MxNodeId) (low - l->nodes);
	*number = mx_find_shared(l, &step, &slot);
	if (*number != 0)
		return output_of(l, *number, step.in, out, err);
	MX_TRY(compile_step(l, &step, err));
	MX_TRY(mx_arena_grow(l->arena, (void **) &l->steps, l->n_steps,
	                     &l->capacity, sizeof(MxLowStep), err));
	step.before = l->newest[slot];
	l->steps[l->n_steps++] = step;
	*number = (uint32_t) l->n_steps;
	l->newest[slot] = *number;
	return output_of(l, *number, step.in, out, err);
}

static MxStatus
make_dense(MxLowering *l, MxNodeId id, MxError *err)
{
	MxLowNode *low = &l->nodes[id];
	MxLowBlock *in = NULL;

	if (!low->block.is_sparse || low->densify != 0)
		return MX_OK;
	if (low->block.n_columns > MX_MAX_DENSE_COLUMNS)
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "%zu sparse columns feed a step that needs all of "
		               "them, the limit is %zu",
		               low->block.n_columns, MX_MAX_DENSE_COLUMNS);
	in = mx_arena_copy(l->arena, &low->block, 1, sizeof(*in), err);
	MX_NEED(in, err);
	return add_step(l, low,
	                (MxLowStep){.kind = MX_STEP_DENSIFY, .n_in = 1, .in = in},
	                &low->densify, &low->dense, err);
}

/* The blocks that a node reads, made dense where its op needs them so. */
static MxStatus
gather_inputs(MxLowering *l, const MxNode *node, MxLowNode *low,
              bool takes_sparse, MxLowBlock **out, MxError *err)
{
	MxLowBlock *in = mx_arena_array(l->arena, MxLowBlock, node->n_in, err);
	size_t i;

	MX_NEED(in, err);
	low->reads_dense = !takes_sparse;
	for (i = 0; i < node->n_in; i++)
	{
		const MxLowNode *from = &l->nodes[node->in[i]];

		if (!takes_sparse)
			MX_TRY(make_dense(l, node->in[i], err));
		in[i] =
		    !takes_sparse && from->block.is_sparse ? from->dense : from->block;
	}
	*out = in;
	return MX_OK;
}

static MxStatus
lower_to_step(MxLowering *l, const MxNode *node, MxStepKind kind,
              MxLowNode *low, MxError *err)
{
	MxStep what = {.node = node};
	MxLowBlock *in = NULL;

	MX_TRY(gather_inputs(l, node, low, mx_op(kind)->takes_sparse, &in, err));
	if (kind == MX_STEP_AFFINE)
		what.n_codes = in[0].n_codes;
	if (kind == MX_STEP_TREES)
		MX_TRY(mx_fold_thresholds(l, node, &in[0], &what.node, err));
	MX_TRY(add_step(
	    l, low,
	    (MxLowStep){.kind = kind, .n_in = node->n_in, .in = in, .what = what},
	    &low->step, &low->block, err));
	if (low->block.n_codes == NULL && low->block.n_columns != node->n_columns)
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
		               "step \"%s\" makes %zu columns, not %zu",
		               mx_op(kind)->name, low->block.n_columns,
		               node->n_columns);
	return MX_OK;
}

static MxStepKind
guarded_kind(MxNodeKind kind)
{
	if (kind == MX_NODE_DISTANCE)
		return MX_STEP_GUARDED_DISTANCE;
	return kind == MX_NODE_GAUSSIAN ? MX_STEP_GUARDED_GAUSSIAN
	                                : MX_STEP_GUARDED_AFFINE;
}

/* A sum together with the nodes it takes over; they read something dense. */
static MxStatus
lower_guarded(MxLowering *l, const MxNode *node, MxLowNode *low, MxError *err)
{
	const MxNode *first = &l->model->nodes[low->takeover.first];
	MxLowBlock *in = mx_arena_copy(l->arena, &l->nodes[first->in[0]].block, 1,
	                               sizeof(*in), err);
	MxStep what = {.node = node,
	               .guard = low->takeover.guard,
	               .scale = low->takeover.scale,
	               .scaled_guard = low->takeover.scaled_guard};

	MX_NEED(in, err);
	what.n_codes = in->n_codes;
	return add_step(l, low,
	                (MxLowStep){.kind = guarded_kind(node->kind),
	                            .n_in = 1,
	                            .in = in,
	                            .what = what},
	                &low->step, &low->block, err);
}

/* A sum alone that takes in the scale it reads; the scale is a step, too. */
static MxStatus
lower_folded(MxLowering *l, const MxNode *node, MxLowNode *low, MxError *err)
{
	MxStep what = {.node = node, .scale = low->folded};
	MxLowBlock *in = mx_arena_copy(
	    l->arena, &l->nodes[low->folded->in[0]].block, 1, sizeof(*in), err);

	MX_NEED(in, err);
	if (in->is_sparse)
		return lower_to_step(l, node, MX_STEP_AFFINE, low, err);
	return add_step(
	    l, low,
	    (MxLowStep){.kind = MX_STEP_AFFINE, .n_in = 1, .in = in, .what = what},
	    &low->step, &low->block, err);
}

static bool
reads_sparse(const MxLowering *l, const MxLowNode *low)
{
	const MxNode *first = &l->model->nodes[low->takeover.first];

	return l->nodes[first->in[0]].block.is_sparse;
}

static MxStatus
lower_concat(MxLowering *l, const MxNode *node, MxLowNode *low, MxError *err)
{
	const MxLowBlock **from =
	    mx_arena_array(l->arena, const MxLowBlock *, node->n_in, err);
	size_t i;

	MX_NEED(from, err);
	for (i = 0; i < node->n_in; i++)
	{
		from[i] = &l->nodes[node->in[i]].block;
		if (from[i]->is_sparse)
			return lower_to_step(l, node, MX_STEP_CONCAT_SPARSE, low, err);
	}
	return mx_view_concat(l->arena, from, node->n_in, &low->block, err);
}

static MxStatus
lower_select(MxLowering *l, const MxNode *node, MxLowNode *low, MxError *err)
{
	const MxLowBlock *from = &l->nodes[node->in[0]].block;

	if (from->is_sparse)
		return lower_to_step(l, node, MX_STEP_SELECT_SPARSE, low, err);
	return mx_view_select(l->arena, from, node->as.select.columns,
	                      node->as.select.n, &low->block, err);
}

/* A guard in front of trees, behind which more is known of each column. */
static MxStatus
lower_guard(MxLowering *l, const MxNode *node, MxLowNode *low, MxError *err)
{
	MxGuardFold fold;
	MxStep what = {.node = node};
	MxLowBlock *in = mx_arena_copy(l->arena, &l->nodes[node->in[0]].block, 1,
	                               sizeof(*in), err);

	MX_NEED(in, err);
	MX_TRY(mx_fold_guard(l, node, &fold, err));
	what.chains = fold.chains;
	what.bounds = fold.bounds;
	low->block = *in;
	if (!fold.is_proven)
		MX_TRY(add_step(l, low,
		                (MxLowStep){.kind = fold.chains != NULL
		                                        ? MX_STEP_FOLDED_GUARD
		                                        : MX_STEP_GUARD,
		                            .n_in = 1,
		                            .in = in,
		                            .what = what},
		                &low->step, &low->block, err));
	low->block.facts = fold.facts;
	return MX_OK;
}

/* A step whose numbers are known to keep to some range. */
static bool
is_bounded(const MxNode *node)
{
	return node->kind == MX_NODE_EXPAND || node->kind == MX_NODE_INDICATOR ||
	       (node->kind == MX_NODE_IMPUTE && node->as.impute.numbers != NULL);
}

static MxStatus
lower_node(MxLowering *l, MxNodeId id, MxError *err)
{
	const MxNode *node = &l->model->nodes[id];
	MxLowNode *low = &l->nodes[id];

	if (low->takeover.first != 0)
		MX_TRY(lower_guarded(l, node, low, err));
	else if (low->folded != NULL)
		MX_TRY(lower_folded(l, node, low, err));
	else if (low->is_coded)
		MX_TRY(mx_code_node(l, node, &low->block, err));
	else if (low->is_folded)
		MX_TRY(mx_fold_node(l, node, &low->block, err));
	else if (node->kind == MX_NODE_GUARD && low->folds != 0 && !low->is_sparse)
		MX_TRY(lower_guard(l, node, low, err));
	else if (node->kind == MX_NODE_INPUT)
		MX_TRY(mx_view_whole(l->arena, 0, node->n_columns, MX_COLUMN_NUMBER,
		                     &low->block, err));
	else if (node->kind == MX_NODE_CONCAT)
		MX_TRY(lower_concat(l, node, low, err));
	else if (node->kind == MX_NODE_SELECT)
		MX_TRY(lower_select(l, node, low, err));
	else
		MX_TRY(lower_to_step(l, node, step_kind_of(node->kind), low, err));
	if (is_bounded(node) && low->folds != 0 && !low->is_folded &&
	    !low->is_sparse)
		MX_TRY(mx_note_made(l, node, &low->block, err));
	low->block.kind = node->column_kinds != NULL && node->n_columns > 0
	                      ? node->column_kinds[0]
	                      : MX_COLUMN_NUMBER;
	return MX_OK;
}

/* Sparse rows are too much for a takeover: each node works by itself. */
static MxStatus
undo_takeover(MxLowering *l, MxNodeId id, MxError *err)
{
	MxNodeId other;

	for (other = l->nodes[id].takeover.first; other < id; other++)
		if (l->nodes[other].is_taken)
			MX_TRY(lower_node(l, other, err));
	l->nodes[id].takeover = (MxTakeover){0};
	return MX_OK;
}

static void
mark_needed(MxLowering *l)
{
	size_t id;
	size_t i;

	for (i = 0; i < MX_ANSWER_KINDS; i++)
		l->nodes[mx_answer_node(&l->model->answers, (MxAnswerKind) i)]
		    .answers |= 1u << i;
	for (id = l->model->n_nodes; id > 0; id--)
	{
		const MxNode *node = &l->model->nodes[id];

		l->nodes[id].is_needed = l->nodes[id].answers != 0;
		for (i = 0; i < node->n_in; i++)
			l->nodes[node->in[i]].answers |= l->nodes[id].answers;
	}
}

MxStatus
mx_lower(MxLowering *l, MxError *err)
{
	size_t id;

	l->nodes = mx_arena_array(l->arena, MxLowNode, l->model->n_nodes + 1, err);
	MX_NEED(l->nodes, err);
	mark_needed(l);
	mx_take_over(l);
	if (!l->is_plain)
	{
		mx_find_folds(l);
		mx_find_coded(l);
	}
	for (id = 1; id <= l->model->n_nodes; id++)
	{
		MxLowNode *low = &l->nodes[id];

		if (!low->is_needed || low->is_taken)
			continue;
		if (low->takeover.first != 0 && reads_sparse(l, low))
			MX_TRY(undo_takeover(l, (MxNodeId) id, err));
		MX_TRY(lower_node(l, (MxNodeId) id, err));
	}
	return MX_OK;
}

MxStatus
mx_lower_answer(MxLowering *l, MxAnswerKind kind, MxLowBlock *out, MxError *err)
{
	MxNodeId id = mx_answer_node(&l->model->answers, kind);
	MxLowNode *low = &l->nodes[id];

	*out = low->block;
	if (!low->block.is_sparse || kind == MX_ANSWER_TRANSFORM)
		return MX_OK;
	MX_TRY(make_dense(l, id, err));
	*out = low->dense;
	return MX_OK;
}

/* Nodes that the answer depends on, itself first. */
static MxStatus
mark_behind(const MxLowering *l, MxNodeId id, bool **out, MxError *err)
{
	bool *is_marked =
	    mx_arena_array(l->arena, bool, l->model->n_nodes + 1, err);
	size_t i;

	MX_NEED(is_marked, err);
	is_marked[id] = true;
	for (; id > 0; id--)
	{
		const MxNode *node = &l->model->nodes[id];

		for (i = 0; is_marked[id] && i < node->n_in; i++)
			is_marked[node->in[i]] = true;
	}
	*out = is_marked;
	return MX_OK;
}

MxStatus
mx_lower_route(MxLowering *l, MxAnswerKind kind, bool *is_behind, MxError *err)
{
	MxNodeId answer = mx_answer_node(&l->model->answers, kind);
	bool *is_marked = NULL;
	MxNodeId id;
	size_t i;

	if (kind != MX_ANSWER_TRANSFORM && l->nodes[answer].densify != 0)
		is_behind[l->nodes[answer].densify - 1] = true;
	MX_TRY(mark_behind(l, answer, &is_marked, err));
	for (id = answer; id > 0; id--)
	{
		const MxNode *node = &l->model->nodes[id];
		const MxLowNode *low = &l->nodes[id];

		if (!is_marked[id])
			continue;
		if (low->step != 0)
			is_behind[low->step - 1] = true;
		for (i = 0; low->reads_dense && i < node->n_in; i++)
			if (l->nodes[node->in[i]].densify != 0)
				is_behind[l->nodes[node->in[i]].densify - 1] = true;
	}
	return MX_OK;
}
