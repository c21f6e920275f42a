/* inspect.c */
/* inspect_artifact(): what is in a file, and whether it can be scored. */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/arguments.h"
#include "pg/compat.h"
#include "pg/facts.h"
#include "pg/input.h"
#include "pg/load.h"

static void
add_text(StringInfo json, const char *key, const char *text)
{
	appendStringInfo(json, ", \"%s\": ", key);
	mxpg_append_json(json, text);
}

static void
add_message(StringInfo json, const char *key, const char *utf8)
{
	if (utf8[0] != '\0')
		add_text(json, key, mxpg_message_text(utf8, strlen(utf8)));
}

/* What is malformed may be in no format at all. */
static void
add_file(StringInfo json, const MxpgCompiled *compiled, MxStatus status)
{
	char hex[2 * MXPG_SHA256_SIZE + 1] = {0};

	hex_encode((const char *) compiled->sha256, MXPG_SHA256_SIZE, hex);
	appendStringInfo(json, "{\"size\": %zu, \"sha256\": \"%s\"", compiled->size,
	                 hex);
	if (compiled->format.container == NULL)
		return;
	add_text(json, "container", compiled->format.container);
	appendStringInfo(json, ", \"size_uncompressed\": %zu",
	                 compiled->format.size_uncompressed);
	if (status != MX_OK && status != MX_ERR_UNSUPPORTED)
		return;
	add_text(json, "format", compiled->format.format);
	appendStringInfo(json, ", \"protocol\": %d", compiled->format.protocol);
}

static char *
classes_json(const MxPlan *plan)
{
	StringInfoData json;
	size_t output;
	size_t i;

	initStringInfo(&json);
	appendStringInfoChar(&json, '[');
	for (output = 0; output < mx_plan_n_outputs(plan); output++)
	{
		appendStringInfoString(&json, output > 0 ? ", [" : "[");
		for (i = 0; i < mx_plan_n_classes(plan, output); i++)
		{
			if (i > 0)
				appendStringInfoString(&json, ", ");
			mxpg_append_json(
			    &json, mxpg_server_text(mx_plan_class_label(plan, output, i)));
		}
		appendStringInfoChar(&json, ']');
	}
	appendStringInfoChar(&json, ']');
	return json.data;
}

static void
add_model(StringInfo json, const MxPlan *plan)
{
	MxModelInfo info = mx_plan_info(plan);
	size_t n = mx_plan_n_inputs(plan);
	char **names = NULL;
	size_t i;

	if (mx_plan_has_names(plan))
	{
		names = palloc_array(char *, n + 1);
		for (i = 0; i < n; i++)
			names[i] = mxpg_server_text(mx_plan_input(plan, i).name);
	}
	add_text(json, "class", mxpg_server_text(info.class_name));
	add_text(json, "sklearn_version", mxpg_sklearn_version(plan));
	appendStringInfo(json, ", \"description\": %s",
	                 mxpg_description_json(plan));
	appendStringInfo(json, ", \"inputs\": %s",
	                 mxpg_inputs_json(plan, (const char *const *) names));
	appendStringInfo(json, ", \"answers\": %s", mxpg_outputs_json(plan));
	appendStringInfo(json, ", \"classes\": %s",
	                 mx_plan_is_classifier(plan) ? classes_json(plan) : "null");
	appendStringInfo(json, ", \"steps\": %s", mxpg_steps_json(plan));
}

static void
add_refusal(StringInfo json, const MxError *err)
{
	add_message(json, "reason", err->message);
	add_message(json, "detail", err->detail);
	add_message(json, "hint", err->hint);
	if (err->offset != MX_NO_OFFSET)
		appendStringInfo(json, ", \"byte\": %zu", err->offset);
}

static MxStatus
attach(const MxpgCompiled *compiled, MemoryContext work, const MxPlan **plan,
       MxError *err)
{
	MxHeap heap = mxpg_heap(work);
	MxArena *arena = mx_arena_create(&heap, mxpg_limits().max_memory);
	const void *image;
	size_t size;

	if (arena == NULL)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	MX_TRY(mxpg_image_to_memory(compiled->writer, work, &image, &size, err));
	return mx_plan_attach(image, size, arena, plan, err);
}

/* What the artifact is to blame for is told; the rest is an error. */
static bool
is_about_artifact(MxStatus status)
{
	return status != MX_ERR_CANCELED && status != MX_ERR_NO_MEMORY &&
	       status != MX_ERR_INTERNAL;
}

PG_FUNCTION_INFO_V1(model_ext_inspect_artifact);

/* inspect_artifact(artifact) */
Datum
model_ext_inspect_artifact(PG_FUNCTION_ARGS)
{
	bytea *artifact = PG_GETARG_BYTEA_PP(0);
	MemoryContext work = AllocSetContextCreate(
	    CurrentMemoryContext, "model_ext inspection", ALLOCSET_DEFAULT_SIZES);
	MxpgInput *input =
	    mxpg_input_bytes(VARDATA_ANY(artifact), VARSIZE_ANY_EXHDR(artifact));
	const MxPlan *plan = NULL;
	MxpgCompiled compiled;
	MxError err = {0};
	StringInfoData json;

	if (mxpg_compile(&input->source, work, &compiled, &err) == MX_OK)
		(void) attach(&compiled, work, &plan, &err);
	if (err.status != MX_OK && !is_about_artifact(err.status))
		mxpg_raise(&err, NULL, 0);
	initStringInfo(&json);
	add_file(&json, &compiled, err.status);
	appendStringInfo(&json, ", \"supported\": %s",
	                 err.status == MX_OK ? "true" : "false");
	if (err.status == MX_OK)
		add_model(&json, plan);
	else
		add_refusal(&json, &err);
	appendStringInfoChar(&json, '}');
	MemoryContextDelete(work);
	PG_RETURN_DATUM(mxpg_jsonb(json.data));
}
