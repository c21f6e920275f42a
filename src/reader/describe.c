/* describe.c */
/* Says in JSON what an artifact holds: classes, parameters, steps. */
#include "reader/internal.h"
#include "reader/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DESCRIPTION_BYTES ((size_t) 64 * 1024)
#define MOST_DEPTH 8        /* estimators in estimators */
#define MOST_ITEMS 16       /* of a list that is a parameter */
#define MOST_ATTRIBUTES 256 /* honest estimators have some 50 */

/* Lists of (name, estimator, ...), and attributes that are one estimator. */
static const char *const step_lists[] = {"steps", "transformer_list",
                                         "transformers_", NULL};
/* Told by the lists above, or of no use to a reader. */
static const char *const left_out[] = {"transformers", "memory", NULL};
static const char *const nested[] = {"best_estimator_", "estimator_", NULL};

/* What fitting found out, where it is a plain value. */
static const char *const summary[] = {"n_features_in_",
                                      "n_samples_seen_",
                                      "n_iter_",
                                      "best_score_",
                                      "best_params_",
                                      "oob_score_",
                                      "n_components_",
                                      "inertia_",
                                      "n_outputs_",
                                      "n_estimators_",
                                      NULL};

static void describe_estimator(MxJson *json, const MxValue *value,
                               unsigned depth);
static void describe_value(MxJson *json, const MxValue *value, unsigned depth);

static void
describe_number(MxJson *json, double number)
{
	char buffer[MX_REPR_SIZE];
	const char *text = mx_repr_number(number, false, buffer);

	if (isfinite(number))
		mx_json_raw(json, text);
	else
		mx_json_text(json, mx_text_from(text));
}

static void
describe_array(MxJson *json, const MxArray *array)
{
	char text[160];
	char dtype[32];
	size_t used;
	size_t i;

	used = (size_t) snprintf(text, sizeof(text), "array of %s",
	                         mx_dtype_name(array->dtype, dtype));
	for (i = 0; i < array->rank && i < 4; i++)
		used += (size_t) snprintf(text + used, sizeof(text) - used, "%s%zu",
		                          i == 0 ? ", " : " x ", array->shape[i]);
	mx_json_text(json, mx_text_from(text));
}

static void
describe_items(MxJson *json, MxItems items, unsigned depth)
{
	const MxText no_key = {NULL, 0};
	size_t i;

	mx_json_open(json, '[');
	for (i = 0; i < items.n && i < MOST_ITEMS; i++)
		if (mx_json_item(json, no_key))
			describe_value(json, items.items[i], depth + 1);
	if (items.n > MOST_ITEMS && mx_json_item(json, no_key))
		mx_json_text(json, MX_TEXT_LITERAL("..."));
	mx_json_close(json, ']');
}

static void
describe_entries(MxJson *json, MxEntries entries, unsigned depth)
{
	MxText key;
	size_t i;

	mx_json_open(json, '{');
	for (i = 0; i < entries.n && i < MOST_ITEMS; i++)
		if (mx_value_to_text(entries.keys[i], &key) && mx_json_item(json, key))
			describe_value(json, entries.values[i], depth + 1);
	mx_json_close(json, '}');
}

static void
describe_object(MxJson *json, const MxValue *value)
{
	const MxGlobal *name = mx_value_class(value);
	char text[MX_SHOWN_SIZE];
	size_t size;

	if (name == NULL)
	{
		mx_json_text(json, MX_TEXT_LITERAL("object"));
		return;
	}
	/* Without the quotes around it. */
	mx_quote_class(name, text);
	size = strlen(text);
	mx_json_text(json, (MxText){text + 1, size < 2 ? 0 : size - 2});
}

static void
describe_value(MxJson *json, const MxValue *value, unsigned depth)
{
	MxItems items;
	double number;

	if (mx_value_is_none(value))
		mx_json_raw(json, "null");
	else if (value->kind == MX_VALUE_BOOL)
		mx_json_raw(json, value->as.boolean ? "true" : "false");
	else if (value->kind == MX_VALUE_INTEGER)
		mx_json_integer(json, value->as.integer);
	else if (mx_value_to_number(value, &number))
		describe_number(json, number);
	else if (value->kind == MX_VALUE_TEXT)
		mx_json_text(json, value->as.text);
	else if (value->kind == MX_VALUE_ARRAY)
		describe_array(json, value->as.array);
	else if (depth < MOST_DEPTH && mx_value_to_items(value, &items))
		describe_items(json, items, depth);
	else if (depth < MOST_DEPTH && value->kind == MX_VALUE_DICT)
		describe_entries(json, value->as.entries, depth);
	else if (value->kind == MX_VALUE_OBJECT || value->kind == MX_VALUE_GLOBAL)
		describe_object(json, value);
	else
		mx_json_text(json, mx_text_from(mx_value_kind_name(value)));
}

static bool
is_listed(const char *const *list, MxText name)
{
	size_t i;

	for (i = 0; list[i] != NULL; i++)
		if (mx_text_is(name, list[i]))
			return true;
	return false;
}

