/*
 * write.h: changes to the extension's tables.
 *
 * A registrar needs no right on the tables: between mxpg_write_begin and
 * mxpg_write_end statements run by SPI as the tables' owner, as referential
 * triggers do.  Names in them are qualified, and the search path holds
 * pg_catalog alone, so that no object of the registrar's is ever called.
 */
#ifndef MXPG_WRITE_H
#define MXPG_WRITE_H

#include "postgres.h"

#include "executor/spi.h"

#include "pg/mxpg.h"

typedef struct MxpgWriter
{
	Oid user; /* who really writes, for the record */
	int security_context;
	int settings_level;
} MxpgWriter;

/* An error in between is undone by the (sub)transaction's abort. */
void mxpg_write_begin(MxpgWriter *writer);
void mxpg_write_end(const MxpgWriter *writer);

/* A parameter of a statement, made by the functions below. */
typedef struct MxpgParam
{
	Oid type;
	Datum value;
	bool is_null;
} MxpgParam;

MxpgParam mxpg_param_text(const char *value); /* NULL is null */
MxpgParam mxpg_param_int4(int32 value);
MxpgParam mxpg_param_int8(int64 value);
MxpgParam mxpg_param_bool(bool value);
MxpgParam mxpg_param_bytes(const void *data, size_t size);
/* bytea, jsonb, arrays, ...: any Datum; 0 is null. */
MxpgParam mxpg_param(Oid type, Datum value);

/*
 * Runs one statement ($1 to $n) and returns the rows processed; rows of a
 * query or RETURNING are in SPI_tuptable.
 */
uint64 mxpg_run(const char *sql, int n, const MxpgParam *params);
/* First column of the first row, in memory that outlives the writer. */
Datum mxpg_run_value(const char *sql, int n, const MxpgParam *params,
                     bool *is_null);
/* Runs a query and puts its rows into the result of a set-returning function. */
void mxpg_run_into_result(FunctionCallInfo fcinfo, const char *sql, int n,
                          const MxpgParam *params);
#define MXPG_RUN(sql, ...) \
	mxpg_run((sql), lengthof(((MxpgParam[]){__VA_ARGS__})), \
	         (MxpgParam[]){__VA_ARGS__})

/* The name of the user who called, not the tables' owner. */
const char *mxpg_writer_name(const MxpgWriter *writer);

/* Adds a line to the history.  version 0 is none; detail is JSON or NULL. */
void mxpg_record(const MxpgWriter *writer, const char *model, int version,
                 const char *action, const char *detail);
typedef enum MxpgManage
{
	MXPG_MANAGE_UPDATE, /* whoever may register versions */
	MXPG_MANAGE_OWNER
} MxpgManage;

/*
 * Begins writing about one model, whose row stays locked until the end of the
 * transaction, after checking that the user may.
 */
void mxpg_manage_begin(MxpgWriter *writer, const char *model, MxpgManage who);
/* Plans that were made for what names meant are made anew. */
void mxpg_names_changed(void);

/* ---- guard.c ----------------------------------------------------------- */

/*
 * The view that stops DROP EXTENSION while models exist.  raise_guard comes
 * before a row is written to "model".  Whoever deletes such rows calls
 * lock_models before any lock on one of them, and drop_guard afterwards: so
 * the last of several sessions that drop knows that it is the last, and those
 * that register wait instead of deadlocking.
 */
void mxpg_lock_models(void);
void mxpg_raise_guard(void);
void mxpg_drop_guard(void);

#endif
