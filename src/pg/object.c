/* object.c */
/* Reads the features of one row from the keys of a jsonb object. */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "pg/binding.h"
#include "pg/compat.h"
#include "pg/object.h"

static const char *
kind_name(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			return "a JSON string";
		case jbvNumeric:
			return "a JSON number";
		case jbvBool:
			return "a JSON boolean";
		default:
			return "a nested JSON value";
	}
}

static void
store(MxpgTarget *target, const MxpgField *field, const JsonbValue *value)
{
	MxColumnKind kind = target->row.columns[field->input].kind;

	if (value->type == jbvNull)
		mxpg_row_set_null(&target->row, field);
	else if (kind == MX_COLUMN_NUMBER && value->type == jbvNumeric)
		mxpg_row_set_number(
		    &target->row, field,
		    mxpg_numeric_to_double(NumericGetDatum(value->val.numeric)));
	else if (kind == MX_COLUMN_NUMBER && value->type == jbvBool)
		mxpg_row_set_number(&target->row, field, value->val.boolean);
	else if (kind == MX_COLUMN_TEXT && value->type == jbvString)
		mxpg_row_set_text(&target->row, field, value->val.string.val,
		                  (size_t) value->val.string.len);
	else
		mxpg_refuse_type(field->name, target->version.name, kind,
		                 kind_name(value));
}

/* The keys of an object, in the current context. */
static const char **
keys_of(Jsonb *object, int *n_keys)
{
	int room = (int) JB_ROOT_COUNT(object);
	const char **keys = palloc(((size_t) room + 1) * sizeof(char *));
	JsonbIterator *iterator = JsonbIteratorInit(&object->root);
	JsonbIteratorToken token;
	JsonbValue value;
	int n = 0;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
		if (token == WJB_KEY && n < room)
			keys[n++] = pnstrdup(value.val.string.val, value.val.string.len);
	*n_keys = n;
	return keys;
}

/* The rare case: some feature is no key as it is written. */
static void
read_by_folded_names(MxpgTarget *target, Jsonb *object)
{
	bool *is_missing = palloc0(target->n_inputs + 1);
	bool lacks_any = false;
	int n_keys;
	const char **keys = keys_of(object, &n_keys);
	MxpgOffer *offers = palloc0((n_keys + 1) * sizeof(MxpgOffer));
	int i;

	for (i = 0; i < n_keys; i++)
		offers[i].name = keys[i];
	for (i = 0; i < target->n_fields; i++)
	{
		const MxpgField *field = &target->fields[i];
		int found = mxpg_find_offer(target->names, target->n_inputs,
		                            field->input, offers, n_keys, i, false);
		JsonbValue value;

		is_missing[field->input] = found < 0;
		lacks_any = lacks_any || found < 0;
		if (found < 0)
			continue;
		getKeyJsonValueFromContainer(&object->root, keys[found],
		                             (int) strlen(keys[found]), &value);
		store(target, field, &value);
	}
	if (lacks_any)
		mxpg_refuse_missing(target, is_missing, "object", keys, n_keys);
}

void
mxpg_object_read(MxpgTarget *target, Datum datum)
{
	Jsonb *object = DatumGetJsonbP(datum);
	int i;

	if (!JB_ROOT_IS_OBJECT(object))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("features of model \"%s\" must be a JSON object",
		                       target->version.name)));
	if (target->fields == NULL)
		mxpg_bind_to_names(target);
	for (i = 0; i < target->n_fields; i++)
	{
		const MxpgField *field = &target->fields[i];
		JsonbValue value;

		if (getKeyJsonValueFromContainer(&object->root, field->name,
		                                 (int) strlen(field->name),
		                                 &value) == NULL)
		{
			read_by_folded_names(target, object);
			return;
		}
		store(target, field, &value);
	}
}
