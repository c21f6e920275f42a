#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""Writes the samples of tests/unit/data/format: one zoo of values, many ways.

    python tools/make_format_samples.py LANE [FOLDER]

LANE names the Python and NumPy at work and begins the names of the files.
Runs on Python 2.7 and 3; each of the samples committed was written by

    py27    Python 2.7.18  NumPy 1.13.3  joblib 0.13.2
    py36    Python 3.6.15  NumPy 1.16.6  joblib 0.11
    py36old Python 3.6.15  NumPy 1.13.3  joblib 0.9.4
    py39    Python 3.9.18  NumPy 1.21.6  joblib 1.1.1   pandas 1.3.5
    py313   Python 3.13.0  NumPy 2.5.5   joblib 1.6.0   pandas, dill, cloudpickle

tests/unit/test_format.c knows what is in the zoo.
"""
import bz2
import collections
import gzip
import io
import os
import pickle
import sys
import zlib

import numpy as np

# The lanes in between are alike in what they leave out.
PROTOCOLS = {
    "py27": (0, 1, 2),
    "py36": (0, 2, 3),
    "py36old": (),
    "py39": (2, 4, 5),
    "py313": (0, 1, 2, 3, 4, 5),
}

PYTHON2 = sys.version_info[0] == 2
if PYTHON2:
    import cPickle


class Point(object):
    def __init__(self, x, y):
        self.x = x
        self.y = y


class Slotted(object):
    __slots__ = ("x", "y")


def plain_values():
    shared = [1, 2]
    cyclic = []
    cyclic.append(cyclic)
    return {
        u"none": None,
        u"true": True,
        u"false": False,
        u"byte": 200,
        u"short": 60000,
        u"negative": -5,
        u"word": 2 ** 31,
        u"long": -(2 ** 62),
        u"big": 2 ** 70,
        u"float": 0.1,
        u"inf": float("inf"),
        u"minus_inf": -float("inf"),
        u"nan": float("nan"),
        u"text": u"na\xefve \u20ac \U0001d11e \\ \n '",
        u"ascii": "it's",
        u"bytes": b"\x00\xff\n'\\" if not PYTHON2 else bytearray(b"\x00\xff\n'\\"),
        u"no_bytes": bytearray(b""),
        u"tuples": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
        u"lists": [[], [1], [1, [2, [3]]]],
        u"many": list(range(50)),
        u"wide": dict((u"key %d" % i, i) for i in range(40)),
        u"set": set([3]),
        u"frozenset": frozenset([4]),
        u"number_keys": {1: u"one", 2.5: u"two and a half", None: u"none"},
        u"ordered": collections.OrderedDict([(u"b", 1), (u"a", 2)]),
        u"default": default_dict(),
        u"slice": slice(1, 5, 2),
        u"class": Point,
        u"point": Point(1, u"two"),
        u"shared": [shared, shared],
        u"cyclic": cyclic,
    }


def default_dict():
    made = collections.defaultdict(int)
    made[u"x"] = 7
    return made


NODE = np.dtype([("left", "<i8"), ("value", "<f8"), ("flag", "u1")], align=True)


def arrays():
    six = np.arange(6, dtype="f8").reshape(2, 3)
    cube = np.arange(24, dtype="f8").reshape(2, 3, 4)
    nodes = np.zeros(3, NODE)
    nodes["left"] = [-1, 2, 3]
    nodes["value"] = [0.5, -1.5, 2.5]
    nodes["flag"] = [0, 1, 0]
    mixed = np.array([u"x", None, 1.5, 7, float("nan")], dtype=object)
    numbers = np.array([[1, 2.5], [None, True]], dtype=object)
    return {
        u"a_c": six,
        u"a_f": np.asfortranarray(six),
        u"a_k": cube.transpose(1, 0, 2),
        u"a_strided": cube[:, ::2, 1],
        u"a_readonly": readonly(six),
        u"a_f2": np.array([0.5, -2, 6e-8, np.inf], "f2"),
        u"a_f4": np.array([0.5, -2, 1e-40, np.inf], "f4"),
        u"a_i1": np.array([-1, 2], "i1"),
        u"a_i2": np.array([-1, 2], "i2"),
        u"a_i4": np.array([-1, 2], "i4"),
        u"a_i8": np.array([-1, 2], "i8"),
        u"a_u1": np.array([255, 2], "u1"),
        u"a_u2": np.array([65535, 2], "u2"),
        u"a_u4": np.array([2 ** 32 - 1, 2], "u4"),
        u"a_u8": np.array([2 ** 64 - 1, 2], "u8"),
        u"a_bool": np.array([True, False]),
        u"a_big_f8": np.array([0.5, -2], ">f8"),
        u"a_big_i4": np.array([-1, 2], ">i4"),
        u"a_big_u": np.array([u"\u20ac"], ">U2"),
        u"a_unicode": np.array([u"a", u"\xe9\U0001d11e", u"xyz"]),
        u"a_bytes": np.array([b"a", b"\xe9", b"xyz"]),
        u"a_object": mixed,
        u"a_object_f": np.asfortranarray(numbers),
        u"a_empty": np.zeros((0, 3)),
        u"a_scalar": np.array(2.5),
        u"a_scalar_object": np.array(u"only", dtype=object),
        u"a_nodes": nodes,
        u"a_date": np.array(["2020-01-01"], "M8[D]"),
        u"a_complex": np.array([1 + 2j]),
        u"a_matrix": np.matrix([[1.0, 2.0]]),
        u"a_masked": np.ma.array([1.0, 2.0], mask=[0, 1]),
        u"a_inner": np.array([np.arange(2.0), np.arange(3.0), None], dtype=object),
        u"s_f8": np.float64(0.1),
        u"s_f4": np.float32(0.5),
        u"s_i8": np.int64(-3),
        u"s_u8": np.uint64(2 ** 64 - 1),
        u"s_bool": np.bool_(True),
        u"s_text": np.array([u"\xe9"])[0],
        u"s_date": np.datetime64("2020-01-01"),
        u"d_f8": np.dtype("f8"),
        u"d_big": np.dtype(">i4"),
        u"d_nodes": NODE,
    }


def readonly(array):
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def zoo():
    made = plain_values()
    made.update(arrays())
    return made


def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def write_pickles(folder, lane):
    for protocol in PROTOCOLS[lane]:
        name = "%s_p%d.pkl" % (lane, protocol)
        write(folder, name, pickle.dumps(zoo(), protocol))
        if PYTHON2:
            name = "%s_c_p%d.pkl" % (lane, protocol)
            write(folder, name, cPickle.dumps(zoo(), protocol))


def write_joblib(folder, lane):
    import joblib

    path = os.path.join(folder, "%s.joblib" % lane)
    if lane == "py36old":
        # Layouts that are refused: side files, and its own compression.
        written = joblib.dump(readonly(np.arange(3.0)), path)
        for name in written[1:]:
            os.remove(name)
        joblib.dump([1, 2], os.path.join(folder, "%s_zf.joblib" % lane), compress=3)
        return
    joblib.dump(zoo(), path)
    if lane != "py313":
        return
    for kind in ("zlib", "gzip", "bz2", "xz", "lzma", "lz4"):
        path = os.path.join(folder, "%s_%s.joblib" % (lane, kind))
        joblib.dump(arrays(), path, compress=(kind, 3))


def write_containers(folder, lane):
    """What joblib does not write: several members, two layers."""
    data = pickle.dumps(arrays(), 4)
    half = len(data) // 2
    parts = (data[:half], data[half:])
    write(folder, lane + "_gzip_members.pkl", b"".join(map(gzipped, parts)) + b"\0" * 7)
    write(folder, lane + "_bz2_streams.pkl", b"".join(map(bz2.compress, parts)))
    write(folder, lane + "_gzip_zlib.pkl", gzipped(zlib.compress(data)))
    write_lzma_and_lz4(folder, lane, data, parts)


def write_lzma_and_lz4(folder, lane, data, parts):
    import lzma
    import lz4.frame

    write(folder, lane + "_xz_streams.pkl", b"".join(map(lzma.compress, parts)))
    frame = lz4.frame.compress(
        data, block_linked=True, block_size=lz4.frame.BLOCKSIZE_MAX64KB,
        content_checksum=True, block_checksum=True, store_size=True)
    write(folder, lane + "_lz4_linked.pkl", frame)


def gzipped(data):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as file:
        file.write(data)
    return out.getvalue()


def write_long(folder, lane):
    """Picklers write items a thousand at a time."""
    long = {
        u"many": list(range(2500)),
        u"wide": dict((u"%d" % i, i) for i in range(2500)),
    }
    write(folder, lane + "_long.pkl", gzipped(pickle.dumps(long, 4)))


def write_others(folder, lane):
    """Other picklers, and pandas' Index."""
    import cloudpickle
    import dill

    small = {u"a_c": arrays()[u"a_c"], u"a_object": arrays()[u"a_object"]}
    # It would spell out the classes of this script.
    without = zoo()
    del without[u"class"], without[u"point"]
    write(folder, lane + "_cloudpickle.pkl", cloudpickle.dumps(without))
    write(folder, lane + "_dill.pkl", dill.dumps(small))
    write_pandas(folder, lane)


def write_pandas(folder, lane):
    import pandas

    # From pandas 3 on, text in an Index is of a dtype of its own by default.
    indexes = {
        u"index": pandas.Index([u"a", u"b"], dtype=object),
        u"range": pandas.RangeIndex(3),
        u"numbers": pandas.Index([1.5, 2.5]),
    }
    write(folder, lane + "_pandas.pkl", pickle.dumps(indexes, 4))


def main():
    lane = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else "tests/unit/data/format"
    if not os.path.isdir(folder):
        os.makedirs(folder)
    write_pickles(folder, lane)
    write_joblib(folder, lane)
    if lane == "py39":
        write_pandas(folder, lane)
    if lane == "py313":
        write_containers(folder, lane)
        write_long(folder, lane)
        write_others(folder, lane)


if __name__ == "__main__":
    main()
