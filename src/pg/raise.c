/* raise.c */
/* Turns a failure of the core into an error of PostgreSQL. */
#include "postgres.h"

#include "catalog/namespace.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "pg/mxpg.h"

int
mxpg_sqlstate(MxStatus status)
{
	switch (status)
	{
		case MX_OK:
			return ERRCODE_SUCCESSFUL_COMPLETION;
		case MX_ERR_TRUNCATED:
		case MX_ERR_MALFORMED:
			return ERRCODE_INVALID_BINARY_REPRESENTATION;
		case MX_ERR_UNSUPPORTED:
			return ERRCODE_FEATURE_NOT_SUPPORTED;
		case MX_ERR_LIMIT:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case MX_ERR_MISMATCH:
		case MX_ERR_VALUE:
			return ERRCODE_INVALID_PARAMETER_VALUE;
		case MX_ERR_MISSING:
			return ERRCODE_NULL_VALUE_NOT_ALLOWED;
		case MX_ERR_NO_MEMORY:
			return ERRCODE_OUT_OF_MEMORY;
		case MX_ERR_CANCELED:
			return ERRCODE_QUERY_CANCELED;
		case MX_ERR_INTERNAL:
			return ERRCODE_INTERNAL_ERROR;
	}
	return ERRCODE_INTERNAL_ERROR;
}

static char *
replace_non_ascii(const char *text, size_t size)
{
	char *plain = pnstrdup(text, size);
	char *at;

	for (at = plain; *at != '\0'; at++)
		if (IS_HIGHBIT_SET(*at))
			*at = '?';
	return plain;
}

/*
 * A message must come out whatever the database's encoding can say, so what
 * cannot be converted becomes question marks instead of a second error.
 */
char *
mxpg_message_text(const char *utf8, size_t size)
{
	int encoding = GetDatabaseEncoding();
	size_t room = size * MAX_CONVERSION_GROWTH + 1;
	unsigned char *out;
	Oid proc;

	if (encoding == PG_UTF8 || encoding == PG_SQL_ASCII)
		return pnstrdup(utf8, size);
	proc = FindDefaultConversionProc(PG_UTF8, encoding);
	if (!OidIsValid(proc))
		return replace_non_ascii(utf8, size);
	out = palloc(room);
	if (pg_do_encoding_conversion_buf(
	        proc, PG_UTF8, encoding, (unsigned char *) unconstify(char *, utf8),
	        (int) size, out, (int) room, true) < (int) size)
		return replace_non_ascii(utf8, size);
	return (char *) out;
}

static char *
whole_message(const char *utf8)
{
	return mxpg_message_text(utf8, strlen(utf8));
}

static char *
describe_place(const MxError *err, const char *model, int version)
{
	StringInfoData place;

	initStringInfo(&place);
	if (model != NULL)
		appendStringInfo(&place, "model \"%s\"", model);
	if (model != NULL && version > 0)
		appendStringInfo(&place, " version %d", version);
	if (err->offset != MX_NO_OFFSET)
		appendStringInfo(&place, "%sbyte %zu", place.len > 0 ? ", " : "",
		                 err->offset);
	return place.data;
}

static void
add_place(void *place)
{
	errcontext("%s", (const char *) place);
}

void
mxpg_raise(const MxError *err, const char *model, int version)
{
	char *place = describe_place(err, model, version);
	ErrorContextCallback callback = {error_context_stack, add_place, place};

	/* Says it in PostgreSQL's own words: user, timeout, shutdown. */
	if (err->status == MX_ERR_CANCELED)
		CHECK_FOR_INTERRUPTS();
	if (place[0] != '\0')
		error_context_stack = &callback;
	ereport(
	    ERROR,
	    (errcode(mxpg_sqlstate(err->status)),
	     errmsg("%s", whole_message(err->message)),
	     err->detail[0] == '\0' ? 0
	                            : errdetail("%s", whole_message(err->detail)),
	     err->hint[0] == '\0' ? 0 : errhint("%s", whole_message(err->hint))));
}
