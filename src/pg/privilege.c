/* privilege.c */
/* Who may do what with a model: rights kept by role name. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/snapmgr.h"

#include "pg/arguments.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/write.h"

#define EVERYBODY "public" /* no role can be called so */

const char *
mxpg_right_name(MxpgRight right)
{
	switch (right)
	{
		case MXPG_RIGHT_EXECUTE:
			return "EXECUTE";
		case MXPG_RIGHT_SELECT:
			return "SELECT";
		case MXPG_RIGHT_UPDATE:
			return "UPDATE";
	}
	return NULL;
}

/* A role that is gone, or not there after a restore, gives nobody a right. */
static bool
acts_as(const char *role)
{
	Oid oid = get_role_oid(role, true);

	return OidIsValid(oid) && has_privs_of_role(GetUserId(), oid);
}

bool
mxpg_is_owner(const char *owner)
{
	return superuser() || acts_as(owner);
}

/* right NULL: any. */
static bool
has_grant(const char *model, const char *right, bool grantable)
{
	ScanKeyData key;
	MxpgScan scan;
	HeapTuple tuple;
	bool found = false;

	mxpg_key_text(&key, PRIVILEGE_MODEL, model);
	mxpg_scan_begin(&scan, "model_privilege", "model_privilege_pkey",
	                GetActiveSnapshot(), 1, &key);
	while (!found && (tuple = mxpg_scan_next(&scan)) != NULL)
	{
		char *grantee = TextDatumGetCString(
		    mxpg_scan_value(&scan, tuple, PRIVILEGE_GRANTEE, NULL));
		char *granted = TextDatumGetCString(
		    mxpg_scan_value(&scan, tuple, PRIVILEGE_PRIVILEGE, NULL));
		bool may_grant = DatumGetBool(
		    mxpg_scan_value(&scan, tuple, PRIVILEGE_GRANTABLE, NULL));

		found = (right == NULL || strcmp(right, granted) == 0) &&
		        (may_grant || !grantable) &&
		        (strcmp(grantee, EVERYBODY) == 0 || acts_as(grantee));
	}
	mxpg_scan_end(&scan);
	return found;
}

bool
mxpg_may(const char *model, const char *owner, MxpgRight right)
{
	return mxpg_is_owner(owner) ||
	       has_grant(model, mxpg_right_name(right), false);
}

bool
mxpg_may_see(const char *model, const char *owner)
{
	return mxpg_is_owner(owner) || has_grant(model, NULL, false);
}

bool
mxpg_may_grant(const char *model, MxpgRight right)
{
	char owner[NAMEDATALEN];

	if (!mxpg_model_owner(model, owner))
		mxpg_raise_no_model(model);
	return mxpg_is_owner(owner) ||
	       has_grant(model, mxpg_right_name(right), true);
}

PG_FUNCTION_INFO_V1(model_ext_model_visible);

/* The views' filter: model_visible(name). */
Datum
model_ext_model_visible(PG_FUNCTION_ARGS)
{
	char *model = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char owner[NAMEDATALEN];

	PG_RETURN_BOOL(mxpg_model_owner(model, owner) &&
	               mxpg_may_see(model, owner));
}

static MxpgRight
parse_right(const char *name)
{
	int right;

	for (right = MXPG_RIGHT_EXECUTE; right <= MXPG_RIGHT_UPDATE; right++)
		if (pg_strcasecmp(name, mxpg_right_name(right)) == 0)
			return (MxpgRight) right;
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	                errmsg("unrecognized privilege \"%s\"", name),
	                errhint("Privileges of a model are EXECUTE, SELECT and "
	                        "UPDATE.")));
}

typedef struct GrantArgs
{
	char *model;
	char *grantee;
	int n_rights;
	MxpgRight *rights;
} GrantArgs;

