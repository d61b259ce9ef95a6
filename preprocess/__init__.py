"""Text to sequences: the same vocabulary, ids and padding in training and serving.

Names are imported when they are first used, so that `import preprocess` costs nothing.

Example:
  >>> import preprocess
  >>> batches = preprocess.dataset("artifact", "train", batch_size=64)
  >>> features, labels = next(iter(batches))
  >>> list(features), list(labels)
  (['text', 'text_length'], ['label'])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from preprocess.api import __all__, __getattr__  # noqa: F401 - what gives the names

if TYPE_CHECKING:
    from preprocess.api import *  # noqa: F403 - for type checkers


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
