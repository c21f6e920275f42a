/* sgd_classifier.c */
/* Reads SGDClassifier; its loss says whether it has probabilities. */
#include "reader/linear.h"

static MxStatus
read_sgd_classifier(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                    MxAnswers *out, MxError *err)
{
	MxText loss;

	MX_TRY(mx_read_linear_classifier(ctx, object, in, out, err));
	MX_TRY(mx_read_text(ctx, object, "loss", &loss, err));
	if (mx_text_is(loss, "modified_huber"))
		return mx_link_decision(ctx, MX_LINK_HUBER, out, err);
	/* "log" up to 1.2. */
	if (mx_text_is(loss, "log") || mx_text_is(loss, "log_loss"))
		return mx_link_decision(
		    ctx, out->classes->n == 2 ? MX_LINK_EXPIT : MX_LINK_OVR, out, err);
	return MX_OK;
}

static const MxClassName classes[] = {{"SGDClassifier", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_sgd_classifier = {.classes = classes,
                                                 .read = read_sgd_classifier};
