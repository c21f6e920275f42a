/* ngrams.c */
/* A window over the last words or characters of a text. */
#include "op/ngrams.h"

#include "base/unicode.h"

#include <string.h>

/* Before a piece starts, so much room is made besides the longest piece. */
#define SLACK ((size_t) 8)

/* How much work between two looks at the cancel hook. */
#define POLL_WORK ((size_t) 64 * 1024)

/* Pieces within the longest term: with blanks, each has two bytes or more. */
static size_t
most_starts(size_t max_n, size_t longest)
{
	size_t most = max_n < longest + 1 ? max_n : longest + 1;

	return 2 * most + 2;
}

static size_t
most_bytes(size_t longest)
{
	return 2 * (longest + SLACK);
}

size_t
mx_ngrams_scratch(size_t max_n, size_t longest)
{
	return most_starts(max_n, longest) * sizeof(size_t) + most_bytes(longest);
}

void
mx_ngrams_begin(MxNgrams *g, void *scratch)
{
	g->max_starts = most_starts(g->max_n, g->longest);
	g->starts = scratch;
	g->bytes = (char *) (g->starts + g->max_starts);
	g->capacity = most_bytes(g->longest);
	g->work = 0;
	g->n_asked = 0;
	mx_ngrams_clear(g);
}

void
mx_ngrams_clear(MxNgrams *g)
{
	g->used = 0;
	g->n_starts = 0;
	g->is_overlong = false;
}

/* Keeps the pieces that a term with one more piece could still begin with. */
static void
shift(MxNgrams *g)
{
	size_t kept = g->max_starts / 2 - 1;
	size_t first = g->n_starts > kept ? g->n_starts - kept : 0;
	size_t from;
	size_t i;

	while (first < g->n_starts && g->used - g->starts[first] > g->longest)
		first++;
	from = first < g->n_starts ? g->starts[first] : g->used;
	memmove(g->bytes, g->bytes + from, g->used - from);
	g->used -= from;
	g->n_starts -= first;
	for (i = 0; i < g->n_starts; i++)
		g->starts[i] = g->starts[i + first] - from;
}

void
mx_ngrams_start_piece(MxNgrams *g)
{
	if (g->n_starts == g->max_starts ||
	    g->used + g->longest + SLACK > g->capacity)
		shift(g);
	if (g->is_spaced && g->n_starts != 0)
		g->bytes[g->used++] = ' ';
	g->starts[g->n_starts++] = g->used;
	g->is_overlong = false;
}

void
mx_ngrams_grow_piece(MxNgrams *g, uint32_t code)
{
	size_t size = g->used - g->starts[g->n_starts - 1];

	if (size > g->longest)
		g->is_overlong = true;
	else if (code < 0x80)
		g->bytes[g->used++] = (char) code;
	else
		g->used += mx_utf8_put(code, g->bytes + g->used);
}

void
mx_ngrams_put_piece(MxNgrams *g, const char *bytes, size_t size)
{
	mx_ngrams_start_piece(g);
	g->is_overlong = size > g->longest;
	if (g->is_overlong)
		return;
	memcpy(g->bytes + g->used, bytes, size);
	g->used += size;
}

MxText
mx_ngrams_piece(const MxNgrams *g)
{
	size_t start = g->starts[g->n_starts - 1];
	MxText piece = {g->bytes + start, g->used - start};

	if (g->is_overlong)
		return (MxText){NULL, 0};
	return piece;
}

void
mx_ngrams_drop_piece(MxNgrams *g)
{
	g->used = g->starts[--g->n_starts];
	if (g->is_spaced && g->n_starts != 0)
		g->used--;
}

MxStatus
mx_ngrams_settle(MxNgrams *g, MxError *err)
{
	MxSparseBuffer *out = g->out;
	size_t i;

	MX_TRY(mx_sparse_reserve(out, g->n_asked, err));
	for (i = 0; i < g->n_asked; i++)
	{
		uint32_t number = mx_packed_find(g->image, &g->terms->packed,
		                                 &g->asked[i].key, g->asked[i].slot);

		out->columns[out->n] = number - 1;
		out->n += number != 0;
	}
	g->n_asked = 0;
	return MX_OK;
}

static MxStatus
ask(MxNgrams *g, MxPackedKey key, MxError *err)
{
	const MxPackedTexts *packed = &g->terms->packed;
	size_t slot = mx_packed_slot(packed, &key);

	if (g->n_asked == MX_ASKED_TERMS)
		MX_TRY(mx_ngrams_settle(g, err));
	mx_packed_prefetch(g->image, packed, slot);
	g->asked[g->n_asked++] = (MxAskedTerm){key, slot};
	return MX_OK;
}

static MxStatus
find(MxNgrams *g, const char *bytes, size_t size, MxError *err)
{
	uint32_t column = mx_lookup_find(g->image, g->terms, bytes, size);

	if (column == MX_LOOKUP_NONE)
		return MX_OK;
	if (g->out->n == g->out->capacity)
		MX_TRY(mx_sparse_reserve(g->out, 1, err));
	g->out->columns[g->out->n++] = column;
	return MX_OK;
}

MxStatus
mx_ngrams_find_short(MxNgrams *g, const char *bytes, size_t size, MxError *err)
{
	if (g->terms->packed.slots != 0)
		return ask(g, mx_packed_key_of(bytes, size), err);
	return find(g, bytes, size, err);
}

MxStatus
mx_ngrams_find(MxNgrams *g, size_t n, MxError *err)
{
	const char *bytes = g->bytes + g->starts[g->n_starts - n];
	size_t size = g->used - g->starts[g->n_starts - n];

	g->work += size;
	if (g->terms->packed.slots != 0 && mx_packs(bytes, size))
		return ask(g, mx_packed_key(bytes, size), err);
	return find(g, bytes, size, err);
}

MxStatus
mx_ngrams_poll(MxNgrams *g, size_t work, MxError *err)
{
	g->work += work;
	if (g->work < POLL_WORK)
		return MX_OK;
	g->work = 0;
	if (g->canceled != NULL && g->canceled(g->ctx))
		return mx_fail(err, MX_ERR_CANCELED, MX_NO_OFFSET, "canceled");
	return MX_OK;
}

MxStatus
mx_ngrams_end_piece(MxNgrams *g, MxError *err)
{
	size_t n;

	MX_TRY(mx_ngrams_poll(g, 1, err));
	/* Nothing that contains it is a term. */
	if (g->is_overlong)
	{
		mx_ngrams_clear(g);
		return MX_OK;
	}
	for (n = g->min_n; n <= g->max_n && n <= g->n_starts; n++)
		if (g->used - g->starts[g->n_starts - n] <= g->terms->longest)
			MX_TRY(mx_ngrams_find(g, n, err));
		else
			break;
	return MX_OK;
}
