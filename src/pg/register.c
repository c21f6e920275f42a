/* register.c */
/* Registers artifacts: all that can fail is done before anything is stored. */
#include "postgres.h"

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "pg/arguments.h"
#include "pg/artifact_store.h"
#include "pg/compat.h"
#include "pg/facts.h"
#include "pg/input.h"
#include "pg/load.h"
#include "pg/manage.h"
#include "pg/register.h"
#include "pg/write.h"

typedef struct Registration
{
	const char *name;
	MxpgInput *input;
	Jsonb *given;
	bool promote_new; /* set "production" of a new name */
	bool promote;     /* of any */
	MxpgCompiled compiled;
	const MxPlan *plan;
	MxpgMetadata metadata;
	char *self_test; /* its result; NULL without one */
	bool is_new;     /* the name is, too */
	int version;
} Registration;

/* Early, so that nobody compiles for nothing; asked again under the lock. */
static void
check_right(const char *name)
{
	char owner[NAMEDATALEN];

	mxpg_push_fresh_snapshot();
	if (mxpg_model_owner(name, owner))
		mxpg_require_model(name, MXPG_RIGHT_UPDATE);
	PopActiveSnapshot();
}

static void
run_self_test(Registration *r)
{
	MxpgVersion version = {{0}};
	char *failure;

	if (r->metadata.self_test == NULL)
		return;
	strlcpy(version.name, r->name, sizeof(version.name));
	memcpy(version.sha256, r->compiled.sha256, MXPG_SHA256_SIZE);
	version.n_features = r->metadata.n_features;
	version.features = r->metadata.features;
	r->self_test =
	    mxpg_run_self_test(&version, r->metadata.self_test, &failure);
	if (failure != NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("self-test of model \"%s\" fails", r->name),
		                errdetail("%s", failure)));
}

/* Compiles, and checks what the registrar says. */
static void
prove(Registration *r, MemoryContext work)
{
	MxError err = {0};

	if (mxpg_compile(&r->input->source, work, &r->compiled, &err) != MX_OK)
		mxpg_raise(&err, r->name, 0);
	r->plan = mxpg_plan_pin_compiled(&r->compiled, work)->plan;
	mxpg_read_metadata(r->given, r->plan, &r->metadata);
	run_self_test(r);
}

/*
 * Takes the next version of the name, whose row then stays locked: another
 * registration of it waits here, and gets the version after this one.
 */
static void
take_version(Registration *r, const MxpgWriter *writer)
{
	MxpgParam name = mxpg_param_text(r->name);
	bool is_null;

	mxpg_raise_guard();
	r->is_new = MXPG_RUN("INSERT INTO model_ext.model (name, owner,"
	                     " last_version) VALUES ($1, $2, 0)"
	                     " ON CONFLICT (name) DO NOTHING",
	                     name, mxpg_param_text(mxpg_writer_name(writer))) > 0;
	r->version = DatumGetInt32(mxpg_run_value(
	    "UPDATE model_ext.model SET last_version = last_version"
	    " OPERATOR(pg_catalog.+) 1 WHERE name OPERATOR(pg_catalog.=) $1"
	    " RETURNING last_version",
	    1, &name, &is_null));
	if (is_null)
		ereport(ERROR,
		        (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
		         errmsg("model \"%s\" was dropped concurrently", r->name)));
}

static Datum
features_array(const MxpgMetadata *metadata)
{
	Datum *names;
	int i;

	if (metadata->n_features == 0)
		return 0;
	names = palloc_array(Datum, metadata->n_features);
	for (i = 0; i < metadata->n_features; i++)
		names[i] = CStringGetTextDatum(metadata->features[i]);
	return PointerGetDatum(construct_array(names, metadata->n_features, TEXTOID,
	                                       -1, false, TYPALIGN_INT));
}

static char *
inputs_json(const Registration *r)
{
	size_t n = mx_plan_n_inputs(r->plan);
	char **names = r->metadata.features;
	size_t i;

	if (names == NULL && mx_plan_has_names(r->plan))
	{
		names = palloc_array(char *, n + 1);
		for (i = 0; i < n; i++)
			names[i] = mxpg_server_text(mx_plan_input(r->plan, i).name);
	}
	return mxpg_inputs_json(r->plan, (const char *const *) names);
}

