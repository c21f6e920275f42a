/* needs.c */
/* What is asked of each column, told backwards from the answers. */
#include "model/graph.h"

#define NEED_READ 1u     /* some answer depends on it */
#define NEED_NUMBER 2u   /* something reads it as a number */
#define NEED_TEXT 4u     /* something reads it as a text */
#define NEED_CATEGORY 8u /* an encoder looks it up */
#define NEED_VALUE 16u   /* missing values are refused */

typedef struct Needs
{
	const MxNode *nodes;
	uint8_t **columns; /* per node; NULL when no answer depends on it */
} Needs;

static uint8_t
need_of_kind(MxColumnKind kind)
{
	return kind == MX_COLUMN_TEXT ? NEED_TEXT : NEED_NUMBER;
}

/* Every column of input i is read so. */
static void
need_all(Needs *n, const MxNode *node, size_t i, unsigned bits)
{
	uint8_t *to = n->columns[node->in[i]];
	size_t width = n->nodes[node->in[i]].n_columns;
	size_t j;

	for (j = 0; j < width; j++)
		to[j] |= (uint8_t) bits;
}

static void
need_of_select(Needs *n, const MxNode *node, const uint8_t *of)
{
	uint8_t *to = n->columns[node->in[0]];
	size_t j;

	for (j = 0; j < node->as.select.n; j++)
		to[node->as.select.columns[j]] |= of[j];
}

static void
need_of_concat(Needs *n, const MxNode *node, const uint8_t *of)
{
	size_t i;
	size_t j;

	for (i = 0; i < node->n_in; i++)
	{
		uint8_t *to = n->columns[node->in[i]];
		size_t width = n->nodes[node->in[i]].n_columns;

		for (j = 0; j < width; j++)
			to[j] |= of[j];
		of += width;
	}
}

/* Column by column, with bits kept and added. */
static void
need_through(Needs *n, const MxNode *node, const uint8_t *of, unsigned keep,
             unsigned add)
{
	uint8_t *to = n->columns[node->in[0]];
	size_t j;

	for (j = 0; j < node->n_columns; j++)
		to[j] |= (uint8_t) ((of[j] & keep) | add);
}

static void
need_of_impute(Needs *n, const MxNode *node, const uint8_t *of)
{
	const MxImpute *impute = &node->as.impute;
	uint8_t *to = n->columns[node->in[0]];
	size_t j;

	for (j = 0; j < impute->n; j++)
	{
		bool fills = impute->numbers != NULL
		                 ? impute->numbers[j] == impute->numbers[j]
		                 : impute->texts[j].data != NULL;
		unsigned keep = NEED_READ | NEED_CATEGORY | (fills ? 0 : NEED_VALUE);

		to[j] |= (uint8_t) (of[j] & keep);
		to[j] |= impute->numbers != NULL ? NEED_NUMBER : NEED_TEXT;
	}
}

static void
need_of_indicator(Needs *n, const MxNode *node)
{
	const MxIndicator *indicator = &node->as.indicator;
	uint8_t *to = n->columns[node->in[0]];
	size_t j;

	for (j = 0; j < indicator->n; j++)
		to[indicator->columns[j]] |=
		    (uint8_t) (NEED_READ | need_of_kind(indicator->kind));
}

static void
need_of_categorize(Needs *n, const MxNode *node)
{
	const MxCategorize *categorize = &node->as.categorize;
	uint8_t *to = n->columns[node->in[0]];
	size_t j;

	for (j = 0; j < categorize->n; j++)
	{
		const MxCategories *c = &categorize->columns[j];
		bool refuses = categorize->unknown_fails && !c->has_missing;

		to[j] |= (uint8_t) (NEED_READ | NEED_CATEGORY | need_of_kind(c->kind));
		to[j] |= refuses ? NEED_VALUE : 0;
	}
}

