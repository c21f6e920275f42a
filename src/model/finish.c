/* finish.c */
/* From the growing graph to the proven model. */
#include "model/graph.h"

static MxStatus
settle_width(MxBuilder *b, MxError *err)
{
	if (mx_builder_width(b, MX_INPUT_NODE) != MX_OPEN_WIDTH)
		return MX_OK;
	if (b->n_names == 0)
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "artifact does not tell how many features it takes");
	/* All are known by name, which is all that a row needs. */
	return mx_graph_fix_width(b, b->n_names, err);
}

static MxStatus
prove_nodes(const MxBuilder *b, MxError *err)
{
	size_t id;
	size_t i;

	for (id = 1; id <= b->n_nodes; id++)
	{
		const MxNode *node = &b->nodes[id];

		for (i = 0; i < node->n_in; i++)
			if (node->in[i] >= id)
				return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
				               "node %zu reads a later one", id);
		MX_TRY(mx_prove_node(b->nodes, (MxNodeId) id, err));
	}
	return MX_OK;
}

static MxStatus
make_inputs(MxBuilder *b, MxModel *model, MxError *err)
{
	MxInput *inputs;
	size_t i;

	model->n_inputs = mx_builder_width(b, MX_INPUT_NODE);
	model->has_names = b->n_names > 0;
	inputs = mx_arena_array(b->arena, MxInput, model->n_inputs, err);
	MX_NEED(inputs, err);
	for (i = 0; i < b->n_names; i++)
		inputs[i].name = b->names[i];
	MX_TRY(mx_decide_kinds(b->arena, b->nodes, b->n_nodes, &model->answers,
	                       inputs, err));
	model->inputs = inputs;
	return MX_OK;
}

static MxStatus
copy_info(MxArena *arena, const MxModelInfo *from, MxModelInfo *to,
          MxError *err)
{
	if (from->class_name.data != NULL)
		MX_TRY(mx_text_copy(arena, from->class_name, &to->class_name, err));
	if (from->sklearn_version.data != NULL)
		MX_TRY(mx_text_copy(arena, from->sklearn_version, &to->sklearn_version,
		                    err));
	if (from->description.data != NULL)
		MX_TRY(mx_text_copy(arena, from->description, &to->description, err));
	return MX_OK;
}

MxStatus
mx_builder_finish(MxBuilder *b, const MxAnswers *answers,
                  const MxModelInfo *info, const MxModel **out, MxError *err)
{
	MxModel *model = mx_arena_array(b->arena, MxModel, 1, err);

	MX_NEED(model, err);
	MX_TRY(settle_width(b, err));
	MX_TRY(prove_nodes(b, err));
	MX_TRY(mx_prove_answers(b->nodes, b->n_nodes, answers, err));
	MX_TRY(mx_copy_answers(b->arena, answers, &model->answers, err));
	MX_TRY(make_inputs(b, model, err));
	MX_TRY(copy_info(b->arena, info, &model->info, err));
	model->n_nodes = b->n_nodes;
	model->nodes = b->nodes;
	*out = model;
	return MX_OK;
}
