"""The Python packages whose ops a graph may need beside TensorFlow's own.

Whoever loads a graph imports what its manifest names: nothing else may stand there.
"""

from __future__ import annotations

from typing import Final, Literal

OpLibrary = Literal["tensorflow_text"]

TENSORFLOW_TEXT: Final = "tensorflow_text"
