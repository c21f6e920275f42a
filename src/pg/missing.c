/* missing.c */
/* Says which features a row or an object lacks, and what it may mean. */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "pg/binding.h"

/* A row may have 1600 columns; nobody reads that many. */
#define MAX_LISTED 40
/* Names further apart than this are not one misspelt. */
#define MAX_DISTANCE 3

static void
append_name(StringInfo list, const char *name, int position)
{
	if (position == MAX_LISTED)
		appendStringInfoString(list, ", ...");
	if (position < MAX_LISTED)
		appendStringInfo(list, "%s\"%s\"", position > 0 ? ", " : "", name);
}

static bool
is_long(const char *name)
{
	/* The distance is computed in quadratic time. */
	return strlen(name) >= NAMEDATALEN;
}

static const char *
nearest(const char *name, const char *const *have, int n_have)
{
	const char *best = NULL;
	int best_distance = MAX_DISTANCE + 1;
	int length = (int) strlen(name);
	int i;

	for (i = 0; i < n_have && !is_long(name); i++)
	{
		int distance;

		if (is_long(have[i]))
			continue;
		distance = varstr_levenshtein_less_equal(name, length, have[i],
		                                         (int) strlen(have[i]), 1, 1, 1,
		                                         best_distance - 1, true);
		/* As many changes as letters is another word. */
		if (distance >= best_distance || distance * 2 > length)
			continue;
		best = have[i];
		best_distance = distance;
	}
	return best;
}

/* The hint for the first missing feature that has one; NULL when none has. */
static char *
suggest(const MxpgTarget *target, const bool *is_missing,
        const char *const *have, int n_have)
{
	size_t i;

	for (i = 0; i < target->n_inputs; i++)
	{
		const char *name =
		    is_missing[i] ? nearest(target->names[i], have, n_have) : NULL;

		if (name != NULL)
			return psprintf("Perhaps you meant \"%s\" to be \"%s\".", name,
			                target->names[i]);
	}
	return NULL;
}

void
mxpg_refuse_missing(const MxpgTarget *target, const bool *is_missing,
                    const char *what, const char *const *have, int n_have)
{
	bool is_object = strcmp(what, "object") == 0;
	StringInfoData missing;
	StringInfoData present;
	int n_missing = 0;
	char *hint;
	size_t i;

	initStringInfo(&missing);
	initStringInfo(&present);
	for (i = 0; i < target->n_inputs; i++)
		if (is_missing[i])
			append_name(&missing, target->names[i], n_missing++);
	for (i = 0; i < (size_t) n_have; i++)
		append_name(&present, have[i], (int) i);
	hint = suggest(target, is_missing, have, n_have);
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
	                errmsg("%s lacks %d %s%s required by model \"%s\"", what,
	                       n_missing, is_object ? "key" : "column",
	                       n_missing == 1 ? "" : "s", target->version.name),
	                errdetail("Missing: %s. The %s has: %s.", missing.data,
	                          what, n_have > 0 ? present.data : "nothing"),
	                hint == NULL ? 0 : errhint("%s", hint)));
}
