/* plan.c */
/* A plan image, checked and looked at. */
#include "engine/layout.h"

/* MX_BUILD, from the makefile. */
#include "engine/build.inc"

#include <assert.h>
#include <stdint.h>
#include <string.h>

uint64_t
mx_plan_build(void)
{
	return MX_BUILD;
}

static MxStatus
refuse(const char *why, MxError *err)
{
	return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
	               "plan image cannot be used: %s", why);
}

static size_t
record_size(MxSectionKind kind)
{
	switch (kind)
	{
		case MX_SECTION_INPUTS:
			return sizeof(MxImageInput);
		case MX_SECTION_ORDER:
		case MX_SECTION_ROUTES:
			return sizeof(uint32_t);
		case MX_SECTION_OUTPUTS:
			return sizeof(MxImageOutput);
		case MX_SECTION_STEPS:
			return sizeof(MxImageStep);
		case MX_SECTION_BLOCKS:
			return sizeof(MxImageBlock);
		case MX_SECTION_SEGMENTS:
			return sizeof(MxSegment);
		case MX_SECTION_ANSWERS:
			return sizeof(MxImageAnswer);
		case MX_SECTIONS:
			break;
	}
	return 0;
}

static MxStatus
check_header(const MxImageHeader *header, size_t size, MxError *err)
{
	if (size < sizeof(*header) ||
	    memcmp(header->magic, MX_IMAGE_MAGIC, sizeof(header->magic)) != 0)
		return refuse("it does not start as one", err);
	if (header->byte_order != MX_IMAGE_BYTE_ORDER)
		return refuse("it is of another byte order", err);
	if (header->build != mx_plan_build())
		return refuse("another build of the extension made it", err);
	if (header->size != size)
		return refuse("its size is not as written", err);
	if (header->cpu != 0)
		return refuse("it needs another processor", err);
	return MX_OK;
}

static MxStatus
check_sections(const MxImageHeader *header, MxError *err)
{
	int i;

	for (i = 0; i < MX_SECTIONS; i++)
	{
		const MxImageSection *s = &header->sections[i];

		if (s->size != record_size((MxSectionKind) i))
			return refuse("a section has records of another size", err);
		if (s->ref % 64 != 0 || s->ref > header->size ||
		    s->n > (header->size - s->ref) / s->size)
			return refuse("a section lies outside", err);
	}
	if (header->sections[MX_SECTION_ANSWERS].n != MX_ANSWER_KINDS)
		return refuse("it has another number of answers", err);
	return MX_OK;
}

static MxStatus
check_text(const MxImageHeader *header, MxImageText text, MxError *err)
{
	if (text.data > header->size || text.size > header->size - text.data)
		return refuse("a text lies outside", err);
	return MX_OK;
}

static MxStatus
check_steps(const MxPlan *plan, MxError *err)
{
	size_t n_blocks = mx_plan_section_n(plan, MX_SECTION_BLOCKS);
	size_t i;

	for (i = 0; i < mx_plan_n_steps(plan); i++)
	{
		const MxImageStep *step = &plan->steps[i];

		if (step->kind >= MX_STEP_KINDS || step->params >= plan->header->size)
			return refuse("a step is unknown", err);
		if (step->first_block > n_blocks ||
		    step->n_in > n_blocks - step->first_block)
			return refuse("a step reads nothing there is", err);
	}
	return MX_OK;
}

static void
find_sections(MxPlan *plan)
{
	const void *image = plan->image;
	const MxImageSection *s = plan->header->sections;

	plan->inputs = mx_at(image, MxImageInput, s[MX_SECTION_INPUTS].ref);
	plan->order = mx_at(image, uint32_t, s[MX_SECTION_ORDER].ref);
	plan->outputs = mx_at(image, MxImageOutput, s[MX_SECTION_OUTPUTS].ref);
	plan->steps = mx_at(image, MxImageStep, s[MX_SECTION_STEPS].ref);
	plan->blocks = mx_at(image, MxImageBlock, s[MX_SECTION_BLOCKS].ref);
	plan->segments = mx_at(image, MxSegment, s[MX_SECTION_SEGMENTS].ref);
	plan->answers = mx_at(image, MxImageAnswer, s[MX_SECTION_ANSWERS].ref);
	plan->routes = mx_at(image, uint32_t, s[MX_SECTION_ROUTES].ref);
}

MxStatus
mx_plan_attach(const void *bytes, size_t size, MxArena *arena,
               const MxPlan **out, MxError *err)
{
	const MxImageHeader *header = bytes;
	MxPlan *plan;

	assert((uintptr_t) bytes % 64 == 0);
	MX_TRY(check_header(header, size, err));
	MX_TRY(check_sections(header, err));
	MX_TRY(check_text(header, header->class_name, err));
	MX_TRY(check_text(header, header->sklearn_version, err));
	MX_TRY(check_text(header, header->description, err));
	plan = mx_arena_array(arena, MxPlan, 1, err);
	MX_NEED(plan, err);
	plan->image = bytes;
	plan->header = header;
	find_sections(plan);
	MX_TRY(check_steps(plan, err));
	*out = plan;
	return MX_OK;
}

