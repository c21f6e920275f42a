/* linear_regression.c */
/* Reads all linear regressors as one affine node. */
#include "reader/linear.h"

static MxStatus
read_linear_regression(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                       MxAnswers *out, MxError *err)
{
	return mx_read_affine(ctx, object, in, &out->value, &out->n_outputs, err);
}

static const MxClassName classes[] = {{"LinearRegression", "sklearn"},
                                      {"Ridge", "sklearn"},
                                      {"RidgeCV", "sklearn"},
                                      {"Lasso", "sklearn"},
                                      {"LassoCV", "sklearn"},
                                      {"ElasticNet", "sklearn"},
                                      {"ElasticNetCV", "sklearn"},
                                      {"LassoLars", "sklearn"},
                                      {"OrthogonalMatchingPursuit", "sklearn"},
                                      {"MultiTaskLasso", "sklearn"},
                                      {"BayesianRidge", "sklearn"},
                                      {"HuberRegressor", "sklearn"},
                                      {"SGDRegressor", "sklearn"},
                                      {"PassiveAggressiveRegressor", "sklearn"},
                                      {"LinearSVR", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_linear_regression = {
    .classes = classes, .read = read_linear_regression};
