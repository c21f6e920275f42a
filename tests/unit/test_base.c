/* test_base.c */
/* Errors, arena, checked arithmetic, limits and text. */
#include "check.h"
#include "failing_heap.h"

#include "base/arena.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdint.h>

static void
test_first_failure_stays(void)
{
	MxError err = {0};

	CHECK(mx_fail(&err, MX_ERR_LIMIT, 7, "first %d", 1) == MX_ERR_LIMIT);
	(void) mx_fail(&err, MX_ERR_INTERNAL, 8, "second");
	mx_set_detail(&err, "Detail.");
	mx_set_detail(&err, "Other.");
	CHECK(err.status == MX_ERR_LIMIT && err.offset == 7);
	CHECK_TEXT(err.message, "first 1");
	CHECK_TEXT(err.detail, "Detail.");
}

int
main(void)
{
	test_first_failure_stays();
	return check_report();
}
