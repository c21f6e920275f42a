/*
 * layout.h: the records of a plan image; private to the engine room.
 *
 * Everything is found through the header's table of sections.  Records hold
 * no pointers and no padding that is not written as zero.
 */
#ifndef MX_ENGINE_LAYOUT_H
#define MX_ENGINE_LAYOUT_H

#include "engine/plan.h"
#include "op/op.h"

#define MX_IMAGE_MAGIC "mx-plan"
#define MX_IMAGE_BYTE_ORDER 0x01020304u

typedef enum MxSectionKind
{
	MX_SECTION_INPUTS,   /* MxImageInput */
	MX_SECTION_ORDER,    /* uint32_t: inputs sorted by name */
	MX_SECTION_OUTPUTS,  /* MxImageOutput */
	MX_SECTION_STEPS,    /* MxImageStep, in the order they run */
	MX_SECTION_BLOCKS,   /* MxImageBlock */
	MX_SECTION_SEGMENTS, /* MxSegment */
	MX_SECTION_ANSWERS,  /* MxImageAnswer, one per MxAnswerKind */
	MX_SECTION_ROUTES,   /* uint32_t: the steps behind each answer */
	MX_SECTIONS
} MxSectionKind;

typedef struct MxImageSection
{
	MxRef ref;
	uint64_t n;    /* records */
	uint64_t size; /* of one record: another compiler's image is refused */
} MxImageSection;

typedef struct MxImageHeader
{
	char magic[8];
	uint32_t byte_order;
	uint32_t unused;
	uint64_t build; /* mx_plan_build() of who made it */
	uint64_t size;  /* of the image */
	uint64_t cpu;   /* features its kernels need: none yet */
	uint64_t block_rows;
	double row_cost; /* nanoseconds */
	uint64_t has_names;
	uint64_t n_tests, n_tests_left; /* 0: nothing is known of rows */
	MxImageText class_name;
	MxImageText sklearn_version;
	MxImageText description;
	MxImageSection sections[MX_SECTIONS];
} MxImageHeader;

typedef struct MxImageInput
{
	MxImageText name;
	uint32_t kind; /* MxColumnKind */
	uint8_t is_used;
	uint8_t is_category;
	uint8_t accepts_missing;
	uint8_t unused;
	double known_saves; /* nanoseconds */
} MxImageInput;

typedef struct MxImageOutput
{
	uint64_t n_classes; /* 0: a regressor's */
	MxRef numbers;      /* double per class; 0 when they are texts */
	MxRef labels;       /* MxImageText per class */
} MxImageOutput;

/* A run of columns of the inputs (source 0) or of step source - 1. */
typedef struct MxSegment
{
	uint32_t source;
	uint32_t first;
	uint32_t count;
} MxSegment;

/* What a step or an answer reads. */
typedef struct MxImageBlock
{
	uint64_t n_columns;
	uint64_t first_segment; /* dense: its columns */
	uint64_t n_segments;
	uint32_t is_sparse;
	uint32_t maker; /* sparse: the step whose rows these are */
} MxImageBlock;

typedef struct MxImageStep
{
	uint32_t kind; /* MxStepKind */
	uint32_t n_in;
	uint64_t first_block;
	MxRef params;
	uint64_t n_columns;
	uint32_t is_sparse;
	uint32_t column_kind; /* MxColumnKind */
} MxImageStep;

typedef struct MxImageAnswer
{
	uint64_t is_offered;
	uint64_t block;
	uint64_t first_route;
	uint64_t n_route; /* steps, ascending */
} MxImageAnswer;

struct MxPlan
{
	const void *image;
	const MxImageHeader *header;
	const MxImageInput *inputs;
	const uint32_t *order;
	const MxImageOutput *outputs;
	const MxImageStep *steps;
	const MxImageBlock *blocks;
	const MxSegment *segments;
	const MxImageAnswer *answers;
	const uint32_t *routes;
};

static inline size_t
mx_plan_section_n(const MxPlan *plan, MxSectionKind kind)
{
	return (size_t) plan->header->sections[kind].n;
}

#endif
