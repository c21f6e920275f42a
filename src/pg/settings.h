/*
 * settings.h: the settings model_ext.*, as PostgreSQL keeps them.
 */
#ifndef MXPG_SETTINGS_H
#define MXPG_SETTINGS_H

#include "postgres.h"

typedef enum MxpgPrune
{
	MXPG_PRUNE_OFF,
	MXPG_PRUNE_AUTO,  /* where it is expected to pay */
	MXPG_PRUNE_ALWAYS /* for tests */
} MxpgPrune;

typedef enum MxpgMissingModel
{
	MXPG_MISSING_ERROR,
	MXPG_MISSING_NULL /* and a WARNING; for restores */
} MxpgMissingModel;

extern bool mxpg_allow_untested_versions;
extern int mxpg_cache_size; /* kB, as all sizes here */
extern bool mxpg_enable_batch;
extern bool mxpg_enable_early_stop;
extern int mxpg_max_artifact_size;
extern int mxpg_max_compression_ratio;
extern int mxpg_max_decompressed_size;
extern int mxpg_max_model_memory;
extern int mxpg_max_nesting_depth;
extern int mxpg_max_nodes;
extern int mxpg_missing_model; /* MxpgMissingModel */
extern int mxpg_prune;         /* MxpgPrune */
extern int mxpg_shared_cache_size;

void mxpg_define_settings(void);

#endif
