/* function_transformer.c */
/* Reads FunctionTransformer: no function, or one of NumPy's by its name. */
#include "reader/linear.h"

#include <string.h>

static const struct
{
	const char *name;
	MxFunctionKind kind;
} functions[] = {
    {"exp", MX_FUNCTION_EXP},
    {"expm1", MX_FUNCTION_EXPM1},
    {"log", MX_FUNCTION_LOG},
    {"log2", MX_FUNCTION_LOG2},
    {"log10", MX_FUNCTION_LOG10},
    {"log1p", MX_FUNCTION_LOG1P},
    {"sqrt", MX_FUNCTION_SQRT},
    {"cbrt", MX_FUNCTION_CBRT},
    {"square", MX_FUNCTION_SQUARE},
    {"absolute", MX_FUNCTION_ABSOLUTE},
    {"sign", MX_FUNCTION_SIGN},
    {"negative", MX_FUNCTION_NEGATIVE},
    {"reciprocal", MX_FUNCTION_RECIPROCAL},
    {"floor", MX_FUNCTION_FLOOR},
    {"ceil", MX_FUNCTION_CEIL},
    {"rint", MX_FUNCTION_RINT},
    {"tanh", MX_FUNCTION_TANH},
    {"expit", MX_FUNCTION_EXPIT},
    {"logit", MX_FUNCTION_LOGIT},
    {"isnan", MX_FUNCTION_ISNAN},
};

#define N_FUNCTIONS (sizeof(functions) / sizeof(functions[0]))

/* _ufunc_reconstruct(module, name), as old releases of NumPy write a ufunc. */
static bool
is_reconstructed(const MxValue *func, MxGlobal *out)
{
	MxItems args;

	return func->kind == MX_VALUE_OBJECT &&
	       mx_global_is(mx_value_class(func), "numpy", "_ufunc_reconstruct") &&
	       func->as.object.args != NULL &&
	       mx_value_to_items(func->as.object.args, &args) && args.n == 2 &&
	       mx_value_to_text(args.items[0], &out->module) &&
	       mx_value_to_text(args.items[1], &out->name);
}

/* numpy.lib.scimath has functions of these names that answer with complex. */
static bool
is_scimath(MxText module)
{
	static const char word[] = "scimath";
	size_t size = sizeof(word) - 1;
	size_t i;

	for (i = 0; i + size <= module.size; i++)
		if (memcmp(module.data + i, word, size) == 0)
			return true;
	return false;
}

/*
 * A ufunc is written under whatever module was found to hold it, so that only
 * its own name counts.  But outside of these packages it is someone's own.
 */
static bool
find_function(const MxValue *func, MxFunctionKind *kind)
{
	MxGlobal name;
	size_t i;

	if (func->kind == MX_VALUE_GLOBAL)
		name = func->as.global;
	else if (!is_reconstructed(func, &name))
		return false;
	if (is_scimath(name.module))
		return false;
	for (i = 0; i < N_FUNCTIONS; i++)
		if (mx_global_is(&name, "numpy", functions[i].name) ||
		    mx_global_is(&name, "scipy", functions[i].name))
		{
			*kind = functions[i].kind;
			return true;
		}
	return false;
}

/* partial(check_array, force_all_finite=False), which changes no number. */
static bool
is_unchecking_partial(const MxValue *func)
{
	static const char *const names[] = {"ensure_all_finite",
	                                    "force_all_finite"};
	const MxValue *state;
	const MxValue *finite;
	bool checks = true;
	MxItems parts;
	size_t i;

	if (func->kind != MX_VALUE_OBJECT ||
	    !mx_global_is(mx_value_class(func), "functools", "partial"))
		return false;
	state = func->as.object.state;
	if (state == NULL || !mx_value_to_items(state, &parts) || parts.n < 3 ||
	    parts.items[0]->kind != MX_VALUE_GLOBAL ||
	    !mx_global_is(&parts.items[0]->as.global, "sklearn", "check_array"))
		return false;
	for (i = 0; i < 2; i++)
	{
		finite = mx_value_entry(parts.items[2], names[i]);
		if (finite != NULL && mx_value_to_bool(finite, &checks))
			return !checks;
	}
	return false;
}

