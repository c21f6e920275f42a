/* binding.c */
/* Which of the values offered is which feature: by name or by position. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "pg/binding.h"
#include "pg/compat.h"

#define NO_OFFER (-1)
#define SEVERAL_OFFERS (-2)

MxpgOffer *
mxpg_offers_of(TupleDesc columns)
{
	MxpgOffer *offers = palloc0((columns->natts + 1) * sizeof(MxpgOffer));
	int i;

	for (i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);

		if (column->attisdropped)
			continue;
		offers[i].name = NameStr(column->attname);
		offers[i].type = column->atttypid;
	}
	return offers;
}

static int
find_exact(const char *name, const MxpgOffer *offers, int n, int likely,
           bool may_repeat)
{
	int found = NO_OFFER;
	int i;

	/* Rows mostly have the features in the model's order. */
	if (likely < n && offers[likely].name != NULL &&
	    strcmp(offers[likely].name, name) == 0)
		found = likely;
	if (found != NO_OFFER && !may_repeat)
		return found;
	for (i = 0; i < n; i++)
	{
		if (i == found || offers[i].name == NULL ||
		    offers[i].name[0] != name[0] || strcmp(offers[i].name, name) != 0)
			continue;
		if (found != NO_OFFER)
			return SEVERAL_OFFERS;
		found = i;
	}
	return found;
}

/* SQL folds Age to age; but "Age" and "age" may both be features. */
static int
find_folded(const char *const *names, size_t n_names, size_t feature,
            const MxpgOffer *offers, int n)
{
	int found = NO_OFFER;
	size_t j;
	int i;

	for (i = 0; i < n; i++)
	{
		if (offers[i].name == NULL ||
		    pg_strcasecmp(offers[i].name, names[feature]) != 0)
			continue;
		if (found != NO_OFFER)
			return NO_OFFER;
		found = i;
	}
	for (j = 0; found != NO_OFFER && j < n_names; j++)
		if (j != feature && pg_strcasecmp(names[j], names[feature]) == 0)
			return NO_OFFER;
	return found;
}

int
mxpg_find_offer(const char *const *names, size_t n_names, size_t i,
                const MxpgOffer *offers, int n_offers, int likely,
                bool may_repeat)
{
	int found = find_exact(names[i], offers, n_offers, likely, may_repeat);

	if (found == NO_OFFER)
		found = find_folded(names, n_names, i, offers, n_offers);
	return found;
}

void
mxpg_need_names(const MxpgTarget *target)
{
	if (target->has_names)
		return;
	ereport(
	    ERROR,
	    (errcode(ERRCODE_INDETERMINATE_DATATYPE),
	     errmsg("features of model \"%s\" have no names", target->version.name),
	     errhint("Pass the values by position, or register the model with "
	             "\"features\" in its metadata.")));
}

static void
add_field(MxpgTarget *target, size_t input, int source, Oid type)
{
	MxInput about = mx_plan_input(target->plan, input);
	MxpgField *field = &target->fields[target->n_fields];

	/* Of a value that is never read, the type does not matter. */
	if (!mx_scorer_reads(target->scorer, input))
		return;
	field->cast = mxpg_cast(type, about.kind);
	field->is_category = about.is_category;
	field->source = source;
	field->input = input;
	field->cell = input * target->stride;
	field->name = target->names[input];
	if (field->cast == MXPG_CAST_REFUSED)
		mxpg_refuse_type(field->name, target->version.name, about.kind,
		                 format_type_be(type));
	target->n_fields++;
}

static int
compare_sources(const void *a, const void *b)
{
	return ((const MxpgField *) a)->source - ((const MxpgField *) b)->source;
}

void
mxpg_sort_fields(MxpgTarget *target)
{
	qsort(target->fields, (size_t) target->n_fields, sizeof(MxpgField),
	      compare_sources);
}

static void
begin_binding(MxpgTarget *target)
{
	mxpg_target_unbind(target);
	target->fields = MemoryContextAlloc(
	    target->binding_context, (target->n_inputs + 1) * sizeof(MxpgField));
}

