/* function.c */
/* One function of one number, element by element. */
#include "op/function.h"

#include "op/op.h"

typedef struct FunctionParams
{
	uint64_t kind; /* MxFunctionKind */
} FunctionParams;

MxFunctionKernel
mx_function_kernel(MxFunctionKind kind)
{
	switch (kind)
	{
		case MX_FUNCTION_EXP:
			return mx_kernel_exp;
		case MX_FUNCTION_EXPM1:
			return mx_kernel_expm1;
		case MX_FUNCTION_LOG:
			return mx_kernel_log;
		case MX_FUNCTION_LOG2:
			return mx_kernel_log2;
		case MX_FUNCTION_LOG10:
			return mx_kernel_log10;
		case MX_FUNCTION_LOG1P:
			return mx_kernel_log1p;
		case MX_FUNCTION_SQRT:
			return mx_kernel_sqrt;
		case MX_FUNCTION_CBRT:
			return mx_kernel_cbrt;
		case MX_FUNCTION_SQUARE:
			return mx_kernel_square;
		case MX_FUNCTION_ABSOLUTE:
			return mx_kernel_absolute;
		case MX_FUNCTION_SIGN:
			return mx_kernel_sign;
		case MX_FUNCTION_NEGATIVE:
			return mx_kernel_negative;
		case MX_FUNCTION_RECIPROCAL:
			return mx_kernel_reciprocal;
		case MX_FUNCTION_FLOOR:
			return mx_kernel_floor;
		case MX_FUNCTION_CEIL:
			return mx_kernel_ceil;
		case MX_FUNCTION_RINT:
			return mx_kernel_rint;
		case MX_FUNCTION_TANH:
			return mx_kernel_tanh;
		case MX_FUNCTION_EXPIT:
			return mx_kernel_expit;
		case MX_FUNCTION_LOGIT:
			return mx_kernel_logit;
		case MX_FUNCTION_ISNAN:
			return mx_kernel_isnan;
	}
	return NULL;
}

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	FunctionParams p = {.kind = (uint64_t) step->node->as.function.kind};

	return mx_image_store(w, &p, 1, sizeof(p), 8, params, err);
}

static void
shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
      MxShape *out)
{
	(void) image;
	(void) params;
	(void) n_in;
	*out = (MxShape){.n_columns = in[0].n_columns, .kind = MX_COLUMN_NUMBER};
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const FunctionParams *p = mx_at(image, FunctionParams, params);
	MxFunctionKernel kernel = mx_function_kernel((MxFunctionKind) p->kind);
	size_t j;

	(void) n_in;
	(void) err;
	for (j = 0; j < in[0].n_columns; j++)
		kernel(in[0].columns[j].numbers, in[0].n_rows, run->numbers[j]);
	return MX_OK;
}

static size_t
origin(const void *image, MxRef params, size_t j)
{
	(void) image;
	(void) params;
	return j;
}

static bool
keeps_order(const void *image, MxRef params)
{
	return mx_at(image, FunctionParams, params)->kind == MX_FUNCTION_EXP;
}

const MxOp mx_op_function = {
    .kind = MX_STEP_FUNCTION,
    .name = "function",
    .compile = compile,
    .shape = shape,
    .score = score,
    .origin = origin,
    .keeps_order = keeps_order,
};
