/* settings.c */
/* Defines every setting of the extension, in alphabetical order. */
#include "postgres.h"

#include "utils/guc.h"

#include <limits.h>

#include "pg/settings.h"

#define MB 1024 /* kB */
#define GB (1024 * MB)

bool mxpg_allow_untested_versions = false;
int mxpg_cache_size = 256 * MB;
bool mxpg_enable_batch = true;
bool mxpg_enable_early_stop = true;
int mxpg_max_artifact_size = 1 * GB;
int mxpg_max_compression_ratio = 1000;
int mxpg_max_decompressed_size = 2 * GB;
int mxpg_max_model_memory = 1 * GB;
int mxpg_max_nesting_depth = 256;
int mxpg_max_nodes = 50 * 1000 * 1000;
int mxpg_missing_model = MXPG_MISSING_ERROR;
int mxpg_prune = MXPG_PRUNE_AUTO;
int mxpg_shared_cache_size = 4 * GB;

static const struct config_enum_entry missing_model_choices[] = {
    {"error", MXPG_MISSING_ERROR, false},
    {"null", MXPG_MISSING_NULL, false},
    {NULL, 0, false}};

static const struct config_enum_entry prune_choices[] = {
    {"off", MXPG_PRUNE_OFF, false},
    {"auto", MXPG_PRUNE_AUTO, false},
    {"always", MXPG_PRUNE_ALWAYS, false},
    {NULL, 0, false}};

static void
define_bool(const char *name, const char *what, bool *variable,
            GucContext context)
{
	DefineCustomBoolVariable(name, what, NULL, variable, *variable, context, 0,
	                         NULL, NULL, NULL);
}

static void
define_int(const char *name, const char *what, int *variable, int least,
           GucContext context, int unit)
{
	DefineCustomIntVariable(name, what, NULL, variable, *variable, least,
	                        INT_MAX, context, unit, NULL, NULL, NULL);
}

void
mxpg_define_settings(void)
{
	define_bool("model_ext.allow_untested_versions",
	            "Sets whether artifacts of scikit-learn releases newer than "
	            "those tested are read.",
	            &mxpg_allow_untested_versions, PGC_SUSET);
	define_int("model_ext.cache_size",
	           "Sets how much memory a session keeps compiled models in.",
	           &mxpg_cache_size, 0, PGC_USERSET, GUC_UNIT_KB);
	define_bool("model_ext.enable_batch",
	            "Sets whether the planner may have rows scored in blocks.",
	            &mxpg_enable_batch, PGC_USERSET);
	define_bool("model_ext.enable_early_stop",
	            "Sets whether ensembles stop adding trees to a row when a "
	            "condition on the answer is decided.",
	            &mxpg_enable_early_stop, PGC_USERSET);
	define_int("model_ext.max_artifact_size",
	           "Sets the largest artifact that can be registered, as stored.",
	           &mxpg_max_artifact_size, 1, PGC_SUSET, GUC_UNIT_KB);
	define_int("model_ext.max_compression_ratio",
	           "Sets how many bytes one byte of an artifact may expand to, "
	           "once it has expanded to 64 MB.",
	           &mxpg_max_compression_ratio, 1, PGC_SUSET, 0);
	define_int("model_ext.max_decompressed_size",
	           "Sets the largest size that an artifact may expand to.",
	           &mxpg_max_decompressed_size, 1, PGC_SUSET, GUC_UNIT_KB);
	define_int("model_ext.max_model_memory",
	           "Sets the memory that reading, and then compiling, an artifact "
	           "may take.",
	           &mxpg_max_model_memory, 64, PGC_SUSET, GUC_UNIT_KB);
	define_int("model_ext.max_nesting_depth",
	           "Sets how deep the items of an artifact may be nested.",
	           &mxpg_max_nesting_depth, 1, PGC_SUSET, 0);
	define_int("model_ext.max_nodes",
	           "Sets how many items an artifact may consist of.",
	           &mxpg_max_nodes, 1, PGC_SUSET, 0);
	DefineCustomEnumVariable("model_ext.missing_model",
	                         "Sets whether scoring with a model that does not "
	                         "exist is an error, or null with a warning.",
	                         NULL, &mxpg_missing_model, MXPG_MISSING_ERROR,
	                         missing_model_choices, PGC_USERSET, 0, NULL, NULL,
	                         NULL);
	DefineCustomEnumVariable("model_ext.prune",
	                         "Sets whether trees are scored without the tests "
	                         "that a query's conditions decide.",
	                         NULL, &mxpg_prune, MXPG_PRUNE_AUTO, prune_choices,
	                         PGC_USERSET, 0, NULL, NULL, NULL);
	define_int("model_ext.shared_cache_size",
	           "Sets how much disk compiled models shared by all sessions may "
	           "take.",
	           &mxpg_shared_cache_size, 0, PGC_SUSET, GUC_UNIT_KB);
	MarkGUCPrefixReserved("model_ext");
}
