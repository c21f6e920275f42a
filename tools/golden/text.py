# -*- coding: utf-8 -*-
"""Vectorizers of text, and the models that stand behind them."""
from __future__ import division, print_function, unicode_literals

import sys

from .base import N, VERSION, add, make, rng, t3, y2
from .rows import text_rows

WORDS = ("the ham spam Egg bacon's caf\xe9 cafe\u0301 na\xefve 42 don't x stra\xdfe \u0434\u043e\u043c is not ham "
         "spam egg over and r\xe9sum\xe9 snake_case 3.14 \u6771\u4eac").split(" ")
DOCUMENTS = [" ".join(WORDS[i] for i in rng.randint(0, len(WORDS), 5)) + " " +
             " ".join(["ham", "spam", "egg"][y] for y in [int(t3[i] == "red") + 2 * int(t3[i] == "blue")] * 2)
             if i % 3 else "%s, %s!" % (WORDS[i % len(WORDS)], WORDS[(i * 7) % len(WORDS)]) for i in range(N)]

ROWS = [
    "", " ", "x", "ham", "HAM spam Ham", "Spam, spam; EGG and ham.", "the the the", "don't bacon's", "caf\xe9",
    "cafe\u0301", "CAF\xc9", "na\xefve na\xefve", "42 3.14 42", "snake_case snake case", "stra\xdfe STRA\xdfE STRASSE",
    "\u0434\u043e\u043c \u0414\u041e\u041c", "\u6771\u4eac \u6771 \u4eac", "over and over", "is not the egg",
    "tab\tspam\nham  egg", "two  blanks   here", "a-b_c ham-spam", "resume r\xe9sum\xe9 R\xc9SUM\xc9", "ham " * 9,
    "\ufb01sh \u2160 \xb2 \xbd \u0661\u0662", "\U0001f600 ham\u200bspam", "back\\slash \\N", "e\u0301gg egg\u0301",
    "don\u2019t ham\xa0spam", "spam" * 5, "zzz unknown words", "\xdf \xdf\xdf", "ham\x02spam \x1fham"]
if sys.version_info[0] > 2:             # where Python 2 knows the simple mappings only
    ROWS += ["\u0130STANBUL \u0130 ham", "\u039f\u0394\u039f\u03a3 ham \u03a3\u03a3", "\ufb00 \u01c5 \u1e9e \u0149"]
ROWS.append(None)                       # last, so that every lane keeps it


def count(**params):
    return make("feature_extraction.text.CountVectorizer", **params)


def tfidf(**params):
    return make("feature_extraction.text.TfidfVectorizer", **params)


def pipeline(*steps):
    return make("pipeline.Pipeline", steps=[("step%d" % i, step) for i, step in enumerate(steps)])


def vectorizer(name, exact=True, lanes="all", kind=count, **params):
    add(name, lambda: kind(**params).fit(DOCUMENTS), lambda model: text_rows(ROWS), exact=exact, lanes=lanes)


vectorizer("count_vectorizer")
vectorizer("count_vectorizer_bigrams", ngram_range=(1, 2), max_features=24)
vectorizer("count_vectorizer_binary", binary=True, max_features=12)
vectorizer("count_vectorizer_stop_words", stop_words="english")
vectorizer("count_vectorizer_stop_list", stop_words=["ham", "the"], max_features=12, lanes="newest")
vectorizer("count_vectorizer_case", lowercase=False, lanes="newest")
vectorizer("count_vectorizer_char", analyzer="char", ngram_range=(1, 3), max_features=24)
vectorizer("count_vectorizer_char_wb", analyzer="char_wb", ngram_range=(2, 4), max_features=24)
vectorizer("count_vectorizer_accents", strip_accents="unicode", max_features=24)
vectorizer("count_vectorizer_ascii", strip_accents="ascii", max_features=24)
vectorizer("count_vectorizer_vocabulary", vocabulary=["spam", "ham", "egg", "caf\xe9", "don"], lanes="newest")
vectorizer("tfidf_vectorizer", exact=False, kind=tfidf, max_features=12)
vectorizer("tfidf_vectorizer_bigrams", exact=False, kind=tfidf, ngram_range=(1, 2), max_features=16, lanes="newest",
           stop_words="english")


def logistic():
    return make("linear_model.LogisticRegression", solver="lbfgs") if VERSION >= (0, 20) else make(
        "linear_model.LogisticRegression")


def scored(name, vectorizer, model, target=t3, methods=None, **options):
    add(name, lambda: pipeline(vectorizer(), model()).fit(DOCUMENTS, target), lambda m: text_rows(ROWS),
        outputs=methods, terms=lambda m, X: 3.0, **options)


NB = lambda: make("naive_bayes.MultinomialNB")
scored("tfidf_logistic", tfidf, logistic)
scored("tfidf_logistic_options", lambda: tfidf(sublinear_tf=True, ngram_range=(1, 2), norm="l1", smooth_idf=False,
                                               min_df=3), logistic, y2)
scored("tfidf_logistic_plain", lambda: tfidf(norm=None, use_idf=False, binary=True), logistic)
scored("tfidf_logistic_char_wb", lambda: tfidf(analyzer="char_wb", ngram_range=(1, 3), max_features=60), logistic)
scored("tfidf_nb", tfidf, NB, artifacts="newest")
scored("count_nb", lambda: count(ngram_range=(1, 2), min_df=3), NB)
add("count_tfidf_sgd", lambda: pipeline(
    count(stop_words="english"), make("feature_extraction.text.TfidfTransformer", sublinear_tf=True),
    make("linear_model.SGDClassifier", random_state=0, **(
        dict(n_iter=5) if VERSION < (0, 19) else dict(max_iter=20, tol=None)))).fit(DOCUMENTS, t3),
    lambda m: text_rows(ROWS), terms=lambda m, X: 50.0)
add("tfidf_linear_svc", lambda: pipeline(tfidf(), make("svm.LinearSVC", random_state=0)).fit(DOCUMENTS, y2),
    lambda m: text_rows(ROWS), terms=lambda m, X: 3.0)
add("tfidf_ridge", lambda: pipeline(tfidf(strip_accents="unicode"), make("linear_model.Ridge", solver="sag", random_state=0)).fit(
    DOCUMENTS, y2 * 7.5), lambda m: text_rows(ROWS), terms=lambda m, X: 10.0)
add("tfidf_forest", lambda: pipeline(tfidf(max_features=20), make(
    "ensemble.RandomForestClassifier", n_estimators=3, max_depth=3, random_state=0)).fit(DOCUMENTS, t3),
    lambda m: text_rows(ROWS), exact=["predict", "label"], outputs=["predict", "predict_proba"])
