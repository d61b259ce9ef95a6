"""Keeps the libraries' notes about CPU features and missing GPUs out of what a user reads."""

from __future__ import annotations

import gc
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from preprocess.core.errors import Text2SeqError
from preprocess.core.lazy import lazy_imports
from preprocess.core.system_failures import system_failure

with lazy_imports():
    import tensorflow as tf
    from absl import logging as absl_logging

_TENSORFLOW = "tensorflow"
_LOGGERS = (_TENSORFLOW, "apache_beam")


def import_quietly(*modules: str) -> None:
    """Imports TensorFlow and `modules`; from then on the libraries log errors alone.

    Raises:
      ImportError: as the import does; what was printed before is shown first.
    """
    with _no_collections():
        _import_tensorflow()
        for module in modules:
            import_module(module)
    # "Tables initialized inside a tf.function": true only while tf.Transform traces a graph.
    absl_logging.set_verbosity(absl_logging.ERROR)
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)


@contextmanager
def _no_collections() -> Iterator[None]:
    """Imports leave a million objects and no garbage, which need not be looked for meanwhile."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _import_tensorflow() -> None:
    """Imports TensorFlow and finds its devices, and drops the notes that it prints meanwhile.

    Raises:
      ImportError: as the import does; what was printed before is shown first.
    """
    if _TENSORFLOW not in sys.modules:
        # 3: errors too, as each reaches Python as an exception; what is left are notes that this
        # CPU lacks AVX-512.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
        with _stderr_held_back():
            tf.config.list_physical_devices()


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """What a face does with TensorFlow or Beam: as quiet as on the command line, with its errors.

    Raises:
      SystemFailure: in place of what the operating system refuses, such as space on a disk.
    """
    verbosity = absl_logging.get_verbosity()
    before = {name: logging.getLogger(name).level for name in _LOGGERS}
    import_quietly()
    try:
        yield
    except Text2SeqError:
        raise
    except Exception as error:
        failure = system_failure(error)
        if failure is None:
            raise
        raise failure from error
    finally:
        absl_logging.set_verbosity(verbosity)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


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
