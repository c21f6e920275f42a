/*
 * check.h: the whole test framework: CHECK counts, the last line sums up.
 *
 * A program's main ends with "return check_report();", which prints one
 * closing line "N passed, N failed" and is 1 when anything failed.
 */
#ifndef MX_TESTS_UNIT_CHECK_H
#define MX_TESTS_UNIT_CHECK_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Weak, so that the files of one program share them without a check.c. */
__attribute__((weak)) long check_n_passed;
__attribute__((weak)) long check_n_failed;
/* What is being checked ("golden/ridge/p2.pkl"), shown by failures; or NULL. */
__attribute__((weak)) const char *check_subject;

static inline bool
check_that(bool holds, const char *what, const char *file, int line)
{
	if (holds)
	{
		check_n_passed++;
		return true;
	}
	check_n_failed++;
	printf("%s:%d: failed: %s%s%s\n", file, line, what,
	       check_subject == NULL ? "" : " for ",
	       check_subject == NULL ? "" : check_subject);
	return false;
}

/* The condition's value, so that "if (!CHECK(...)) return;" reads well. */
#define CHECK(cond) check_that((cond), #cond, __FILE__, __LINE__)

/* A call that must succeed; its error is printed when it does not. */
static inline bool
check_ok(MxStatus status, const MxError *err, const char *what,
         const char *file, int line)
{
	if (check_that(status == MX_OK, what, file, line))
		return true;
	printf("    status %d, byte %zd: %s. %s\n", (int) err->status,
	       (ssize_t) err->offset, err->message, err->detail);
	return false;
}

#define CHECK_OK(call, err) check_ok((call), (err), #call, __FILE__, __LINE__)

#define CHECK_TEXT(got, want) CHECK(strcmp((got), (want)) == 0)

static inline int
check_report(void)
{
	printf("%ld passed, %ld failed\n", check_n_passed, check_n_failed);
	return check_n_failed == 0 ? 0 : 1;
}

#endif
