/* module.c */
/* What happens when the library is loaded. */
#include "postgres.h"

#include "fmgr.h"

#include "pg/batch.h"
#include "pg/selectivity.h"
#include "pg/settings.h"

PG_MODULE_MAGIC;

void _PG_init(void);

void
_PG_init(void)
{
	mxpg_define_settings();
	/* Rows first: what wraps paths copies them. */
	mxpg_selectivity_init();
	mxpg_batch_init();
}