/* Hands what is asked of a node's columns on to those it reads. */
static void
pass_on(Needs *n, const MxNode *node, const uint8_t *of)
{
	size_t i;

	switch (node->kind)
	{
		case MX_NODE_INPUT:
			return;
		case MX_NODE_SELECT:
			need_of_select(n, node, of);
			return;
		case MX_NODE_CONCAT:
			need_of_concat(n, node, of);
			return;
		case MX_NODE_GUARD:
			need_through(
			    n, node, of, 0xff,
			    NEED_READ |
			        (node->as.guard.flags & MX_GUARD_NAN ? NEED_VALUE : 0));
			return;
		case MX_NODE_SCALE:
		case MX_NODE_FUNCTION:
			need_through(n, node, of, NEED_READ | NEED_VALUE, NEED_NUMBER);
			return;
		case MX_NODE_IMPUTE:
			need_of_impute(n, node, of);
			return;
		case MX_NODE_INDICATOR:
			need_of_indicator(n, node);
			return;
		case MX_NODE_CATEGORIZE:
			need_of_categorize(n, node);
			return;
		case MX_NODE_COUNT:
			need_all(n, node, 0, NEED_READ | NEED_TEXT);
			return;
		case MX_NODE_EXPAND:
		case MX_NODE_AFFINE:
		case MX_NODE_TREES:
		case MX_NODE_LINK:
		case MX_NODE_DECIDE:
		case MX_NODE_DISTANCE:
		case MX_NODE_GAUSSIAN:
		case MX_NODE_TFIDF:
			for (i = 0; i < node->n_in; i++)
				need_all(n, node, i, NEED_READ | NEED_NUMBER);
			return;
		case MX_NODE_KINDS:
			return;
	}
}

static MxStatus
open_columns(MxArena *arena, Needs *n, MxNodeId id, MxError *err)
{
	if (id == 0 || n->columns[id] != NULL)
		return MX_OK;
	n->columns[id] =
	    mx_arena_array(arena, uint8_t, n->nodes[id].n_columns, err);
	return n->columns[id] == NULL ? err->status : MX_OK;
}

static MxStatus
ask_answer(MxArena *arena, Needs *n, MxNodeId id, unsigned bits, MxError *err)
{
	size_t j;

	MX_TRY(open_columns(arena, n, id, err));
	for (j = 0; id != 0 && j < n->nodes[id].n_columns; j++)
		n->columns[id][j] |= (uint8_t) bits;
	return MX_OK;
}

static MxStatus
ask_answers(MxArena *arena, Needs *n, const MxAnswers *a, MxError *err)
{
	unsigned number = NEED_READ | NEED_NUMBER;

	MX_TRY(ask_answer(arena, n, a->value, number, err));
	MX_TRY(ask_answer(arena, n, a->label, number, err));
	MX_TRY(ask_answer(arena, n, a->proba, number, err));
	MX_TRY(ask_answer(arena, n, a->log_proba, number, err));
	MX_TRY(ask_answer(arena, n, a->decision, number, err));
	MX_TRY(ask_answer(arena, n, a->score_samples, number, err));
	/* A transformer may hand texts through. */
	return ask_answer(arena, n, a->transform, NEED_READ, err);
}

static MxStatus
decide_inputs(const uint8_t *needs, MxInput *inputs, size_t n, MxError *err)
{
	char quoted[MX_QUOTED_SIZE];
	size_t j;

	for (j = 0; j < n; j++)
	{
		uint8_t need = needs == NULL ? 0 : needs[j];

		if ((need & NEED_NUMBER) && (need & NEED_TEXT))
			return mx_fail(
			    err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
			    "feature %zu (%s) is read as number and as text", j + 1,
			    inputs[j].name.data == NULL ? "without name"
			                                : mx_quote(inputs[j].name, quoted));
		inputs[j].kind = need & NEED_TEXT ? MX_COLUMN_TEXT : MX_COLUMN_NUMBER;
		inputs[j].is_used = (need & NEED_READ) != 0;
		inputs[j].is_category = (need & NEED_CATEGORY) != 0;
		inputs[j].accepts_missing = (need & NEED_VALUE) == 0;
	}
	return MX_OK;
}

static MxColumnKind
kind_of(const MxNode *node, size_t j)
{
	return node->column_kinds == NULL ? MX_COLUMN_NUMBER
	                                  : node->column_kinds[j];
}

