# -*- coding: utf-8 -*-
"""SimpleImputer, and the Imputer of releases up to 0.21."""
from __future__ import division, print_function

import numpy as np

from .base import N, X, Xnan, add, case, colours, make, rng, since, sizes, until
from .rows import Rows, number_rows, numbered

Xempty = Xnan.copy()
Xempty[:, 1] = np.nan
Xminus = np.where(np.isnan(Xnan), -1.0, Xnan)
Xties = np.round(Xnan)                  # the most frequent value: the smallest of equals


def simple(table, **params):
    return make("impute.SimpleImputer", **params).fit(table)


for strategy, table in ("mean", Xnan), ("median", Xnan), ("most_frequent", Xties):
    add("simple_imputer_" + strategy, lambda s=strategy, t=table: simple(t, strategy=s), number_rows(Xnan), exact=True,
        artifacts="all" if strategy == "median" else None)
add("simple_imputer_constant", lambda: simple(Xnan, strategy="constant", fill_value=-5.5), number_rows(Xnan), exact=True)
add("simple_imputer_constant_default", lambda: simple(Xnan, strategy="constant"), number_rows(Xnan), exact=True)
add("simple_imputer_dropped", lambda: simple(Xempty), number_rows(Xnan), exact=True)
add("simple_imputer_dropped_constant", lambda: simple(Xempty, strategy="constant", fill_value=3.0), number_rows(Xnan), exact=True)
add("simple_imputer_minus_one", lambda: simple(Xminus, missing_values=-1), number_rows(
    Xminus, extra=[[-1.0, 50.0, 0.3, -1.0], [0.5, -1.0, -1.0, 2.0]], gap=-1.0), exact=True)
add("simple_imputer_int", lambda: simple(np.round(np.nan_to_num(Xminus)).astype(int), missing_values=-1,
                                         strategy="median"),
    number_rows(Xminus, extra=[[-1.0, 50.0, 0.0, -1.0]], gap=-1.0), exact=True)


@case("simple_imputer_indicator", number_rows(Xnan), exact=True)
def simple_imputer_indicator():
    since(0, 21)
    table = Xnan.copy()
    table[:, 2] = X[:, 2]               # no indicator for a column that was complete
    return simple(table, add_indicator=True)


@case("simple_imputer_indicator_dropped", number_rows(Xnan), exact=True)
def simple_imputer_indicator_dropped():
    since(0, 22)
    return simple(Xempty, add_indicator=True, strategy="median")


for strategy in "mean", "constant", "most_frequent":
    def keep_empty(strategy=strategy):
        since(1, 2)
        return simple(Xempty, strategy=strategy, keep_empty_features=True)
    add("simple_imputer_keep_empty_" + strategy, keep_empty, number_rows(Xnan), exact=True)


def with_gaps(values, gap):
    values = np.array(values, dtype=object)
    values[rng.uniform(size=N) < 0.15] = gap
    return values


WORDS = [u"red", u"", u" ", u"a\tb", u"line\nbreak", u"back\\slash", u"\\N", u"t\xfcrkis", u"S", u"NaN", u"?", None]


def text_table(null):
    cells = [[u"red", u"M"]] + [[w, u"S"] for w in WORDS] + [[u"blue", w] for w in WORDS] + [[None, None]]
    return Rows(numbered(2, "text"), cells, null=null, dtype=object)


def texts_with(gap):
    return np.column_stack([with_gaps(colours, gap), with_gaps(sizes, gap)])


nan_gaps, none_gaps, question_gaps = texts_with(np.nan), texts_with(None), texts_with(u"?")
add("simple_imputer_text_most_frequent", lambda: simple(nan_gaps, strategy="most_frequent"),
    text_table(np.nan), exact=True)
add("simple_imputer_text_constant", lambda: simple(nan_gaps, strategy="constant", fill_value=u"none \xe9"),
    text_table(np.nan), exact=True)
add("simple_imputer_text_constant_default", lambda: simple(nan_gaps, strategy="constant"), text_table(np.nan), exact=True)
add("simple_imputer_text_none", lambda: simple(none_gaps, strategy="most_frequent", missing_values=None),
    text_table(None), exact=True)
add("simple_imputer_text_none_constant", lambda: simple(
    none_gaps, strategy="constant", missing_values=None, fill_value="missing"), text_table(None), exact=True)
add("simple_imputer_text_question", lambda: simple(question_gaps, strategy="most_frequent", missing_values=u"?"),
    text_table(u"?"), exact=True)


def old(table, **params):
    until(0, 21)
    return make("preprocessing.Imputer", **params).fit(table)


for strategy, table in ("mean", Xnan), ("median", Xnan), ("most_frequent", Xties):
    add("imputer_" + strategy, lambda s=strategy, t=table: old(t, strategy=s), number_rows(Xnan), exact=True)
add("imputer_dropped", lambda: old(Xempty), number_rows(Xnan), exact=True)
add("imputer_minus_one", lambda: old(Xminus, missing_values=-1), number_rows(
    Xminus, extra=[[-1.0, 50.0, 0.3, -1.0]], gap=-1.0), exact=True)
