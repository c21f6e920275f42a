# -*- coding: utf-8 -*-
"""OneHotEncoder, OrdinalEncoder, LabelEncoder."""
from __future__ import division, print_function

import numpy as np

from .base import N, VERSION, Xint, add, case, colours, make, rng, since, sizes, t3, until
from .rows import Rows, numbered

DENSE = dict(sparse=False) if VERSION < (1, 2) else dict(sparse_output=False)
texts = np.column_stack([colours, sizes])
gap = rng.uniform(size=texts.shape) < 0.1
texts_nan, texts_none, texts_both = texts.copy(), texts.copy(), texts.copy()
texts_nan[gap] = np.nan
texts_none[gap] = None
texts_both[gap] = None
texts_both[rng.uniform(size=texts.shape) < 0.1] = np.nan
odd = np.array([u"", u" ", u"a\tb", u"new\nline", u"back\\slash", u"\\N", u"A", u"a", u"\xe9", u"e\u0301", u"nan",
                u"\u65e5\u672c", u"None"], dtype=object)
odd_texts = np.column_stack([odd[np.arange(N) % len(odd)], sizes])
decimals = np.column_stack([np.array([0.1, 0.2, 0.1 + 0.2, 0.3, -1.5, 1e300])[rng.randint(0, 6, N)],
                            Xint[:, 0].astype(float)])
decimals_nan = decimals.copy()
decimals_nan[rng.uniform(size=decimals.shape) < 0.1] = np.nan

TEXTS = [u"red", u"green", u"blue", u"t\xfcrkis", u"Red", u"red ", u"", u"turkis", u"tu\u0308rkis", None, u"nan", u"None"]


def text_cells(null=np.nan, columns=2, known=TEXTS):
    cells = [[a, b] for a, b in zip(known, [u"S", u"M", u"L", u"XL"] * 9)]
    cells += [[a, b] for a in (u"red", u"green") for b in (u"S", u"XL", u"M", u"L")]
    cells += [[u"red", b] for b in (u"S", u"M", u"L", u"XL", u"XXL", u"s", u"", None)] + [[None, None], [u"?", u"?"]]
    return Rows(numbered(2, "text"), cells, null=null, dtype=object)


def odd_cells():
    return Rows(numbered(2, "text"), [[w, u"S"] for w in odd] + [[u"E\u0301", u"M"], [u"b", u"L"]], dtype=object)


def number_cells():
    first = [0.1, 0.2, 0.1 + 0.2, 0.3, -1.5, 1e300, 0.30000000000000001, 0.0, float(np.float32(0.1)), 1.5, np.inf]
    cells = [[v, float(i % 4)] for i, v in enumerate(first)]
    cells += [[0.1, v] for v in (0.0, -0.0, 1.0, 2.0, 3.0, 4.0, 2.5, -1.0, None, np.inf)] + [[None, 0.0], [None, None]]
    return Rows(numbered(2), cells)


def onehot(table, dense=True, **params):
    if dense:
        params.update(DENSE)
    if VERSION < (0, 22) and VERSION >= (0, 20):
        params.setdefault("categories", "auto")
    since(0, 20)
    return make("preprocessing.OneHotEncoder", **params).fit(table)


def encoder(name, rows, *release, **params):
    """A OneHotEncoder case, from RELEASE on."""
    table = params.pop("table")
    options = dict((k, params.pop(k)) for k in ("artifacts", "lanes") if k in params)

    def function():
        since(*(release or (0, 20)))
        return onehot(table, **params)
    add(name, function, rows, exact=True, **options)


encoder("onehot_text", text_cells(None), table=texts, artifacts="all")
encoder("onehot_text_ignore", text_cells(None), table=texts, handle_unknown="ignore")
encoder("onehot_text_sparse", text_cells(None), table=texts, handle_unknown="ignore", dense=False)
encoder("onehot_text_u", text_cells(None), table=texts.astype("U6"), handle_unknown="ignore")
encoder("onehot_text_odd", odd_cells(), table=odd_texts, handle_unknown="ignore")
encoder("onehot_text_given", text_cells(None), categories=[[u"red", u"green"], [u"XL", u"L", u"M", u"S"]],
        table=texts[(colours == "red") | (colours == "green")], handle_unknown="ignore")
encoder("onehot_text_nan", text_cells(np.nan), 0, 24, table=texts_nan)
encoder("onehot_text_nan_ignore", text_cells(np.nan), 0, 24, table=texts_nan, handle_unknown="ignore")
encoder("onehot_text_none", text_cells(None), 0, 24, table=texts_none, handle_unknown="ignore")
encoder("onehot_text_both", text_cells(None), 0, 24, table=texts_both, handle_unknown="ignore")
encoder("onehot_drop_first", text_cells(None), 0, 21, table=texts, drop="first")
encoder("onehot_drop_array", text_cells(None), 0, 21, table=texts, drop=np.array([u"green", u"M"], dtype=object))
binary = np.column_stack([np.where(sizes == "S", u"yes", u"no").astype(object), sizes])
encoder("onehot_drop_if_binary", Rows(numbered(2, "text"), [
    [a, b] for a in (u"yes", u"no", u"maybe", None) for b in (u"S", u"M", u"L", u"XL", u"?")], null=None, dtype=object),
    0, 23, table=binary, drop="if_binary")
encoder("onehot_drop_ignore", text_cells(None), 1, 0, table=texts, drop="first", handle_unknown="ignore")
encoder("onehot_drop_nan", text_cells(np.nan), 1, 0, table=texts_nan, drop=np.array([np.nan, u"M"], dtype=object),
        handle_unknown="ignore")
