/* compile.c */
/* Lays a model out as one image. */
#include "engine/lower.h"
#include "engine/prune.h"

#include "base/sort.h"

#include <stdint.h>
#include <string.h>

typedef struct Layout
{
	MxLowering *l;
	MxImageHeader *header; /* in the writer, until it is finished */
	MxImageBlock *blocks;
	size_t n_blocks;
	size_t blocks_capacity;
	MxSegment *segments;
	size_t n_segments;
	size_t segments_capacity;
} Layout;

static MxStatus
reserve_section(Layout *lay, MxSectionKind kind, size_t n, size_t size,
                void **ptr, MxError *err)
{
	MxImageSection *section = &lay->header->sections[kind];

	section->n = n;
	section->size = size;
	return mx_image_reserve(lay->l->w, n, size, 64, &section->ref, ptr, err);
}

static MxStatus
store_section(Layout *lay, MxSectionKind kind, const void *from, size_t n,
              size_t size, MxError *err)
{
	void *to;

	MX_TRY(reserve_section(lay, kind, n, size, &to, err));
	if (n > 0)
		memcpy(to, from, n * size);
	return MX_OK;
}

static MxStatus
lay_inputs(Layout *lay, const MxModel *model, MxError *err)
{
	double *saves = mx_arena_array(lay->l->arena, double, model->n_inputs, err);
	MxImageInput *to;
	void *ptr;
	size_t i;

	MX_NEED(saves, err);
	if (!lay->l->is_plain)
		MX_TRY(mx_price_tests(model, lay->l->arena, saves, err));
	MX_TRY(reserve_section(lay, MX_SECTION_INPUTS, model->n_inputs, sizeof(*to),
	                       &ptr, err));
	to = ptr;
	for (i = 0; i < model->n_inputs; i++)
	{
		const MxInput *from = &model->inputs[i];

		MX_TRY(mx_image_store_text(lay->l->w, from->name, &to[i].name, err));
		to[i].kind = (uint32_t) from->kind;
		to[i].is_used = from->is_used;
		to[i].is_category = from->is_category;
		to[i].accepts_missing = from->accepts_missing;
		to[i].known_saves = saves[i];
	}
	return MX_OK;
}

typedef struct Order
{
	const MxInput *inputs;
	uint32_t *order;
} Order;

static bool
order_less(void *ctx, size_t i, size_t j)
{
	const Order *o = ctx;

	return mx_text_compare(o->inputs[o->order[i]].name,
	                       o->inputs[o->order[j]].name) < 0;
}

static void
order_swap(void *ctx, size_t i, size_t j)
{
	const Order *o = ctx;
	uint32_t kept = o->order[i];

	o->order[i] = o->order[j];
	o->order[j] = kept;
}

static MxStatus
lay_order(Layout *lay, const MxModel *model, MxError *err)
{
	size_t n = model->has_names ? model->n_inputs : 0;
	Order order = {model->inputs, NULL};
	MxSortable sortable = {order_less, order_swap, &order};
	void *ptr;
	size_t i;

	MX_TRY(
	    reserve_section(lay, MX_SECTION_ORDER, n, sizeof(uint32_t), &ptr, err));
	order.order = ptr;
	for (i = 0; i < n; i++)
		order.order[i] = (uint32_t) i;
	mx_sort(&sortable, n);
	return MX_OK;
}

static MxStatus
lay_classes(MxImageWriter *w, const MxClasses *from, MxImageOutput *to,
            MxError *err)
{
	MxImageText *labels;
	void *ptr;
	size_t i;

	to->n_classes = from->n;
	if (from->numbers != NULL)
		MX_TRY(mx_image_store(w, from->numbers, from->n, sizeof(double), 8,
		                      &to->numbers, err));
	MX_TRY(mx_image_reserve(w, from->n, sizeof(*labels), 8, &to->labels, &ptr,
	                        err));
	labels = ptr;
	for (i = 0; i < from->n; i++)
		MX_TRY(mx_image_store_text(w, from->labels[i], &labels[i], err));
	return MX_OK;
}

static MxStatus
lay_outputs(Layout *lay, const MxAnswers *answers, MxError *err)
{
	MxImageOutput *to;
	void *ptr;
	size_t i;

	MX_TRY(reserve_section(lay, MX_SECTION_OUTPUTS, answers->n_outputs,
	                       sizeof(*to), &ptr, err));
	to = ptr;
	for (i = 0; answers->classes != NULL && i < answers->n_outputs; i++)
		MX_TRY(lay_classes(lay->l->w, &answers->classes[i], &to[i], err));
	return MX_OK;
}

