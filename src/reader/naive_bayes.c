/* naive_bayes.c */
/* What all naive Bayes classifiers make of the joint log likelihood. */
#include "reader/naive_bayes.h"

MxStatus
mx_answer_likelihood(MxReadContext *ctx, MxNodeId likelihood, MxAnswers *out,
                     MxError *err)
{
	const MxDecide largest = {MX_DECIDE_ARGMAX};
	const MxLink log_normal = {.kind = MX_LINK_LOG_NORMAL};
	const MxFunction exponential = {MX_FUNCTION_EXP};

	MX_TRY(mx_builder_decide(ctx->builder, likelihood, &largest, &out->label,
	                         err));
	MX_TRY(mx_builder_link(ctx->builder, likelihood, &log_normal,
	                       &out->log_proba, err));
	return mx_builder_function(ctx->builder, out->log_proba, &exponential,
	                           &out->proba, err);
}
