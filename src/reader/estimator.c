/* estimator.c */
/* Reads an estimator by its class, wherever in the document it hangs. */
#include "reader/internal.h"

#include <stdio.h>
#include <string.h>

/* Rough costs, for mx_charge. */
#define ESTIMATOR_STEPS 2000
#define LOOKUPS 32 /* of attributes, each along all of them */

/* What changes while a nested estimator is read. */
typedef struct Outer
{
	int version;
	const char *class_name;
	size_t path_size;
} Outer;

static const char *const known_packages[] = {
    "sklearn", "xgboost", "lightgbm", "catboost", "imblearn", "skops", NULL};

static bool
is_known_package(MxText module)
{
	size_t i;

	for (i = 0; known_packages[i] != NULL; i++)
	{
		size_t size = strlen(known_packages[i]);

		if (module.size >= size &&
		    memcmp(module.data, known_packages[i], size) == 0 &&
		    (module.size == size || module.data[size] == '.'))
			return true;
	}
	return false;
}

/* Where it is, unless a deeper estimator has said so already. */
static MxStatus
add_path(const MxReadContext *ctx, MxStatus status, MxError *err)
{
	if (ctx->path[0] == '\0' || status == MX_ERR_NO_MEMORY ||
	    status == MX_ERR_CANCELED || status == MX_ERR_LIMIT)
		return status;
	mx_set_detail(err, "It is at %s.", ctx->path);
	return status;
}

static MxStatus
refuse_class(const MxReadContext *ctx, const MxValue *value,
             const MxGlobal *name, MxError *err)
{
	char quoted[MX_SHOWN_SIZE];

	mx_set_error(err, MX_ERR_UNSUPPORTED, value->offset,
	             "class %s is not supported", mx_quote_class(name, quoted));
	if (!is_known_package(name->module))
		mx_set_detail(err, "Nothing in an artifact is executed.%s%s%s",
		              ctx->path[0] == '\0' ? "" : " It is at ", ctx->path,
		              ctx->path[0] == '\0' ? "" : ".");
	return add_path(ctx, MX_ERR_UNSUPPORTED, err);
}

static MxStatus
refuse_value(const MxReadContext *ctx, const MxValue *value, MxError *err)
{
	char shown[MX_SHOWN_SIZE];

	if (ctx->path[0] == '\0')
		return mx_refuse_root(value, err);
	mx_set_error(err, MX_ERR_UNSUPPORTED,
	             value == NULL ? MX_NO_OFFSET : value->offset,
	             "%s is not an estimator", mx_show_value(value, shown));
	return add_path(ctx, MX_ERR_UNSUPPORTED, err);
}

/* The name as the reader spells it: it outlives the document. */
static const char *
known_name(const MxClassReader *reader, const MxGlobal *name)
{
	const MxClassName *at;

	for (at = reader->classes; at->name != NULL; at++)
		if (mx_text_is(name->name, at->name))
			return at->name;
	return NULL;
}

static MxStatus
read_known(MxReadContext *ctx, const MxClassReader *reader,
           const MxValue *value, MxNodeId in, MxAnswers *out, MxError *err)
{
	ctx->class_name = known_name(reader, mx_value_class(value));
	if (ctx->path[0] == '\0')
		snprintf(ctx->path, sizeof(ctx->path), "%s", ctx->class_name);
	MX_TRY(mx_note_version(ctx, value, err));
	return reader->read(ctx, value, in, out, err);
}

static MxStatus
read_here(MxReadContext *ctx, const MxValue *value, MxNodeId in, MxAnswers *out,
          MxError *err)
{
	const MxGlobal *name = value == NULL ? NULL : mx_value_class(value);
	const MxClassReader *reader;
	MxStatus status;

	if (name == NULL)
		return refuse_value(ctx, value, err);
	reader = mx_find_class_reader(name);
	if (reader == NULL)
		return refuse_class(ctx, value, name, err);
	/* The class itself, which no one has made an object of. */
	if (value->kind != MX_VALUE_OBJECT)
		return refuse_value(ctx, value, err);
	status = read_known(ctx, reader, value, in, out, err);
	return status == MX_OK || ctx->depth == 1 ? status
	                                          : add_path(ctx, status, err);
}

MxStatus
mx_charge(MxReadContext *ctx, size_t steps, MxError *err)
{
	if (steps > MX_MAX_WORK - ctx->work)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "artifact repeats its parts too often");
	ctx->work += steps;
	return mx_poll(ctx->limits, err);
}

static size_t
n_attributes(const MxValue *value)
{
	const MxValue *state = value != NULL && value->kind == MX_VALUE_OBJECT
	                           ? value->as.object.state
	                           : NULL;

	return state != NULL && state->kind == MX_VALUE_DICT ? state->as.entries.n
	                                                     : 0;
}

static MxStatus
enter(MxReadContext *ctx, const MxValue *value, const char *label, Outer *outer,
      MxError *err)
{
	size_t size = strlen(ctx->path);

	if (++ctx->depth > MX_MAX_ESTIMATOR_DEPTH)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "estimators are nested more than %d deep",
		               MX_MAX_ESTIMATOR_DEPTH);
	MX_TRY(
	    mx_charge(ctx, ESTIMATOR_STEPS + LOOKUPS * n_attributes(value), err));
	*outer = (Outer){ctx->version, ctx->class_name, size};
	if (size > 0)
		snprintf(ctx->path + size, sizeof(ctx->path) - size, ".%s", label);
	return MX_OK;
}

MxStatus
mx_read_estimator(MxReadContext *ctx, const MxValue *value, const char *label,
                  MxNodeId in, MxAnswers *out, MxError *err)
{
	Outer outer;

	memset(out, 0, sizeof(*out));
	MX_TRY(enter(ctx, value, label, &outer, err));
	MX_TRY(read_here(ctx, value, in, out, err));
	ctx->version = outer.version;
	ctx->class_name = outer.class_name;
	ctx->path[outer.path_size] = '\0';
	ctx->depth--;
	return MX_OK;
}

MxStatus
mx_read_child(MxReadContext *ctx, const MxValue *object, const char *attr,
              MxNodeId in, MxAnswers *out, MxError *err)
{
	const MxValue *value;

	MX_TRY(mx_require(ctx, object, attr, &value, err));
	return mx_read_estimator(ctx, value, attr, in, out, err);
}
