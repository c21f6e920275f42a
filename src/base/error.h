/*
 * error.h: how every function of the library says that it failed.
 *
 * A failure is a value: the status is returned, the words go into an MxError
 * that the caller owns.  Nothing here allocates, prints or jumps.
 */
#ifndef MX_BASE_ERROR_H
#define MX_BASE_ERROR_H

#include <stddef.h>

typedef enum MxStatus
{
	MX_OK = 0,
	MX_ERR_TRUNCATED,   /* the artifact ends inside an item */
	MX_ERR_MALFORMED,   /* it breaks the rules of its own format */
	MX_ERR_UNSUPPORTED, /* well formed, but nothing we can read */
	MX_ERR_LIMIT,       /* reading on would pass a limit */
	MX_ERR_MISMATCH,    /* the rows do not fit the model's inputs */
	MX_ERR_MISSING,     /* a row lacks a value the model needs */
	MX_ERR_VALUE,       /* a row holds a value the model refuses */
	MX_ERR_NO_MEMORY,
	MX_ERR_CANCELED, /* the caller's hook said stop */
	MX_ERR_INTERNAL  /* a bug in this library */
} MxStatus;

#define MX_NO_OFFSET ((size_t) -1)

/* Owned by the caller; start with {0}. */
typedef struct MxError
{
	MxStatus status;
	size_t offset;     /* byte of the uncompressed artifact, or MX_NO_OFFSET */
	char message[192]; /* primary form: lower case, no full stop */
	char detail[256];  /* whole sentences, or empty */
	char hint[128];    /* whole sentences, or empty */
} MxError;

/*
 * Fills *err unless it already holds a failure: the innermost cause wins.  The
 * value is the status itself, so that "return mx_fail(...)" is plain to read.
 * mx_fail(err, status, offset, "format", ...)
 */
#define mx_fail(err, status, ...) \
	(mx_set_error((err), (status), __VA_ARGS__), (status))

void mx_set_error(MxError *err, MxStatus status, size_t offset, const char *fmt,
                  ...) __attribute__((format(printf, 4, 5)));

/* Add whole sentences to a failure that has none yet. */
void mx_set_detail(MxError *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void mx_set_hint(MxError *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#define MX_TRY(call) \
	do \
	{ \
		MxStatus s_ = (call); \
		if (s_ != MX_OK) \
			return s_; \
	} while (0)

/* As MX_TRY for calls that return a pointer, NULL being failure in *err. */
#define MX_NEED(pointer, err) \
	do \
	{ \
		if ((pointer) == NULL) \
			return (err)->status; \
	} while (0)

#endif