static MxStatus
read_validate(MxReadContext *ctx, const MxValue *object, MxNodeId in,
              MxNodeId *out, MxError *err)
{
	/* Until 0.22 it checked unless told otherwise. */
	bool otherwise = ctx->version < MX_SKLEARN(0, 22);
	bool validate;

	*out = in;
	MX_TRY(mx_expect_features(ctx, object, in, MX_ANY_SIZE, err));
	MX_TRY(mx_read_bool(ctx, object, "validate", otherwise, &validate, err));
	if (!validate)
		return MX_OK;
	return mx_builder_guard(ctx->builder, in, MX_GUARD_FINITE, out, err);
}

static MxStatus
refuse_arguments(MxReadContext *ctx, const MxValue *object, MxError *err)
{
	const MxValue *arguments = mx_value_attribute(object, "kw_args");

	if (mx_value_is_none(arguments) ||
	    (arguments->kind == MX_VALUE_DICT && arguments->as.entries.n == 0))
		return MX_OK;
	return mx_refuse(ctx, object, "kw_args",
	                 "has arguments for the function, which is not supported",
	                 err);
}

/* These give the same numbers from any type, and keep it. */
static bool
suits_integers(MxFunctionKind kind)
{
	return kind == MX_FUNCTION_ABSOLUTE || kind == MX_FUNCTION_ISNAN;
}

/*
 * NumPy answers on small integers in float16 or float32, on unsigned ones
 * modulo their range, and divides integers without remainder.
 */
static MxStatus
check_type(MxReadContext *ctx, const MxValue *object, MxNodeId in,
           MxFunctionKind kind, MxError *err)
{
	const MxBuilder *builder = ctx->builder;
	char shown[MX_SHOWN_SIZE];

	if (suits_integers(kind) ||
	    (!mx_builder_has_note(builder, in, MX_NOTE_NARROW) &&
	     (kind != MX_FUNCTION_RECIPROCAL ||
	      !mx_builder_has_note(builder, in, MX_NOTE_INTEGERS))))
		return MX_OK;
	return mx_refuse(ctx, object, "func",
	                 "is %s of integers or booleans, which is not supported",
	                 err,
	                 mx_show_value(mx_value_attribute(object, "func"), shown));
}

/* What the next function finds: isnan answers with booleans. */
static void
note_type(MxReadContext *ctx, MxNodeId in, MxFunctionKind kind, MxNodeId out)
{
	if (kind == MX_FUNCTION_ISNAN ||
	    mx_builder_has_note(ctx->builder, in, MX_NOTE_NARROW))
		mx_builder_note(ctx->builder, out, MX_NOTE_NARROW);
	if (mx_builder_has_note(ctx->builder, in, MX_NOTE_INTEGERS))
		mx_builder_note(ctx->builder, out, MX_NOTE_INTEGERS);
}

static MxStatus
read_function_transformer(MxReadContext *ctx, const MxValue *object,
                          MxNodeId in, MxAnswers *out, MxError *err)
{
	const MxValue *func = mx_value_attribute(object, "func");
	char shown[MX_SHOWN_SIZE];
	MxFunction params;

	MX_TRY(read_validate(ctx, object, in, &out->transform, err));
	if (mx_value_is_none(func) || is_unchecking_partial(func))
		return MX_OK;
	if (!find_function(func, &params.kind))
		return mx_refuse(ctx, object, "func", "is %s, which is not supported",
		                 err, mx_show_value(func, shown));
	MX_TRY(refuse_arguments(ctx, object, err));
	MX_TRY(check_type(ctx, object, in, params.kind, err));
	MX_TRY(mx_builder_function(ctx->builder, out->transform, &params,
	                           &out->transform, err));
	note_type(ctx, in, params.kind, out->transform);
	return MX_OK;
}

static const MxClassName classes[] = {{"FunctionTransformer", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_function_transformer = {
    .classes = classes,
    .limits =
        "no function, or one of NumPy's or SciPy's that works element by "
        "element (exp, log1p, sqrt, ...), without arguments; columns of the "
        "table are taken for float64, and a step before it that answers "
        "with small integers or booleans is refused",
    .read = read_function_transformer};