encoder("onehot_min_frequency", text_cells(None), 1, 1, table=texts, min_frequency=25,
        handle_unknown="infrequent_if_exist")
encoder("onehot_min_fraction", text_cells(None), 1, 1, table=texts, min_frequency=0.2, handle_unknown="ignore",
        lanes="newest")
encoder("onehot_max_categories", text_cells(np.nan), 1, 1, table=texts_nan, max_categories=3,
        handle_unknown="infrequent_if_exist")
encoder("onehot_infrequent_error", text_cells(None), 1, 1, table=texts, max_categories=2)
encoder("onehot_infrequent_drop", text_cells(None), 1, 1, table=texts, max_categories=3, drop="first",
        handle_unknown="infrequent_if_exist")
encoder("onehot_no_infrequent", text_cells(None), 1, 1, table=texts, handle_unknown="infrequent_if_exist")
encoder("onehot_warn", text_cells(None), 1, 6, table=texts, max_categories=3, handle_unknown="warn")
encoder("onehot_numbers", number_cells(), table=decimals, handle_unknown="ignore")
encoder("onehot_numbers_error", number_cells(), table=decimals)
encoder("onehot_numbers_nan", number_cells(), 0, 24, table=decimals_nan, handle_unknown="ignore")
encoder("onehot_numbers_drop", number_cells(), 0, 21, table=decimals, drop="first")
encoder("onehot_numbers_infrequent", number_cells(), 1, 1, table=decimals_nan, min_frequency=18,
        handle_unknown="infrequent_if_exist")


def int_cells(values=(0, 1, 2, 3, 4, 5, 6, -1, 2.5, 1000000, None)):
    return Rows(numbered(3), [[float(i % 4), float(i % 3), None if v is None else float(v)]
                              for i, v in enumerate(values)] +
                [[v, 0.0, 1.0] for v in (0.0, 3.0, 4.0, -1.0)] + [[0.0, 0.0, 0.0], [-0.0, 2.0, 5.0]])


encoder("onehot_ints", int_cells(), table=Xint, handle_unknown="ignore")


class BoolRows(Rows):
    def build(self, cells):
        return np.array([[bool(v) for v in row] for row in cells])


encoder("onehot_bool", BoolRows(numbered(2), [[a, b] for a in (0.0, 1.0) for b in (0.0, 1.0)], dtype=bool),
        table=Xint[:, :2] > 0)


def legacy(**params):
    until(0, 21)
    return make("preprocessing.OneHotEncoder", **dict(DENSE, **params)).fit(Xint)


add("onehot_legacy", legacy, int_cells(), exact=True)
add("onehot_legacy_ignore", lambda: legacy(handle_unknown="ignore"), int_cells(), exact=True)
add("onehot_legacy_some", lambda: legacy(categorical_features=[True, False, True], handle_unknown="ignore"),
    int_cells((0, 1, 2, 3, 4, 5, 6, 7)), exact=True)
add("onehot_legacy_values", lambda: legacy(n_values=[5, 4, 8]), int_cells(), exact=True)


def ordinal(name, rows, *release, **params):
    table = params.pop("table")
    options = dict((k, params.pop(k)) for k in ("artifacts", "lanes") if k in params)

    def function():
        since(*(release or (0, 20)))
        return make("preprocessing.OrdinalEncoder", **params).fit(table)
    add(name, function, rows, exact=True, **options)


ordinal("ordinal_text", text_cells(None), table=texts)
ordinal("ordinal_text_given", text_cells(None), table=texts,
        categories=[[u"t\xfcrkis", u"red", u"green", u"blue"], [u"S", u"M", u"L", u"XL"]])
ordinal("ordinal_numbers", number_cells(), table=decimals)
ordinal("ordinal_unknown", text_cells(None), 0, 24, table=texts, handle_unknown="use_encoded_value", unknown_value=-1)
ordinal("ordinal_unknown_nan", text_cells(None), 0, 24, table=texts, handle_unknown="use_encoded_value",
        unknown_value=np.nan)
ordinal("ordinal_nan", text_cells(np.nan), 1, 0, table=texts_nan, handle_unknown="use_encoded_value", unknown_value=-1)
ordinal("ordinal_none", text_cells(None), 1, 0, table=texts_none, handle_unknown="use_encoded_value", unknown_value=9)
ordinal("ordinal_numbers_nan", number_cells(), 1, 0, table=decimals_nan, handle_unknown="use_encoded_value",
        unknown_value=-2)
ordinal("ordinal_missing_value", text_cells(np.nan), 1, 1, table=texts_nan, encoded_missing_value=-7,
        handle_unknown="use_encoded_value", unknown_value=-1)
ordinal("ordinal_infrequent", text_cells(np.nan), 1, 3, table=texts_nan, max_categories=3, encoded_missing_value=-7,
        handle_unknown="use_encoded_value", unknown_value=-1)
ordinal("ordinal_min_frequency", text_cells(None), 1, 3, table=texts, min_frequency=25)

for kind, target in (("text", t3), ("numbers", np.array([10, -2, 300])[np.arange(N) % 3]),
                     ("floats", np.array([0.1, 2.5])[np.arange(N) % 2])):
    def label_encoder(target=target):
        return make("preprocessing.LabelEncoder").fit(target)
    add("label_encoder_" + kind, label_encoder, Rows(numbered(1, "text" if kind == "text" else "number"), []),
        exact=True, lanes="all" if kind == "text" else "newest")
