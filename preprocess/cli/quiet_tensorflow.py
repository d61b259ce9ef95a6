"""Keeps the libraries' notes about CPU features and missing GPUs out of a command's output."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from preprocess.core.lazy import lazy_imports

with lazy_imports():
    import tensorflow as tf
    from absl import logging as absl_logging


def import_tensorflow() -> None:
    """Imports TensorFlow and finds its devices, and drops the notes that it prints meanwhile.

    Raises:
      ImportError: as the import does; what was printed before is shown first.
    """
    # 3: errors too, as each reaches Python as an exception; what is left are notes that this
    # CPU lacks AVX-512.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    with _stderr_held_back():
        tf.config.list_physical_devices()
    # "Tables initialized inside a tf.function": true only while tf.Transform traces a graph.
    absl_logging.set_verbosity(absl_logging.ERROR)
    for name in ("tensorflow", "apache_beam"):
        logging.getLogger(name).setLevel(logging.ERROR)


@contextmanager
def _stderr_held_back() -> Iterator[None]:
    """Holds back what the block writes to file descriptor 2; shows it if the block fails."""
    sys.stderr.flush()
    real = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(real, held.read())
            raise
        finally:
            os.dup2(real, 2)
            os.close(real)
