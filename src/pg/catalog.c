/* catalog.c */
/* From a model's name to the version, and so the artifact, that it means. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/settings.h"

/* A name taken apart: "churn", "churn/3", "churn@candidate". */
typedef struct Spec
{
	char name[MXPG_NAME_SIZE];
	char alias[MXPG_NAME_SIZE];
	int version; /* 0 when an alias says it */
} Spec;

static bool
is_name(const char *name)
{
	size_t size = strlen(name);

	return size > 0 && size < MXPG_NAME_SIZE && strpbrk(name, "/@") == NULL;
}

void
mxpg_check_name(const char *what, const char *name)
{
	if (!is_name(name))
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
		                errmsg("%s \"%s\" is not valid", what, name),
		                errdetail("A name is 1 to 63 bytes without \"/\" and "
		                          "\"@\".")));
}

/* Plain digits; 0 when it is anything else. */
static int
parse_version(const char *digits)
{
	int version = 0;

	if (digits[0] == '\0' || strspn(digits, "0123456789") != strlen(digits))
		return 0;
	for (; *digits != '\0'; digits++)
		if (pg_mul_s32_overflow(version, 10, &version) ||
		    pg_add_s32_overflow(version, *digits - '0', &version))
			return 0;
	return version;
}

/* false when no model can have that name. */
static bool
parse_spec(const char *text, Spec *spec)
{
	size_t size = strcspn(text, "/@");
	const char *rest = text + size;

	if (size == 0 || size >= MXPG_NAME_SIZE)
		return false;
	memcpy(spec->name, text, size);
	spec->name[size] = '\0';
	strcpy(spec->alias, MXPG_PRODUCTION);
	spec->version = 0;
	if (*rest == '/')
		return (spec->version = parse_version(rest + 1)) > 0;
	if (*rest == '@' && is_name(rest + 1))
		strcpy(spec->alias, rest + 1);
	return *rest == '\0' || is_name(rest + 1);
}

bool
mxpg_model_owner(const char *model, char owner[NAMEDATALEN])
{
	ScanKeyData key;
	MxpgScan scan;
	HeapTuple tuple;

	mxpg_key_text(&key, MODEL_NAME, model);
	mxpg_scan_begin(&scan, "model", "model_pkey", GetActiveSnapshot(), 1, &key);
	tuple = mxpg_scan_next(&scan);
	if (tuple != NULL)
		text_to_cstring_buffer(
		    DatumGetTextPP(mxpg_scan_value(&scan, tuple, MODEL_OWNER, NULL)),
		    owner, NAMEDATALEN);
	mxpg_scan_end(&scan);
	return tuple != NULL;
}

int
mxpg_alias_version(const char *model, const char *alias)
{
	ScanKeyData keys[2];
	MxpgScan scan;
	HeapTuple tuple;
	int version = 0;

	mxpg_key_text(&keys[0], ALIAS_MODEL, model);
	mxpg_key_text(&keys[1], ALIAS_ALIAS, alias);
	mxpg_scan_begin(&scan, "model_alias", "model_alias_pkey",
	                GetActiveSnapshot(), 2, keys);
	tuple = mxpg_scan_next(&scan);
	if (tuple != NULL)
		version =
		    DatumGetInt32(mxpg_scan_value(&scan, tuple, ALIAS_VERSION, NULL));
	mxpg_scan_end(&scan);
	return version;
}

void
mxpg_read_sha256(Datum value, uint8 sha256[MXPG_SHA256_SIZE])
{
	bytea *bytes = DatumGetByteaPP(value);

	if (VARSIZE_ANY_EXHDR(bytes) != MXPG_SHA256_SIZE)
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_CORRUPTED),
		         errmsg("checksum in the model catalog has %d bytes, "
		                "expected %d",
		                (int) VARSIZE_ANY_EXHDR(bytes), MXPG_SHA256_SIZE)));
	memcpy(sha256, VARDATA_ANY(bytes), MXPG_SHA256_SIZE);
}

static void
read_features(Datum array, MxpgVersion *out)
{
	Datum *names;
	int i;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false,
	                  TYPALIGN_INT, &names, NULL, &out->n_features);
	out->features = palloc_array(char *, out->n_features);
	for (i = 0; i < out->n_features; i++)
		out->features[i] = TextDatumGetCString(names[i]);
}

bool
mxpg_fetch_version(const char *model, int version, MxpgVersion *out)
{
	ScanKeyData keys[2];
	MxpgScan scan;
	HeapTuple tuple;
	Datum features;
	bool is_null;

	mxpg_key_text(&keys[0], VERSION_MODEL, model);
	mxpg_key_int4(&keys[1], VERSION_VERSION, version);
	mxpg_scan_begin(&scan, "model_version", "model_version_pkey",
	                GetActiveSnapshot(), 2, keys);
	tuple = mxpg_scan_next(&scan);
	if (tuple != NULL)
	{
		memset(out, 0, sizeof(*out));
		strlcpy(out->name, model, sizeof(out->name));
		out->version = version;
		mxpg_read_sha256(mxpg_scan_value(&scan, tuple, VERSION_SHA256, NULL),
		                 out->sha256);
		features = mxpg_scan_value(&scan, tuple, VERSION_FEATURES, &is_null);
		if (!is_null)
			read_features(features, out);
	}
	mxpg_scan_end(&scan);
	return tuple != NULL;
}

static char *
no_model(const char *model)
{
	return psprintf("model \"%s\" does not exist", model);
}