static void
refuse_ambiguous(const MxpgTarget *target, const char *name)
{
	ereport(ERROR, (errcode(ERRCODE_AMBIGUOUS_COLUMN),
	                errmsg("column \"%s\" required by model \"%s\" is "
	                       "ambiguous",
	                       name, target->version.name)));
}

static void
refuse_unbound(const MxpgTarget *target, MxpgOfferKind kind,
               const bool *is_missing, const MxpgOffer *offers, int n_offers)
{
	const char **have = palloc((n_offers + 1) * sizeof(char *));
	int n_have = 0;
	int i;

	if (kind == MXPG_OFFER_PLANNED)
		ereport(ERROR,
		        (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
		         errmsg("features of model \"%s\" changed after the statement "
		                "was planned",
		                target->version.name),
		         errhint("Repeat the statement.")));
	for (i = 0; i < n_offers; i++)
		if (offers[i].name != NULL)
			have[n_have++] = offers[i].name;
	mxpg_refuse_missing(target, is_missing,
	                    kind == MXPG_OFFER_RELATION ? "table" : "row", have,
	                    n_have);
}

void
mxpg_bind_by_name(MxpgTarget *target, MxpgOfferKind kind,
                  const MxpgOffer *offers, int n_offers)
{
	bool *is_missing = palloc0(target->n_inputs + 1);
	bool lacks_any = false;
	int likely = 0;
	size_t i;

	mxpg_need_names(target);
	begin_binding(target);
	for (i = 0; i < target->n_inputs; i++)
	{
		int found;

		if (!mx_plan_input(target->plan, i).is_used)
			continue;
		found = mxpg_find_offer(target->names, target->n_inputs, i, offers,
		                        n_offers, likely, kind == MXPG_OFFER_RECORD);
		if (found == SEVERAL_OFFERS)
			refuse_ambiguous(target, target->names[i]);
		is_missing[i] = found == NO_OFFER;
		lacks_any = lacks_any || is_missing[i];
		if (found == NO_OFFER || lacks_any)
			continue;
		add_field(target, i, found, offers[found].type);
		likely = found + 1;
	}
	if (lacks_any)
		refuse_unbound(target, kind, is_missing, offers, n_offers);
	mxpg_sort_fields(target);
}

static void
refuse_count(const MxpgTarget *target, int n, const char *hint)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	                errmsg_plural("model \"%s\" expects %zu feature, not %d",
	                              "model \"%s\" expects %zu features, not %d",
	                              target->n_inputs, target->version.name,
	                              target->n_inputs, n),
	                hint == NULL ? 0 : errhint("%s", hint)));
}

void
mxpg_refuse_count(const MxpgTarget *target, int n)
{
	refuse_count(target, n, NULL);
	pg_unreachable();
}

/* A document in quotes is a text, if nobody says otherwise. */
static bool
may_be_json(Oid type)
{
	return type == UNKNOWNOID || type == TEXTOID || type == JSONOID;
}

void
mxpg_bind_by_position(MxpgTarget *target, const Oid *types, int n_types)
{
	size_t i;

	if ((size_t) n_types != target->n_inputs)
		refuse_count(target, n_types,
		             n_types == 1 && may_be_json(types[0])
		                 ? "A JSON object is passed as jsonb."
		                 : NULL);
	begin_binding(target);
	for (i = 0; i < target->n_inputs; i++)
		add_field(target, i, (int) i, types[i]);
}

void
mxpg_bind_to_names(MxpgTarget *target)
{
	size_t i;

	mxpg_need_names(target);
	begin_binding(target);
	for (i = 0; i < target->n_inputs; i++)
	{
		MxInput about = mx_plan_input(target->plan, i);
		Oid type = about.kind == MX_COLUMN_NUMBER ? FLOAT8OID : TEXTOID;

		if (about.is_used)
			add_field(target, i, (int) i, type);
	}
}
