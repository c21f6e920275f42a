/*
 * sk_record.h: fields of the records in which scikit-learn keeps tree nodes,
 * found by name: their order and sizes differ with release and machine.
 */
#ifndef MX_READER_SK_RECORD_H
#define MX_READER_SK_RECORD_H

#include "reader/reader.h"

/* An array attribute of records, rank 1; *out is borrowed. */
MxStatus mx_read_records(MxReadContext *ctx, const MxValue *object,
                         const char *attr, const MxArray **out, MxError *err);

/* A field of numbers, which must be there. */
MxStatus mx_record_field(MxReadContext *ctx, const MxValue *object,
                         const char *attr, const MxArray *records,
                         const char *name, const MxField **out, MxError *err);

/*
 * The field of all records, in order.  An index beyond int32 becomes
 * INT32_MIN, a byte beyond 255 becomes 255: nothing that any check accepts.
 */
void mx_record_indexes(const MxArray *records, const MxField *field,
                       int32_t *out);
void mx_record_numbers(const MxArray *records, const MxField *field,
                       double *out);
void mx_record_bytes(const MxArray *records, const MxField *field,
                     uint8_t *out);

/*
 * Elements in C order as doubles, at any alignment: the artifact's own bytes
 * where they are native, else a converted copy in the scratch arena.
 */
MxStatus mx_array_double_bytes(MxReadContext *ctx, const MxArray *array,
                               const uint8_t **out, MxError *err);

#endif
