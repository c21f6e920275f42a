/* metadata.c */
/* What a registrar says of a model, checked against the artifact. */
#include "postgres.h"

#include "utils/builtins.h"

#include "pg/compat.h"
#include "pg/facts.h"

const JsonbValue *
mxpg_json_key(const JsonbContainer *object, const char *key)
{
	JsonbValue *value = getKeyJsonValueFromContainer(
	    unconstify(JsonbContainer *, object), key, (int) strlen(key), NULL);

	return value == NULL || value->type == jbvNull ? NULL : value;
}

static void
refuse_kind(const char *what, const char *kind)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	                errmsg("%s of the metadata is not %s", what, kind)));
}

const JsonbContainer *
mxpg_json_array(const JsonbValue *value, const char *what)
{
	if (value == NULL || value->type != jbvBinary ||
	    !JsonContainerIsArray(value->val.binary.data))
		refuse_kind(what, "an array");
	return value->val.binary.data;
}

const JsonbContainer *
mxpg_json_object(const JsonbValue *value, const char *what)
{
	if (value == NULL || value->type != jbvBinary ||
	    !JsonContainerIsObject(value->val.binary.data))
		refuse_kind(what, "an object");
	return value->val.binary.data;
}

char *
mxpg_json_string(const JsonbValue *value, const char *what)
{
	if (value->type != jbvString)
		refuse_kind(what, "a string");
	return pnstrdup(value->val.string.val, value->val.string.len);
}

Datum
mxpg_json_datum(const JsonbValue *value)
{
	if (value == NULL)
		return 0;
	return JsonbPGetDatum(JsonbValueToJsonb(unconstify(JsonbValue *, value)));
}

static void
check_sklearn_version(const JsonbContainer *given, const MxPlan *plan)
{
	const JsonbValue *value = mxpg_json_key(given, "sklearn_version");
	char *found = mxpg_sklearn_version(plan);
	char *claimed;

	if (value == NULL)
		return;
	claimed = mxpg_json_string(value, "sklearn_version");
	if (found != NULL && strcmp(claimed, found) != 0)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("artifact was written by scikit-learn %s, not %s",
		                found, claimed),
		         errdetail("The metadata claims otherwise in "
		                   "sklearn_version.")));
}

/*
 * Types that say beyond doubt what a feature holds; any other name is kept as
 * it is given, for pandas calls almost anything "object".
 */
static bool
contradicts(const char *type, MxColumnKind kind)
{
	static const char *const numbers[] = {
	    "number", "int",     "integer", "long",    "float",   "double",
	    "int4",   "int8",    "int16",   "int32",   "int64",   "float4",
	    "float8", "float32", "float64", "numeric", "boolean", "bool"};
	static const char *const texts[] = {"text", "string", "str"};
	size_t i;

	if (kind == MX_COLUMN_NUMBER)
	{
		for (i = 0; i < lengthof(texts); i++)
			if (pg_strcasecmp(type, texts[i]) == 0)
				return true;
		return false;
	}
	for (i = 0; i < lengthof(numbers); i++)
		if (pg_strcasecmp(type, numbers[i]) == 0)
			return true;
	return false;
}

/* {"name": ..., "type": ...}, or the name alone. */
static char *
read_feature(const JsonbValue *value, MxColumnKind kind)
{
	const JsonbContainer *object;
	const JsonbValue *name;
	const JsonbValue *type;
	char *type_name;

	if (value->type == jbvString)
		return mxpg_json_string(value, "feature");
	object = mxpg_json_object(value, "feature");
	name = mxpg_json_key(object, "name");
	if (name == NULL)
		refuse_kind("name of a feature", "given");
	type = mxpg_json_key(object, "type");
	type_name = type == NULL ? NULL : mxpg_json_string(type, "feature type");
	if (type_name != NULL && contradicts(type_name, kind))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("feature \"%s\" is a %s, not of type %s",
		                       mxpg_json_string(name, "feature name"),
		                       kind == MX_COLUMN_TEXT ? "text" : "number",
		                       type_name)));
	return mxpg_json_string(name, "feature name");
}

static void
check_no_double(char *const *names, int n)
{
	int i;
	int j;

	for (i = 0; i < n; i++)
		for (j = 0; j < i; j++)
			if (strcmp(names[i], names[j]) == 0)
				ereport(ERROR,
				        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				         errmsg("feature \"%s\" is named twice", names[i])));
}

/* The artifact's own names are what the model was fitted with. */
static void
check_own_names(char *const *names, int n, const MxPlan *plan)
{
	int i;

	for (i = 0; i < n; i++)
	{
		char *own = mxpg_server_text(mx_plan_input(plan, (size_t) i).name);

		if (strcmp(names[i], own) != 0)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("feature %d of the artifact is \"%s\", not \"%s\"",
			                i + 1, own, names[i])));
	}
}

static void
read_features(const JsonbValue *value, const MxPlan *plan, MxpgMetadata *out)
{
	const JsonbContainer *array = mxpg_json_array(value, "features");
	int n = (int) JsonContainerSize(array);
	char **names = palloc_array(char *, n + 1);
	int i;

	if (n != (int) mx_plan_n_inputs(plan))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("artifact has %zu features, not %d",
		                       mx_plan_n_inputs(plan), n)));
	for (i = 0; i < n; i++)
		names[i] =
		    read_feature(getIthJsonbValueFromContainer(
		                     unconstify(JsonbContainer *, array), (uint32) i),
		                 mx_plan_input(plan, (size_t) i).kind);
	check_no_double(names, n);
	if (mx_plan_has_names(plan))
	{
		check_own_names(names, n, plan);
		return;
	}
	out->n_features = n;
	out->features = names;
}

void
mxpg_read_metadata(Jsonb *given, const MxPlan *plan, MxpgMetadata *out)
{
	const JsonbContainer *keys;
	const JsonbValue *value;

	memset(out, 0, sizeof(*out));
	out->given = given == NULL ? DatumGetJsonbP(mxpg_jsonb("{}")) : given;
	if (!JB_ROOT_IS_OBJECT(out->given))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("metadata is not an object")));
	keys = &out->given->root;
	check_sklearn_version(keys, plan);
	value = mxpg_json_key(keys, "features");
	if (value != NULL)
		read_features(value, plan, out);
	value = mxpg_json_key(keys, "python_version");
	if (value != NULL)
		out->python_version = mxpg_json_string(value, "python_version");
	out->hyperparameters = mxpg_json_key(keys, "hyperparameters");
	out->training_summary = mxpg_json_key(keys, "training_summary");
	out->metrics = mxpg_json_key(keys, "metrics");
	out->self_test = mxpg_json_key(keys, "self_test");
}
