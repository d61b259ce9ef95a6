"""A program that uses the package keeps its environment, and its Keras."""

from __future__ import annotations

import json

import pytest
from processes import run_python

pytestmark = pytest.mark.slow

PROGRAM = """
import json, os
before = dict(os.environ)
import beam_jobs.build.build_run
import preprocess.graph.serving
after = dict(os.environ)
import keras
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow_transform.keras_lib import tf_keras
print(json.dumps({
    "changed": sorted(set(before.items()) ^ set(after.items())),
    "keras": keras.__version__,
    "tf.keras": tf.keras.__version__,
    "is one": tf.keras.layers.Dense is keras.layers.Dense is layers.Dense,
    "of tf.Transform": tf_keras.__name__,
}))
"""


def test_tf_transform_leaves_them_alone() -> None:
    found = json.loads(run_python("-c", PROGRAM).stdout)
    assert found["changed"] == []
    assert found["keras"] == found["tf.keras"] and found["keras"].startswith("3.")
    assert found["is one"]
    assert found["of tf.Transform"] == "tf_keras"