static void
insert_version(const Registration *r, const MxpgWriter *writer)
{
	const MxpgMetadata *m = &r->metadata;

	MXPG_RUN(
	    "INSERT INTO model_ext.model_version (model, version, sha256,"
	    " features, inputs, outputs, classes, sklearn_version,"
	    " python_version, hyperparameters, training_summary, metrics,"
	    " metadata, self_test, registered_by) VALUES ($1, $2, $3, $4, $5, $6,"
	    " $7, $8, $9, $10, $11, $12, $13, $14, $15)",
	    mxpg_param_text(r->name), mxpg_param_int4(r->version),
	    mxpg_param_bytes(r->compiled.sha256, MXPG_SHA256_SIZE),
	    mxpg_param(TEXTARRAYOID, features_array(m)),
	    mxpg_param(JSONBOID, mxpg_jsonb(inputs_json(r))),
	    mxpg_param(JSONBOID, mxpg_jsonb(mxpg_outputs_json(r->plan))),
	    mxpg_param(TEXTARRAYOID, mxpg_classes_array(r->plan)),
	    mxpg_param_text(mxpg_sklearn_version(r->plan)),
	    mxpg_param_text(m->python_version),
	    mxpg_param(JSONBOID, mxpg_json_datum(m->hyperparameters)),
	    mxpg_param(JSONBOID, mxpg_json_datum(m->training_summary)),
	    mxpg_param(JSONBOID, mxpg_json_datum(m->metrics)),
	    mxpg_param(JSONBOID, JsonbPGetDatum(m->given)),
	    mxpg_param(JSONBOID,
	               r->self_test == NULL ? 0 : mxpg_jsonb(r->self_test)),
	    mxpg_param_text(mxpg_writer_name(writer)));
}

static char *
artifact_detail(const Registration *r)
{
	pg_uuid_t uuid = mxpg_artifact_uuid(r->compiled.sha256);

	return psprintf(
	    "{\"artifact\": \"%s\"}",
	    DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&uuid))));
}

static void
store(Registration *r)
{
	MxpgWriter writer;

	mxpg_write_begin(&writer);
	take_version(r, &writer);
	mxpg_store_artifact(r->input, &r->compiled, r->plan);
	insert_version(r, &writer);
	mxpg_record(&writer, r->name, r->version, "register", artifact_detail(r));
	if (r->promote || (r->is_new && r->promote_new))
		mxpg_point_alias(&writer, r->name, MXPG_PRODUCTION, r->version);
	mxpg_names_changed();
	mxpg_write_end(&writer);
}

int
mxpg_register(FunctionCallInfo fcinfo, const char *name, MxpgInput *input)
{
	MemoryContext work = AllocSetContextCreate(
	    CurrentMemoryContext, "model_ext registration", ALLOCSET_DEFAULT_SIZES);
	Registration r = {.name = name, .input = input};

	if (!PG_ARGISNULL(2))
		r.given = PG_GETARG_JSONB_P(2);
	r.promote = !PG_ARGISNULL(3) && PG_GETARG_BOOL(3);
	r.promote_new = PG_ARGISNULL(3);
	prove(&r, work);
	store(&r);
	/* Whoever lost the right while waiting for the lock is stopped here. */
	check_right(name);
	MemoryContextDelete(work);
	return r.version;
}

char *
mxpg_register_name(FunctionCallInfo fcinfo)
{
	char *name = mxpg_arg_text(fcinfo, 0, "name");

	mxpg_check_name("model name", name);
	check_right(name);
	return name;
}

static int
register_and_close(FunctionCallInfo fcinfo, const char *name, MxpgInput *input)
{
	int version = mxpg_register(fcinfo, name, input);

	input->close(input);
	return version;
}

PG_FUNCTION_INFO_V1(model_ext_register_model);

/* register_model(name, artifact, metadata, promote) */
Datum
model_ext_register_model(PG_FUNCTION_ARGS)
{
	char *name = mxpg_register_name(fcinfo);
	bytea *artifact;

	mxpg_arg_need(fcinfo, 1, "artifact");
	/* Asked before the bytes are decompressed or fetched. */
	mxpg_check_artifact_size(toast_raw_datum_size(PG_GETARG_DATUM(1)) -
	                         VARHDRSZ);
	artifact = PG_GETARG_BYTEA_PP(1);
	PG_RETURN_INT32(register_and_close(
	    fcinfo, name,
	    mxpg_input_bytes(VARDATA_ANY(artifact), VARSIZE_ANY_EXHDR(artifact))));
}

PG_FUNCTION_INFO_V1(model_ext_register_model_lo);

/* register_model_lo(name, large_object, metadata, promote) */
Datum
model_ext_register_model_lo(PG_FUNCTION_ARGS)
{
	char *name = mxpg_register_name(fcinfo);

	mxpg_arg_need(fcinfo, 1, "large_object");
	PG_RETURN_INT32(register_and_close(
	    fcinfo, name, mxpg_input_large_object(PG_GETARG_OID(1))));
}

PG_FUNCTION_INFO_V1(model_ext_register_model_file);

/* register_model_file(name, path, metadata, promote) */
Datum
model_ext_register_model_file(PG_FUNCTION_ARGS)
{
	char *name = mxpg_register_name(fcinfo);
	char *path = mxpg_arg_text(fcinfo, 1, "path");

	PG_RETURN_INT32(register_and_close(fcinfo, name, mxpg_input_file(path)));
}
