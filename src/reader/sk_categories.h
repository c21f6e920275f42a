/*
 * sk_categories.h: categories_ of scikit-learn's encoders.
 */
#ifndef MX_READER_SK_CATEGORIES_H
#define MX_READER_SK_CATEGORIES_H

#include "reader/reader.h"

/*
 * Categories of one column in the file's order.  None and NaN keep their
 * places, so that an index means what it means in scikit-learn.
 */
typedef struct MxCategoryList
{
	size_t n;
	MxColumnKind kind;
	const double *numbers; /* of n, or NULL */
	const MxText *texts;   /* of n, or NULL */
	size_t none;           /* index of None, MX_NO_CATEGORY when absent */
	size_t nan;            /* index of NaN, likewise */
	bool is_object;        /* of dtype object, whatever it holds */
} MxCategoryList;

#define MX_NO_CATEGORY ((size_t) -1)

/* attr is a list with one array of categories per column. */
MxStatus mx_read_category_lists(MxReadContext *ctx, const MxValue *object,
                                const char *attr, const MxCategoryList **out,
                                size_t *n, MxError *err);
/* One such array. */
MxStatus mx_read_category_list(MxReadContext *ctx, const MxValue *object,
                               const char *attr, const MxValue *value,
                               MxCategoryList *out, MxError *err);

/*
 * Parameters of a node, from codes of all n categories.  A missing value has
 * the code of None, else that of NaN, else it is unknown.  What scikit-learn
 * refuses in a column of numbers: infinity, and up to a release NaN, which
 * refuses_nan tells.
 */
MxStatus mx_make_categories(MxReadContext *ctx, const MxCategoryList *list,
                            const double *codes, bool refuses_nan,
                            MxCategories *out, MxError *err);

/*
 * NULL is what an imputer fills.  A category None or NaN behind one tells that
 * it stood for something else in training, which NULL cannot be too.
 */
MxStatus mx_check_imputed(MxReadContext *ctx, const MxValue *object,
                          const MxCategoryList *lists, size_t n, MxNodeId in,
                          MxError *err);

/* Where each category of a column goes once infrequent ones are one group. */
typedef struct MxCategoryGroups
{
	const size_t *group; /* of each category but the ignored NaN */
	size_t n;
	bool has_infrequent; /* the last group is theirs */
} MxCategoryGroups;

/*
 * One per list; without infrequent categories each is its own group.
 * ignores_nan: the NaN category stays out of it, as OrdinalEncoder has it.
 */
MxStatus mx_read_category_groups(MxReadContext *ctx, const MxValue *object,
                                 const MxCategoryList *lists, size_t n,
                                 bool ignores_nan, const MxCategoryGroups **out,
                                 MxError *err);

/*
 * dtype of an encoder's output, a class, a name or a numpy.dtype: its kind
 * and size.  Absent: float64.
 */
MxStatus mx_read_dtype(MxReadContext *ctx, const MxValue *object,
                       const char *attr, MxDtypeKind *kind, size_t *size,
                       MxError *err);
/* Notes that dtype of a node, for functions that give another answer on it. */
void mx_note_dtype(MxReadContext *ctx, MxNodeId node, MxDtypeKind kind,
                   size_t size);

#endif