/* model, grantee, privileges; raises unless the user may grant them all. */
static GrantArgs
get_grant_args(FunctionCallInfo fcinfo)
{
	GrantArgs args;
	Datum *names;
	bool *nulls;
	int i;

	args.model = mxpg_arg_text(fcinfo, 0, "model");
	args.grantee = mxpg_arg_text(fcinfo, 1, "grantee");
	mxpg_arg_need(fcinfo, 2, "privileges");
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), TEXTOID, -1, false,
	                  TYPALIGN_INT, &names, &nulls, &args.n_rights);
	args.rights = palloc_array(MxpgRight, args.n_rights);
	mxpg_push_fresh_snapshot();
	for (i = 0; i < args.n_rights; i++)
	{
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			                errmsg("privilege must not be null")));
		args.rights[i] = parse_right(TextDatumGetCString(names[i]));
		if (!mxpg_may_grant(args.model, args.rights[i]))
			ereport(ERROR,
			        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			         errmsg("permission denied for model \"%s\"", args.model)));
	}
	PopActiveSnapshot();
	return args;
}

static char *
grant_detail(const GrantArgs *args, int i)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"grantee\": ");
	escape_json(&json, args->grantee);
	appendStringInfo(&json, ", \"privilege\": \"%s\"}",
	                 mxpg_right_name(args->rights[i]));
	return json.data;
}

PG_FUNCTION_INFO_V1(model_ext_grant_model);

/* grant_model(model, grantee, privileges, grantable) */
Datum
model_ext_grant_model(PG_FUNCTION_ARGS)
{
	GrantArgs args = get_grant_args(fcinfo);
	MxpgWriter writer;
	int i;

	if (strcmp(args.grantee, EVERYBODY) != 0)
		get_role_oid(args.grantee, false);
	mxpg_write_begin(&writer);
	for (i = 0; i < args.n_rights; i++)
	{
		MXPG_RUN("INSERT INTO model_ext.model_privilege AS old"
		         " (model, grantee, privilege, grantable, grantor)"
		         " SELECT name, $2, $3, $4, $5 FROM model_ext.model"
		         " WHERE name OPERATOR(pg_catalog.=) $1 FOR KEY SHARE"
		         " ON CONFLICT (model, grantee, privilege) DO UPDATE"
		         " SET grantable = EXCLUDED.grantable,"
		         " grantor = EXCLUDED.grantor,"
		         " granted_at = EXCLUDED.granted_at",
		         mxpg_param_text(args.model), mxpg_param_text(args.grantee),
		         mxpg_param_text(mxpg_right_name(args.rights[i])),
		         mxpg_param_bool(PG_GETARG_BOOL(3)),
		         mxpg_param_text(mxpg_writer_name(&writer)));
		mxpg_record(&writer, args.model, 0, "grant", grant_detail(&args, i));
	}
	mxpg_write_end(&writer);
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(model_ext_revoke_model);

/*
 * revoke_model(model, grantee, privileges): the owner takes back every grant,
 * others those that they gave.
 */
Datum
model_ext_revoke_model(PG_FUNCTION_ARGS)
{
	GrantArgs args = get_grant_args(fcinfo);
	char owner[NAMEDATALEN];
	MxpgWriter writer;
	bool any_grantor;
	int i;

	mxpg_push_fresh_snapshot();
	if (!mxpg_model_owner(args.model, owner))
		mxpg_raise_no_model(args.model);
	any_grantor = mxpg_is_owner(owner);
	PopActiveSnapshot();
	mxpg_write_begin(&writer);
	for (i = 0; i < args.n_rights; i++)
		if (MXPG_RUN("DELETE FROM model_ext.model_privilege"
		             " WHERE model OPERATOR(pg_catalog.=) $1"
		             " AND grantee OPERATOR(pg_catalog.=) $2"
		             " AND privilege OPERATOR(pg_catalog.=) $3"
		             " AND ($4 OR grantor OPERATOR(pg_catalog.=) $5)",
		             mxpg_param_text(args.model), mxpg_param_text(args.grantee),
		             mxpg_param_text(mxpg_right_name(args.rights[i])),
		             mxpg_param_bool(any_grantor),
		             mxpg_param_text(mxpg_writer_name(&writer))) > 0)
			mxpg_record(&writer, args.model, 0, "revoke",
			            grant_detail(&args, i));
	mxpg_write_end(&writer);
	PG_RETURN_VOID();
}
