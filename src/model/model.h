/*
 * model.h: the model graph, the only vocabulary that readers and engine share.
 *
 * A model is a list of nodes, each made from earlier ones: data flows from the
 * input node to the nodes named in MxAnswers.  Rows are n_columns wide; a
 * column holds numbers (NaN is missing) or texts (NULL is missing).  Readers
 * make nodes through the builder (model/builder.h); after mx_builder_finish
 * every edge, width, kind and index is proven and nothing changes any more.
 */
#ifndef MX_MODEL_MODEL_H
#define MX_MODEL_MODEL_H

#include "base/text.h"
#include "model/nodes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct MxNode
{
	MxNodeKind kind;
	size_t n_in;
	const MxNodeId *in;
	size_t n_columns;
	/* Kind of each column; NULL when all are numbers. */
	const MxColumnKind *column_kinds;
	union
	{
		MxSelect select;
		MxGuard guard;
		MxScale scale;
		MxImpute impute;
		MxIndicator indicator;
		MxCategorize categorize;
		MxExpand expand;
		MxFunction function;
		MxAffine affine;
		MxTrees trees;
		MxLink link;
		MxDecide decide;
		MxDistance distance;
		MxGaussian gaussian;
		MxCount count;
		MxTfidf tfidf;
	} as;
} MxNode;

/* Classes of one output: numbers or texts, never both. */
typedef struct MxClasses
{
	size_t n;
	const double *numbers;
	const MxText *texts;
	/*
	 * As Python's str() shows each class: "0", "1.5", "True", or the text
	 * itself.  Always set; what predict_label returns.
	 */
	const MxText *labels;
} MxClasses;

/*
 * A node for each thing the estimator can say; 0 = it cannot.
 *   value        numbers; one column per output (regressors, cluster numbers)
 *   label        index into classes; one column per output
 *   proba        probabilities; the outputs' classes side by side
 *   log_proba    the same as logarithms
 *   decision     decision_function as scikit-learn shapes it
 *   transform    transformer output
 *   score_samples one column
 */
typedef struct MxAnswers
{
	MxNodeId value, label, proba, log_proba, decision, transform, score_samples;
	size_t n_outputs;         /* 1 for most; 0 for pure transformers */
	const MxClasses *classes; /* n_outputs of them; NULL for regressors */
} MxAnswers;

typedef struct MxInput
{
	MxText name; /* missing when the artifact has no names */
	MxColumnKind kind;
	bool is_used;         /* some node reads it */
	bool is_category;     /* feeds an encoder: integers must be exact */
	bool accepts_missing; /* nothing on its way refuses NULL (informative) */
} MxInput;

/* What the artifact says of itself; JSON is text for people and the catalog. */
typedef struct MxModelInfo
{
	MxText class_name;      /* of the root, "Pipeline" */
	MxText sklearn_version; /* "1.4.2"; missing before 0.18 */
	MxText description;     /* JSON: nested {class, parameters, steps} */
} MxModelInfo;

typedef struct MxModel
{
	size_t n_nodes;      /* ids are 1 to n_nodes */
	const MxNode *nodes; /* nodes[id]; nodes[0] is unused */
	size_t n_inputs;
	const MxInput *inputs;
	bool has_names; /* inputs carry the artifact's own names */
	MxAnswers answers;
	MxModelInfo info;
} MxModel;

/* "affine", "trees", ... */
const char *mx_node_kind_name(MxNodeKind kind);

#endif