/* *out is the block's index. */
static MxStatus
add_block(Layout *lay, const MxLowBlock *from, uint64_t *out, MxError *err)
{
	MxArena *arena = lay->l->arena;
	MxImageBlock *block;
	size_t i;

	MX_TRY(mx_arena_grow(arena, (void **) &lay->blocks, lay->n_blocks,
	                     &lay->blocks_capacity, sizeof(MxImageBlock), err));
	*out = lay->n_blocks;
	block = &lay->blocks[lay->n_blocks++];
	memset(block, 0, sizeof(*block));
	block->n_columns = from->n_columns;
	block->is_sparse = from->is_sparse;
	block->maker = from->maker;
	block->first_segment = lay->n_segments;
	block->n_segments = from->n_segments;
	for (i = 0; i < from->n_segments; i++)
	{
		MX_TRY(mx_arena_grow(arena, (void **) &lay->segments, lay->n_segments,
		                     &lay->segments_capacity, sizeof(MxSegment), err));
		lay->segments[lay->n_segments++] = from->segments[i];
	}
	return MX_OK;
}

static MxStatus
lay_step(Layout *lay, const MxLowStep *from, MxImageStep *to, MxError *err)
{
	uint64_t block;
	size_t i;

	to->kind = (uint32_t) from->kind;
	to->n_in = (uint32_t) from->n_in;
	to->first_block = lay->n_blocks;
	to->params = from->params;
	to->n_columns = from->shape.n_columns;
	to->is_sparse = from->shape.is_sparse;
	to->column_kind = (uint32_t) from->shape.kind;
	for (i = 0; i < from->n_in; i++)
		MX_TRY(add_block(lay, &from->in[i], &block, err));
	return MX_OK;
}

static MxStatus
lay_steps(Layout *lay, MxError *err)
{
	MxImageStep *to;
	void *ptr;
	size_t i;

	MX_TRY(reserve_section(lay, MX_SECTION_STEPS, lay->l->n_steps, sizeof(*to),
	                       &ptr, err));
	to = ptr;
	for (i = 0; i < lay->l->n_steps; i++)
		MX_TRY(lay_step(lay, &lay->l->steps[i], &to[i], err));
	return MX_OK;
}

/* The steps behind one answer go behind those of the others. */
static MxStatus
lay_route(Layout *lay, MxAnswerKind kind, MxImageAnswer *answer,
          uint32_t *routes, size_t *n_routes, MxError *err)
{
	size_t n_steps = lay->l->n_steps;
	bool *is_behind = mx_arena_array(lay->l->arena, bool, n_steps, err);
	size_t i;

	MX_NEED(is_behind, err);
	MX_TRY(mx_lower_route(lay->l, kind, is_behind, err));
	answer->first_route = *n_routes;
	for (i = 0; i < n_steps; i++)
		if (is_behind[i])
			routes[(*n_routes)++] = (uint32_t) i;
	answer->n_route = *n_routes - answer->first_route;
	return MX_OK;
}

/* Steps are complete before: an answer may have added one to become dense. */
static MxStatus
lay_answers(Layout *lay, const MxLowBlock *from, MxError *err)
{
	size_t n_steps = lay->l->n_steps;
	MxImageAnswer *to;
	uint32_t *routes;
	size_t n_routes = 0;
	void *ptr;
	int i;

	MX_TRY(reserve_section(lay, MX_SECTION_ANSWERS, MX_ANSWER_KINDS,
	                       sizeof(*to), &ptr, err));
	to = ptr;
	routes =
	    mx_arena_array(lay->l->arena, uint32_t, n_steps * MX_ANSWER_KINDS, err);
	MX_NEED(routes, err);
	for (i = 0; i < MX_ANSWER_KINDS; i++)
	{
		MxAnswerKind kind = (MxAnswerKind) i;

		if (mx_answer_node(&lay->l->model->answers, kind) == 0)
			continue;
		to[i].is_offered = 1;
		MX_TRY(add_block(lay, &from[i], &to[i].block, err));
		MX_TRY(lay_route(lay, kind, &to[i], routes, &n_routes, err));
	}
	return store_section(lay, MX_SECTION_ROUTES, routes, n_routes,
	                     sizeof(uint32_t), err);
}

/* Not folded away, nor done by the step of another node. */
static bool
is_work(const MxLowering *l, MxNodeId id)
{
	const MxLowNode *low = &l->nodes[id];

	return low->is_needed && !low->is_folded && !low->is_coded &&
	       (low->step == 0 || l->steps[low->step - 1].maker == id);
}

