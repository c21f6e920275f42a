"""Fit the sample model: which species is this penguin?

    tools/run_in_lane.sh 1.9 examples/penguins/fit.py

reads penguins.csv, writes penguins.joblib and expected.csv beside it.
"""
import csv
import os

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

MEASURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
TEXTS = ["island", "sex"]

os.chdir(os.path.dirname(os.path.abspath(__file__)))
penguins = pd.read_csv("penguins.csv", index_col="id")
features = penguins[MEASURES + TEXTS]

model = make_pipeline(
    ColumnTransformer([
        ("measures", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), MEASURES),
        ("texts", make_pipeline(SimpleImputer(strategy="constant", fill_value="missing"),
                                OneHotEncoder(handle_unknown="ignore")), TEXTS)]),
    RandomForestClassifier(n_estimators=100, min_samples_leaf=2, random_state=0))

# Every third penguin is held out.
held_out = penguins.index % 3 == 0
model.fit(features[~held_out], penguins.species[~held_out])
print("right on held-out penguins: %.3f" % model.score(features[held_out], penguins.species[held_out]))
joblib.dump(model, "penguins.joblib", compress=3)

# What scikit-learn says of every penguin, asked one by one.
with open("expected.csv", "w", newline="") as f:
    writer = csv.writer(f, lineterminator="\n")
    writer.writerow(["id", "species"] + ["p_" + c.lower() for c in model.classes_])
    for number in penguins.index:
        row = features.loc[[number]]
        writer.writerow([number, model.predict(row)[0]] + [repr(float(p)) for p in model.predict_proba(row)[0]])