static char *
no_version(const char *model, int version)
{
	return psprintf("version %d of model \"%s\" does not exist", version,
	                model);
}

void
mxpg_raise_no_model(const char *model)
{
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
	                errmsg_internal("%s", no_model(model))));
}

void
mxpg_raise_no_version(const char *model, int version)
{
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
	                errmsg_internal("%s", no_version(model, version))));
}

/*
 * NULL when text means something, else what to say.  Whoever may not score
 * hears of no model, and so not whether a version or alias exists.
 */
static char *
look_up(const char *text, MxpgRight right, MxpgVersion *out)
{
	char owner[NAMEDATALEN];
	Spec spec;
	int version;

	if (!parse_spec(text, &spec))
		return no_model(text);
	if (!mxpg_model_owner(spec.name, owner))
		return no_model(spec.name);
	if (!mxpg_may(spec.name, owner, right))
	{
		if (right == MXPG_RIGHT_EXECUTE)
			return no_model(spec.name);
		ereport(ERROR,
		        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		         errmsg("permission denied for model \"%s\"", spec.name)));
	}
	version = spec.version;
	if (version == 0)
		version = mxpg_alias_version(spec.name, spec.alias);
	if (version == 0)
		return psprintf("alias \"%s\" of model \"%s\" does not exist",
		                spec.alias, spec.name);
	if (!mxpg_fetch_version(spec.name, version, out))
		return no_version(spec.name, version);
	return NULL;
}

bool
mxpg_resolve(text *spec, MxpgRight right, bool missing_ok, MxpgVersion *out)
{
	const char *name = VARDATA_ANY(spec);
	size_t size = VARSIZE_ANY_EXHDR(spec);
	bool scores = right == MXPG_RIGHT_EXECUTE;
	bool warn = scores && mxpg_missing_model == MXPG_MISSING_NULL;
	char *problem;

	if (scores && mxpg_name_recall(false, name, size, out))
		return true;
	problem = look_up(text_to_cstring(spec), right, out);
	if (problem == NULL)
	{
		if (scores)
			mxpg_name_remember(false, name, size, out);
		return true;
	}
	if (!missing_ok)
		ereport(warn ? WARNING : ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                                 errmsg_internal("%s", problem)));
	return false;
}

static void
refuse_model(const char *model)
{
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
	                errmsg("permission denied for model \"%s\"", model)));
}

void
mxpg_require_model(const char *model, MxpgRight right)
{
	char owner[NAMEDATALEN];

	if (!mxpg_model_owner(model, owner))
		mxpg_raise_no_model(model);
	if (!mxpg_may(model, owner, right))
		refuse_model(model);
}

void
mxpg_require_owner(const char *model)
{
	char owner[NAMEDATALEN];

	if (!mxpg_model_owner(model, owner))
		mxpg_raise_no_model(model);
	if (!mxpg_is_owner(owner))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("must be owner of model \"%s\"", model)));
}

static bool
find_artifact(const pg_uuid_t *uuid, uint8 sha256[MXPG_SHA256_SIZE])
{
	ScanKeyData key;
	MxpgScan scan;
	HeapTuple tuple;

	mxpg_key_uuid(&key, ARTIFACT_UUID, uuid);
	mxpg_scan_begin(&scan, "artifact", "artifact_uuid_key", GetActiveSnapshot(),
	                1, &key);
	tuple = mxpg_scan_next(&scan);
	if (tuple != NULL)
		mxpg_read_sha256(mxpg_scan_value(&scan, tuple, ARTIFACT_SHA256, NULL),
		                 sha256);
	mxpg_scan_end(&scan);
	return tuple != NULL;
}

/* The current tuple of a scan over model_version: may the user score it? */
static bool
take_if_allowed(MxpgScan *scan, HeapTuple tuple, MxpgVersion *out)
{
	char owner[NAMEDATALEN];

	text_to_cstring_buffer(
	    DatumGetTextPP(mxpg_scan_value(scan, tuple, VERSION_MODEL, NULL)),
	    out->name, sizeof(out->name));
	out->version =
	    DatumGetInt32(mxpg_scan_value(scan, tuple, VERSION_VERSION, NULL));
	return mxpg_model_owner(out->name, owner) &&
	       mxpg_may(out->name, owner, MXPG_RIGHT_EXECUTE);
}

bool
mxpg_resolve_pinned(const pg_uuid_t *uuid, MxpgVersion *out)
{
	ScanKeyData key;
	MxpgScan scan;
	HeapTuple tuple;
	bool found = false;

	if (mxpg_name_recall(true, uuid, UUID_LEN, out))
		return true;
	memset(out, 0, sizeof(*out));
	if (find_artifact(uuid, out->sha256))
	{
		mxpg_key_sha256(&key, VERSION_SHA256, out->sha256);
		mxpg_scan_begin(&scan, "model_version", "model_version_sha256",
		                GetActiveSnapshot(), 1, &key);
		while (!found && (tuple = mxpg_scan_next(&scan)) != NULL)
			found = take_if_allowed(&scan, tuple, out);
		mxpg_scan_end(&scan);
	}
	if (found)
		mxpg_name_remember(true, uuid, UUID_LEN, out);
	else
		ereport(mxpg_missing_model == MXPG_MISSING_NULL ? WARNING : ERROR,
		        (errcode(ERRCODE_UNDEFINED_OBJECT),
		         errmsg("artifact \"%s\" does not exist",
		                DatumGetCString(DirectFunctionCall1(
		                    uuid_out, UUIDPGetDatum(uuid))))));
	return found;
}
