/*
 * binding.h: which of the values offered is which feature.
 */
#ifndef MXPG_BINDING_H
#define MXPG_BINDING_H

#include "pg/target.h"

#include "access/tupdesc.h"

/* One value on offer: a column, an argument. */
typedef struct MxpgOffer
{
	const char *name; /* NULL: none, as a dropped column has */
	Oid type;
} MxpgOffer;

typedef enum MxpgOfferKind
{
	MXPG_OFFER_RECORD,   /* columns of a row: missing ones are 42703 */
	MXPG_OFFER_ROW,      /* the same, of a named type: no name comes twice */
	MXPG_OFFER_RELATION, /* the same, of a table with a trigger */
	MXPG_OFFER_PLANNED   /* what the planner chose: missing ones are 40001 */
} MxpgOfferKind;

/* The columns of a row type, in the current context; as many as natts. */
MxpgOffer *mxpg_offers_of(TupleDesc columns);

/*
 * Fill in target->fields.  Names are compared exactly, then without regard to
 * case where that leaves one; values nobody needs are ignored, features
 * without a value raise an error that lists them all.
 */
void mxpg_bind_by_name(MxpgTarget *target, MxpgOfferKind kind,
                       const MxpgOffer *offers, int n_offers);
/* One value per input, in order. */
void mxpg_bind_by_position(MxpgTarget *target, const Oid *types, int n_types);
/* By ascending source, after these were changed. */
void mxpg_sort_fields(MxpgTarget *target);
/* Fields in the order of inputs, for sources that look names up themselves. */
void mxpg_bind_to_names(MxpgTarget *target);

/*
 * The offer that is feature i of names; -1 when none is, -2 when several are.
 * likely is where to look first, and last when no name comes twice.
 */
int mxpg_find_offer(const char *const *names, size_t n_names, size_t i,
                    const MxpgOffer *offers, int n_offers, int likely,
                    bool may_repeat);

/* Raises 42703 for the features that is_missing marks. */
void mxpg_refuse_missing(const MxpgTarget *target, const bool *is_missing,
                         const char *what, const char *const *have, int n_have)
    __attribute__((noreturn));

/* Raises 22023: n values are not as many as the model has features. */
void mxpg_refuse_count(const MxpgTarget *target, int n)
    __attribute__((noreturn));

/* Raises 42P18 when the model's features have no names. */
void mxpg_need_names(const MxpgTarget *target);

#endif
