/* linear_svc.c */
/* Reads linear classifiers that have no probabilities. */
#include "reader/linear.h"

static const MxClassName classes[] = {
    {"LinearSVC", "sklearn"},
    {"Perceptron", "sklearn"},
    {"PassiveAggressiveClassifier", "sklearn"},
    {NULL, NULL}};

const MxClassReader mx_sklearn_linear_svc = {.classes = classes,
                                             .read = mx_read_linear_classifier};
