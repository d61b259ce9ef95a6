"""Loads a SavedModel, with the ops that it needs."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

import tensorflow as tf

from preprocess.core.errors import ArtifactError, one_line
from preprocess.core.op_libraries import OpLibrary

_LONGEST = 200


def load_saved_model(path: str, op_libraries: Iterable[OpLibrary], command: str) -> Any:
    """Loads a SavedModel.

    Args:
      path: its folder.
      op_libraries: Python packages whose ops it needs beside TensorFlow's own.
      command: what makes a new one, such as "text2seq train"; for errors.

    Raises:
      ArtifactError: it is missing or damaged, or a package is not installed.
    """
    try:
        for library in op_libraries:
            import_module(library)
        return tf.saved_model.load(path)
    except ImportError as error:
        raise ArtifactError(
            f"{path}: its ops come from the package {error.name}, got an import that failed "
            f"({error}), expected it to be installed; install it"
        ) from error
    except Exception as error:  # TensorFlow and protobuf raise anything for a damaged file
        what = one_line(error)[:_LONGEST] or type(error).__name__
        raise ArtifactError(
            f"{path}: got a folder that TensorFlow cannot load ({what}), expected a SavedModel; "
            f"run `{command}` again"
        ) from error
