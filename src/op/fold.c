/* fold.c */
/* Weights that have a scale in them, and what they hide of it. */
#include "op/fold.h"

#include <float.h>
#include <math.h>

/* Sums of raised terms below 2^511 do not overflow. */
#define MOST_RAISE 512

/* Nothing is divided: the terms are those of two steps, bit for bit. */
static bool
is_exact(const MxScale *scale)
{
	return scale->kind == MX_SCALE_MULTIPLY || scale->second == NULL;
}

int
mx_fold_raise(const MxNode *affine, const MxNode *scale)
{
	const double *weights = affine->as.affine.weights;
	double least = INFINITY;
	size_t j;

	if (is_exact(&scale->as.scale))
		return 0;
	for (j = 0; j < affine->as.affine.n_in; j++)
		if (weights[j] != 0 && fabs(weights[j]) < least)
			least = fabs(weights[j]);
	/* Raised weights are at least 2. */
	return least >= 2 ? 0 : 1 - ilogb(least);
}

/*
 * Raised or not, no smaller than 2 / divisor less a rounding: a term that is
 * finite has a scaled number of less than 2^1023 in it, and a rounding.
 */
void
mx_fold_weights(const MxNode *affine, const MxNode *scale, double *weights)
{
	const MxAffine *from = &affine->as.affine;
	const double *divisors = scale->as.scale.second;
	int raise = mx_fold_raise(affine, scale);
	size_t i;
	size_t j;

	for (i = 0; i < from->n_out; i++)
		for (j = 0; j < from->n_in; j++)
		{
			size_t at = i * from->n_in + j;

			weights[at] = from->weights[at];
			if (!is_exact(&scale->as.scale))
				weights[at] =
				    ldexp(weights[at] / divisors[j], i == 0 ? raise : 0);
		}
}

double
mx_fold_limit(const MxNode *affine, const MxNode *scale, size_t j)
{
	const double *divisors = scale->as.scale.second;

	if (is_exact(&scale->as.scale) || affine->as.affine.weights[j] != 0 ||
	    fabs(divisors[j]) >= 1)
		return INFINITY;
	/* No more than this is subtracted: twice it, divided, is finite. */
	return fabs(divisors[j]) * 0x1p1022;
}

static bool
column_folds(const MxNode *affine, const MxNode *scale, size_t j)
{
	const MxScale *s = &scale->as.scale;
	double centre = s->first == NULL ? 0 : s->first[j];

	return isfinite(centre) && isfinite(s->second[j]) && s->second[j] != 0 &&
	       fabs(centre) <= mx_fold_limit(affine, scale, j);
}

/* What is lost below the normal numbers would not be a few last bits. */
static bool
weight_folds(double weight, double divisor, int raise)
{
	return weight == 0 || (isnormal(weight / divisor) &&
	                       isnormal(ldexp(weight / divisor, raise)));
}

bool
mx_fold_works(const MxNode *affine, const MxNode *scale,
              const MxNode *scaled_guard)
{
	const MxAffine *a = &affine->as.affine;
	const MxScale *s = &scale->as.scale;
	int raise;
	size_t i;
	size_t j;

	if (affine->kind != MX_NODE_AFFINE || s->clip)
		return false;
	if (is_exact(s))
		return true;
	raise = mx_fold_raise(affine, scale);
	/* Else what is scaled to infinity is a result, and would be lost. */
	if (scaled_guard == NULL ||
	    (scaled_guard->as.guard.flags & MX_GUARD_INFINITE) == 0 ||
	    raise > MOST_RAISE)
		return false;
	for (j = 0; j < a->n_in; j++)
	{
		if (!column_folds(affine, scale, j))
			return false;
		for (i = 0; i < a->n_out; i++)
			if (!weight_folds(a->weights[i * a->n_in + j], s->second[j],
			                  i == 0 ? raise : 0))
				return false;
	}
	return true;
}
