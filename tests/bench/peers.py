"""Other engines, each as a function from float64 rows to answers.

Those that read scikit-learn's model are converted from it; the others have
fitted a model of their own of the same shape.  A peer that is not installed,
or cannot take the model, is left out, and says so.
"""

import copy
import os

import numpy as np
from common import WORK
from models import training

SHAPES = {
    "gb 100 x depth 6": (100, 6, None),
    "gb 500 x depth 8": (500, 8, None),
    "histgb 100 x 31": (100, None, 31),
}


def onnx(name, model):
    import onnxruntime
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType

    if hasattr(model, "_baseline_prediction"):  # the converter fails on arrays
        model = copy.copy(model)
        model._baseline_prediction = float(model._baseline_prediction.ravel()[0])
    options = {id(model): {"zipmap": False}} if hasattr(model, "classes_") else None
    graph = convert_sklearn(model, initial_types=[("x", FloatTensorType([None, 30]))], options=options)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), settings, providers=["CPUExecutionProvider"])
    output = [session.get_outputs()[-1].name]
    return np.float32, lambda x: session.run(output, {"x": x})[0]


def treelite_gtil(name, model):
    import treelite

    converted = treelite.sklearn.import_model(model)
    kind = np.float64
    return kind, lambda x: treelite.gtil.predict(converted, x, nthread=1)


def tl2cgen(name, model):
    import tl2cgen
    import treelite

    if "500" in name or "forest" in name:
        raise ValueError("compiles for too long")
    library = os.path.join(WORK, "models", name + " tl2cgen.so")
    if not os.path.exists(library):
        tl2cgen.export_lib(treelite.sklearn.import_model(model), toolchain="gcc",
                           libpath=library, params={"parallel_comp": 2})
    predictor = tl2cgen.Predictor(library, nthread=1)
    return np.float64, lambda x: predictor.predict(tl2cgen.DMatrix(x))


def xgboost(name, model):
    import xgboost

    trees, depth, leaves = SHAPES[name]
    x, y = training()
    shape = {"max_depth": depth} if depth else {"max_leaves": leaves, "max_depth": 0, "grow_policy": "lossguide"}
    own = xgboost.XGBRegressor(n_estimators=trees, tree_method="hist", n_jobs=1, **shape).fit(x, y)
    booster = own.get_booster()
    # inplace_predict: a DMatrix would remember its answers.
    return np.float32, booster.inplace_predict


def lightgbm_text(name):
    import lightgbm

    trees, depth, leaves = SHAPES[name]
    own = lightgbm.LGBMRegressor(n_estimators=trees, n_jobs=1, verbose=-1, max_depth=depth or -1,
                                 num_leaves=leaves or 2 ** depth)
    return own.fit(*training()).booster_


def lightgbm(name, model):
    booster = lightgbm_text(name)
    return np.float64, lambda x: booster.predict(x, num_threads=1)


def lleaves(name, model):
    import lleaves as compiler

    path = os.path.join(WORK, "models", "lightgbm %s.txt" % name)
    lightgbm_text(name).save_model(path)
    compiled = compiler.Model(model_file=path)
    compiled.compile()
    return np.float64, lambda x: compiled.predict(x, n_jobs=1)


def catboost(name, model):
    from catboost import CatBoostRegressor

    trees, depth, leaves = SHAPES[name]
    if leaves:
        raise ValueError("has symmetric trees only")
    own = CatBoostRegressor(iterations=trees, depth=depth, thread_count=1, verbose=False,
                            allow_writing_files=False).fit(*training())
    return np.float32, lambda x: own.predict(x, thread_count=1)


CONVERTED = {"ONNX Runtime": onnx, "treelite GTIL": treelite_gtil, "TL2cgen": tl2cgen}
OWN_MODEL = {"XGBoost": xgboost, "LightGBM": lightgbm, "lleaves": lleaves, "CatBoost": catboost}


def make(name, model, wanted):
    """Peers that take the model: name to (type of rows, function)."""
    made = {}
    for peer in wanted:
        try:
            made[peer] = {**CONVERTED, **OWN_MODEL}[peer](name, model)
            made[peer][1](np.zeros((2, 30), dtype=made[peer][0]))
        except Exception as reason:  # whatever a peer says, the rest goes on
            print("  %s leaves out %s: %s" % (peer, name, str(reason).strip().split("\n")[0][:100]), flush=True)
            made.pop(peer, None)
    return made