static MxStatus
lay_info(Layout *lay, const MxModel *model, const MxLowBlock *answers,
         MxError *err)
{
	MxImageHeader *header = lay->header;
	MxImageWriter *w = lay->l->w;
	size_t n_columns = 0;
	size_t id;

	MX_TRY(mx_image_store_text(w, model->info.class_name, &header->class_name,
	                           err));
	MX_TRY(mx_image_store_text(w, model->info.sklearn_version,
	                           &header->sklearn_version, err));
	MX_TRY(mx_image_store_text(w, model->info.description, &header->description,
	                           err));
	header->has_names = model->has_names;
	for (id = 1; id <= model->n_nodes; id++)
		if (is_work(lay->l, (MxNodeId) id))
			header->row_cost += mx_node_cost(model, (MxNodeId) id);
	MX_TRY(mx_peak_columns(lay->l, answers, &n_columns, err));
	header->block_rows =
	    mx_choose_block_rows(model, n_columns * sizeof(double));
	return MX_OK;
}

static MxStatus
lay_out(Layout *lay, const MxModel *model, MxError *err)
{
	MxLowBlock answers[MX_ANSWER_KINDS];
	int i;

	MX_TRY(mx_lower(lay->l, err));
	for (i = 0; i < MX_ANSWER_KINDS; i++)
		MX_TRY(mx_lower_answer(lay->l, (MxAnswerKind) i, &answers[i], err));
	MX_TRY(lay_inputs(lay, model, err));
	MX_TRY(lay_order(lay, model, err));
	MX_TRY(lay_outputs(lay, &model->answers, err));
	MX_TRY(lay_steps(lay, err));
	MX_TRY(lay_answers(lay, answers, err));
	MX_TRY(store_section(lay, MX_SECTION_BLOCKS, lay->blocks, lay->n_blocks,
	                     sizeof(MxImageBlock), err));
	MX_TRY(store_section(lay, MX_SECTION_SEGMENTS, lay->segments,
	                     lay->n_segments, sizeof(MxSegment), err));
	return lay_info(lay, model, answers, err);
}

/* pruning says what has been done to the model; NULL: nothing. */
static MxStatus
compile(const MxModel *model, bool is_plain, const MxPruning *pruning,
        MxArena *scratch, MxImageWriter *w, MxError *err)
{
	MxLowering l = {
	    .model = model, .is_plain = is_plain, .arena = scratch, .w = w};
	Layout lay = {.l = &l};
	MxRef ref;
	void *ptr;

	MX_TRY(mx_image_reserve(w, 1, sizeof(MxImageHeader), 64, &ref, &ptr, err));
	lay.header = ptr;
	MX_TRY(lay_out(&lay, model, err));
	memcpy(lay.header->magic, MX_IMAGE_MAGIC, sizeof(lay.header->magic));
	lay.header->byte_order = MX_IMAGE_BYTE_ORDER;
	lay.header->build = mx_plan_build();
	lay.header->size = mx_image_size(w);
	if (pruning != NULL)
	{
		lay.header->n_tests = pruning->n_tests;
		lay.header->n_tests_left = pruning->n_left;
	}
	return MX_OK;
}

/* The tests of what is known are decided beforehand. */
static MxStatus
compile_pruned(const MxModel *model, const MxKnown *known, const MxHeap *heap,
               MxArena *scratch, MxImageWriter *w, MxError *err)
{
	const MxModel *pruned = NULL;
	MxPruning pruning;

	MX_TRY(mx_prune(model, known, heap, scratch, &pruned, &pruning, err));
	return compile(pruned, false, &pruning, scratch, w, err);
}

/* known: NULL when nothing is. */
static MxStatus
compile_with(const MxModel *model, bool is_plain, const MxKnown *known,
             const MxHeap *heap, MxImageWriter *w, MxError *err)
{
	MxArena *scratch = mx_arena_create(heap, SIZE_MAX);
	MxStatus status;

	if (scratch == NULL)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	status = known != NULL ? compile_pruned(model, known, heap, scratch, w, err)
	                       : compile(model, is_plain, NULL, scratch, w, err);
	mx_arena_destroy(scratch);
	return status;
}

MxStatus
mx_plan_compile(const MxModel *model, const MxHeap *heap, MxImageWriter *w,
                MxError *err)
{
	return compile_with(model, false, NULL, heap, w, err);
}

MxStatus
mx_plan_compile_plain(const MxModel *model, const MxHeap *heap,
                      MxImageWriter *w, MxError *err)
{
	return compile_with(model, true, NULL, heap, w, err);
}

MxStatus
mx_plan_compile_known(const MxModel *model, const MxKnown *known,
                      const MxHeap *heap, MxImageWriter *w, MxError *err)
{
	return compile_with(model, false, known, heap, w, err);
}