/* The attributes by name: the state, or the first half of (state, slots). */
static const MxValue *
attributes_of(const MxValue *object)
{
	const MxValue *state;

	if (object->kind != MX_VALUE_OBJECT)
		return NULL;
	state = object->as.object.state;
	if (state != NULL && state->kind == MX_VALUE_TUPLE && state->as.items.n > 0)
		state = state->as.items.items[0];
	return state != NULL && state->kind == MX_VALUE_DICT ? state : NULL;
}

/* Constructor parameters are spelled without underscores at either end. */
static void
describe_parameters(MxJson *json, const MxValue *state, unsigned depth)
{
	MxText key;
	size_t i;

	mx_json_open(json, '{');
	for (i = 0; i < state->as.entries.n; i++)
	{
		if (!mx_value_to_text(state->as.entries.keys[i], &key) ||
		    key.size == 0 || key.data[0] == '_' ||
		    key.data[key.size - 1] == '_' || is_listed(step_lists, key) ||
		    is_listed(left_out, key))
			continue;
		if (mx_json_item(json, key))
			describe_value(json, state->as.entries.values[i], depth);
	}
	mx_json_close(json, '}');
}

static void
describe_fitted(MxJson *json, const MxValue *object, unsigned depth)
{
	const MxValue *value;
	size_t i;

	mx_json_open(json, '{');
	for (i = 0; summary[i] != NULL; i++)
	{
		value = mx_attribute(object, summary[i]);
		if (!mx_value_is_none(value) &&
		    mx_json_item(json, mx_text_from(summary[i])))
			describe_value(json, value, depth);
	}
	mx_json_close(json, '}');
}

/* One (name, estimator, columns). */
static void
describe_step(MxJson *json, const MxValue *step, unsigned depth)
{
	MxItems parts;

	mx_json_open(json, '{');
	if (mx_value_to_items(step, &parts) && parts.n >= 2)
	{
		if (mx_json_item(json, MX_TEXT_LITERAL("name")))
			describe_value(json, parts.items[0], MOST_DEPTH);
		if (parts.items[1]->kind != MX_VALUE_OBJECT &&
		    mx_json_item(json, MX_TEXT_LITERAL("is")))
			describe_value(json, parts.items[1], MOST_DEPTH);
		if (parts.items[1]->kind == MX_VALUE_OBJECT)
			describe_estimator(json, parts.items[1], depth + 1);
		if (parts.n >= 3 && mx_json_item(json, MX_TEXT_LITERAL("columns")))
			describe_value(json, parts.items[2], depth);
	}
	mx_json_close(json, '}');
}

static void
describe_steps(MxJson *json, const MxValue *object, unsigned depth)
{
	const MxText no_key = {NULL, 0};
	MxItems items;
	size_t k;
	size_t i;

	for (k = 0; step_lists[k] != NULL; k++)
	{
		if (!mx_value_to_items(mx_attribute(object, step_lists[k]), &items) ||
		    !mx_json_item(json, MX_TEXT_LITERAL("steps")))
			continue;
		mx_json_open(json, '[');
		for (i = 0; i < items.n && mx_json_item(json, no_key); i++)
			describe_step(json, items.items[i], depth);
		mx_json_close(json, ']');
		return;
	}
}

/* The members of an estimator's object; the caller opens and closes it. */
static void
describe_estimator(MxJson *json, const MxValue *value, unsigned depth)
{
	const MxGlobal *name = mx_value_class(value);
	const MxValue *state = attributes_of(value);
	const MxValue *child;
	size_t i;

	if (name != NULL && mx_json_item(json, MX_TEXT_LITERAL("class")))
		mx_json_text(json, name->name);
	if (name != NULL && mx_json_item(json, MX_TEXT_LITERAL("module")))
		mx_json_text(json, name->module);
	/* An artifact may hold a huge one many times over. */
	if (depth >= MOST_DEPTH || state == NULL ||
	    state->as.entries.n > MOST_ATTRIBUTES)
		return;
	if (mx_json_item(json, MX_TEXT_LITERAL("parameters")))
		describe_parameters(json, state, depth);
	if (mx_json_item(json, MX_TEXT_LITERAL("fitted")))
		describe_fitted(json, value, depth);
	describe_steps(json, value, depth);
	for (i = 0; nested[i] != NULL; i++)
	{
		child = mx_attribute(value, nested[i]);
		if (mx_value_is_none(child) || child->kind != MX_VALUE_OBJECT ||
		    !mx_json_item(json, mx_text_from(nested[i])))
			continue;
		mx_json_open(json, '{');
		describe_estimator(json, child, depth + 1);
		mx_json_close(json, '}');
	}
}

MxStatus
mx_describe(const MxValue *root, MxArena *scratch, MxArena *arena, MxText *out,
            MxError *err)
{
	MxText text;
	MxJson json;

	MX_TRY(mx_json_create(scratch, DESCRIPTION_BYTES, &json, err));
	mx_json_open(&json, '{');
	describe_estimator(&json, root, 0);
	if (json.is_cut)
		mx_json_raw(&json, ", \"is_cut\": true");
	mx_json_close(&json, '}');
	text = (MxText){json.data, json.size};
	return mx_text_copy(arena, text, out, err);
}
