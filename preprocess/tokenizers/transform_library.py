"""tf.Transform, imported so that a program which uses this package keeps its own Keras.

tf.Transform sets `TF_USE_LEGACY_KERAS` for the whole process and all that it starts, and makes
`tf.keras` Keras 2 where nobody has asked for it yet. So `tf.keras` is settled first, and the
environment is put back. All modules take the library from here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf

__all__ = ["own_environment", "schema_utils", "tft"]


@contextmanager
def own_environment() -> Iterator[None]:
    """Puts the environment variables back that imports of the block set, change or delete."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        for name, value in before.items():
            if os.environ.get(name) != value:
                os.environ[name] = value


# Until its first attribute is asked for, `tf.keras` is neither Keras 2 nor 3.
_ = tf.keras.layers

with own_environment():
    import tensorflow_transform as tft
    from tensorflow_transform.tf_metadata import schema_utils