size_t
mx_plan_n_inputs(const MxPlan *plan)
{
	return mx_plan_section_n(plan, MX_SECTION_INPUTS);
}

MxInput
mx_plan_input(const MxPlan *plan, size_t i)
{
	const MxImageInput *from = &plan->inputs[i];
	MxInput input;

	input.name = mx_image_text(plan->image, from->name);
	input.kind = (MxColumnKind) from->kind;
	input.is_used = from->is_used;
	input.is_category = from->is_category;
	input.accepts_missing = from->accepts_missing;
	return input;
}

bool
mx_plan_has_names(const MxPlan *plan)
{
	return plan->header->has_names != 0;
}

bool
mx_plan_find_input(const MxPlan *plan, MxText name, size_t *index)
{
	size_t low = 0;
	size_t high = mx_plan_section_n(plan, MX_SECTION_ORDER);

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;
		size_t i = plan->order[middle];
		int order = mx_text_compare(
		    mx_image_text(plan->image, plan->inputs[i].name), name);

		if (order == 0)
		{
			*index = i;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* A classifier's classes are its values when all are numbers. */
static bool
decodes_labels(const MxPlan *plan)
{
	size_t i;

	if (plan->answers[MX_ANSWER_VALUE].is_offered ||
	    !plan->answers[MX_ANSWER_LABEL].is_offered)
		return false;
	for (i = 0; i < mx_plan_n_outputs(plan); i++)
		if (plan->outputs[i].numbers == 0)
			return false;
	return true;
}

bool
mx_plan_offers(const MxPlan *plan, MxAnswerKind kind)
{
	if (plan->answers[kind].is_offered)
		return true;
	return kind == MX_ANSWER_VALUE && decodes_labels(plan);
}

size_t
mx_plan_answer_width(const MxPlan *plan, MxAnswerKind kind)
{
	if (!mx_plan_offers(plan, kind))
		return 0;
	if (!plan->answers[kind].is_offered)
		return mx_plan_n_outputs(plan);
	return (size_t) plan->blocks[plan->answers[kind].block].n_columns;
}

bool
mx_plan_answer_is_sparse(const MxPlan *plan, MxAnswerKind kind)
{
	const MxImageAnswer *answer = &plan->answers[kind];

	return answer->is_offered && plan->blocks[answer->block].is_sparse;
}

size_t
mx_plan_n_outputs(const MxPlan *plan)
{
	return mx_plan_section_n(plan, MX_SECTION_OUTPUTS);
}

bool
mx_plan_is_classifier(const MxPlan *plan)
{
	return mx_plan_n_outputs(plan) > 0 && plan->outputs[0].n_classes > 0;
}

size_t
mx_plan_n_classes(const MxPlan *plan, size_t output)
{
	return (size_t) plan->outputs[output].n_classes;
}

bool
mx_plan_classes_are_numbers(const MxPlan *plan, size_t output)
{
	return plan->outputs[output].numbers != 0;
}

double
mx_plan_class_number(const MxPlan *plan, size_t output, size_t i)
{
	return mx_at(plan->image, double, plan->outputs[output].numbers)[i];
}

MxText
mx_plan_class_label(const MxPlan *plan, size_t output, size_t i)
{
	const MxImageText *labels =
	    mx_at(plan->image, MxImageText, plan->outputs[output].labels);

	return mx_image_text(plan->image, labels[i]);
}

MxModelInfo
mx_plan_info(const MxPlan *plan)
{
	const MxImageHeader *header = plan->header;
	MxModelInfo info;

	info.class_name = mx_image_text(plan->image, header->class_name);
	info.sklearn_version = mx_image_text(plan->image, header->sklearn_version);
	info.description = mx_image_text(plan->image, header->description);
	return info;
}

size_t
mx_plan_n_steps(const MxPlan *plan)
{
	return mx_plan_section_n(plan, MX_SECTION_STEPS);
}

const char *
mx_plan_step_name(const MxPlan *plan, size_t i)
{
	return mx_op((MxStepKind) plan->steps[i].kind)->name;
}

size_t
mx_plan_block_rows(const MxPlan *plan)
{
	return (size_t) plan->header->block_rows;
}

double
mx_plan_row_cost(const MxPlan *plan)
{
	return plan->header->row_cost;
}

double
mx_plan_known_saves(const MxPlan *plan, size_t input)
{
	return plan->inputs[input].known_saves;
}

MxPruning
mx_plan_pruning(const MxPlan *plan)
{
	return (MxPruning){(size_t) plan->header->n_tests,
	                   (size_t) plan->header->n_tests_left};
}

size_t
mx_plan_size(const MxPlan *plan)
{
	return (size_t) plan->header->size;
}
