/*
 * interpret.h: the calls of a pickle that have a meaning here; private.
 *
 * Nothing is called: the arguments are read as what the call would have made
 * from them.  A maker leaves *out NULL when they are not as it knows them;
 * then the call stays an object like any other.
 */
#ifndef MX_FORMAT_INTERPRET_H
#define MX_FORMAT_INTERPRET_H

#include "format/array.h"
#include "format/pickle_machine.h"

/* Whether a module is the package or inside of it. */
bool mx_interpret_in_package(MxText module, const char *package);

/* numpy.c: by the last name, since NumPy's modules move. */
MxStatus mx_numpy_call(MxPickle *p, MxText name, const MxItems *args,
                       MxValue **out, MxError *err);
/* BUILD on what _reconstruct made: turns it into an array. */
MxStatus mx_numpy_array_state(MxPickle *p, MxValue *object,
                              const MxValue *state, MxError *err);
MxStatus mx_dill_array(MxPickle *p, const MxItems *args, MxValue **out,
                       MxError *err);
bool mx_numpy_is_array_class(const MxValue *class);

/*
 * An array of n elements of the shape (a tuple of integers), NULL in *out
 * when it has more dimensions than are read.  fortran: the first index runs
 * fastest.  data and items are the caller's to set.
 */
MxStatus mx_numpy_new_array(MxPickle *p, const MxDtype *dtype,
                            const MxValue *shape, bool fortran, MxArray **out,
                            MxError *err);

/* dtype.c */
MxStatus mx_numpy_dtype(MxPickle *p, const MxItems *args, MxValue **out,
                        MxError *err);
MxStatus mx_numpy_dtype_state(MxPickle *p, MxValue *object,
                              const MxValue *state, MxError *err);

/* joblib.c: the array's bytes follow the opcode at work. */
MxStatus mx_joblib_array_state(MxPickle *p, MxValue *wrapper,
                               const MxValue *state, MxError *err);
MxStatus mx_joblib_refuse_old(size_t offset, MxError *err);

#endif
