"""FunctionTransformer with the ufuncs that have a meaning without Python."""
from __future__ import division, print_function

import numpy as np

from .base import X, Xnan, VERSION, add, make, since
from .rows import number_rows

EVERYWHERE = "log1p", "sqrt", "exp", "absolute"
EXACT = "sqrt", "absolute", "square", "sign", "reciprocal", "floor", "ceil", "rint", "negative"
NEWEST = ("log", "log2", "log10", "expm1", "cbrt", "square", "sign", "reciprocal", "tanh", "floor", "ceil", "rint",
          "negative")


def transformer(function, table=X, **params):
    if VERSION >= (0, 20) and VERSION < (0, 22):
        params.setdefault("validate", True)
    model = make("preprocessing.FunctionTransformer", function, **params)
    if VERSION < (1, 1):
        # Alone it would not know how many columns it takes.
        since(0, 20)
        model = make("compose.ColumnTransformer", [("part", model, [0, 1, 2, 3])])
    return model.fit(table)


for name in EVERYWHERE + NEWEST:
    add("function_" + name, lambda f=getattr(np, name): transformer(f),
        number_rows(extra=[[0.5, 1.5, 2.5, -0.5], [-1.0, -2.0, 1e-10, 700.0], [1e-20, -1e-9, 1.0, 0.75]]),
        exact=name in EXACT, lanes="all" if name in EVERYWHERE else "newest")
add("function_none", lambda: transformer(None), number_rows(Xnan), exact=True)
add("function_none_validate", lambda: transformer(None, validate=True), number_rows(), exact=True)
add("function_none_unchecked", lambda: transformer(None, Xnan, validate=False), number_rows(Xnan), exact=True)


def expit():
    from scipy.special import expit
    return transformer(expit)


add("function_expit", expit, number_rows(), lanes="newest")