/* Kinds of the columns of a node whose inputs have theirs. */
static void
make_kinds(const MxNode *nodes, const MxNode *node, const MxInput *inputs,
           MxColumnKind *kinds)
{
	size_t at = 0;
	size_t i;
	size_t j;

	if (node->kind == MX_NODE_INPUT)
		for (j = 0; j < node->n_columns; j++)
			kinds[j] = inputs[j].kind;
	else if (node->kind == MX_NODE_IMPUTE)
		for (j = 0; j < node->n_columns; j++)
			kinds[j] = MX_COLUMN_TEXT;
	else if (node->kind == MX_NODE_SELECT)
		for (j = 0; j < node->n_columns; j++)
			kinds[j] = kind_of(&nodes[node->in[0]], node->as.select.columns[j]);
	else /* guard or concat: side by side */
		for (i = 0; i < node->n_in; i++)
			for (j = 0; j < nodes[node->in[i]].n_columns; j++)
				kinds[at++] = kind_of(&nodes[node->in[i]], j);
}

static bool
may_hold_text(const MxNode *nodes, const MxNode *node, const MxInput *inputs)
{
	size_t i;

	if (node->kind == MX_NODE_IMPUTE)
		return node->as.impute.texts != NULL;
	if (node->kind == MX_NODE_INPUT)
	{
		for (i = 0; i < node->n_columns; i++)
			if (inputs[i].kind == MX_COLUMN_TEXT)
				return true;
		return false;
	}
	if (node->kind != MX_NODE_SELECT && node->kind != MX_NODE_CONCAT &&
	    node->kind != MX_NODE_GUARD)
		return false;
	for (i = 0; i < node->n_in; i++)
		if (nodes[node->in[i]].column_kinds != NULL)
			return true;
	return false;
}

static MxStatus
check_use(MxColumnKind kind, uint8_t need, MxError *err)
{
	if (kind == MX_COLUMN_TEXT && (need & NEED_NUMBER))
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "a text is used where a number is needed");
	if (kind == MX_COLUMN_NUMBER && (need & NEED_TEXT))
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "a number is used where a text is needed");
	return MX_OK;
}

/* Sets the kinds of a node and holds them against what reads it. */
static MxStatus
settle_kinds(MxArena *arena, const MxNode *nodes, MxNode *node,
             const uint8_t *needs, const MxInput *inputs, MxError *err)
{
	size_t j;

	if (may_hold_text(nodes, node, inputs))
	{
		MxColumnKind *kinds =
		    mx_arena_array(arena, MxColumnKind, node->n_columns, err);

		MX_NEED(kinds, err);
		make_kinds(nodes, node, inputs, kinds);
		node->column_kinds = kinds;
	}
	for (j = 0; j < node->n_columns; j++)
		MX_TRY(check_use(kind_of(node, j), needs[j], err));
	return MX_OK;
}

static MxStatus
gather(MxArena *arena, Needs *n, size_t n_nodes, MxError *err)
{
	size_t id;
	size_t i;

	for (id = n_nodes; id > 0; id--)
	{
		const MxNode *node = &n->nodes[id];

		if (n->columns[id] == NULL)
			continue;
		for (i = 0; i < node->n_in; i++)
			MX_TRY(open_columns(arena, n, node->in[i], err));
		pass_on(n, node, n->columns[id]);
	}
	return MX_OK;
}

MxStatus
mx_decide_kinds(MxArena *arena, MxNode *nodes, size_t n_nodes,
                const MxAnswers *answers, MxInput *inputs, MxError *err)
{
	Needs n = {nodes, NULL};
	size_t id;

	n.columns = mx_arena_array(arena, uint8_t *, n_nodes + 1, err);
	MX_NEED(n.columns, err);
	MX_TRY(ask_answers(arena, &n, answers, err));
	MX_TRY(gather(arena, &n, n_nodes, err));
	MX_TRY(decide_inputs(n.columns[MX_INPUT_NODE], inputs,
	                     nodes[MX_INPUT_NODE].n_columns, err));
	for (id = 1; id <= n_nodes; id++)
		if (n.columns[id] != NULL)
			MX_TRY(settle_kinds(arena, nodes, &nodes[id], n.columns[id], inputs,
			                    err));
	return MX_OK;
}
