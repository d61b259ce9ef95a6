"""Text to sequences: the same vocabulary, ids and padding in training and serving.

Names are imported when they are first used, so that `import preprocess` costs nothing.

Example:
  >>> import preprocess
  >>> batches = preprocess.dataset("artifact", "train", batch_size=64)
  >>> model.fit(batches, epochs=3)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from preprocess.datasets import dataset, feature_spec
    from preprocess.manifest import read_manifest
    from preprocess.spec import Spec, load_spec
    from preprocess.words import WordIndex

__all__ = ["Spec", "WordIndex", "dataset", "feature_spec", "load_spec", "read_manifest"]

# No module may bear the name of a function: importing it would hide the function.
_HOMES = {
    "Spec": "preprocess.spec",
    "WordIndex": "preprocess.words",
    "dataset": "preprocess.datasets",
    "feature_spec": "preprocess.datasets",
    "load_spec": "preprocess.spec",
    "read_manifest": "preprocess.manifest",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
