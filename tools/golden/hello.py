"""Prints the versions of a lane: the check at the end of its set-up."""
from __future__ import print_function

import sys

import numpy
import pandas
import scipy
import sklearn
import sklearn.ensemble
import sklearn.linear_model

print("Python %s, scikit-learn %s, NumPy %s, SciPy %s, pandas %s" % (
    sys.version.split()[0], sklearn.__version__, numpy.__version__,
    scipy.__version__, pandas.__version__))
