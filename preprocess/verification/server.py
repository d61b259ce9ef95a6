"""The process that answers with `serving/`, seen from ours."""

from __future__ import annotations

import json
import math
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from preprocess.core.errors import VerificationError
from preprocess.core.op_libraries import OpLibrary

_WORKER = Path(__file__).with_name("worker.py")

Columns = Mapping[str, Any]
Answer = dict[str, NDArray[Any]]


class Server:
    """A fresh Python process that has loaded `serving/` and imports nothing of this package."""

    def __init__(self, serving: str, op_libraries: Sequence[OpLibrary]) -> None:
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        # -P: the worker's own folder must not shadow modules.
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER), serving, *op_libraries],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
        )

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._words.close()

    def answers(self, requests: Iterable[tuple[Any, Columns]]) -> Iterator[tuple[Any, Answer]]:
        """Answers requests in order; while one is answered, the next is prepared.

        Args:
          requests: anything, and raw columns by name: lists of bytes or float32 arrays.

        Raises:
          VerificationError: the process died.
        """
        with ThreadPoolExecutor(max_workers=1) as pool:
            pending = None
            for item, columns in requests:
                asked = pool.submit(self._ask, columns)
                if pending:
                    yield pending[0], pending[1].result()
                pending = item, asked
            if pending:
                yield pending[0], pending[1].result()

    def _ask(self, columns: Columns) -> Answer:
        assert self._process.stdin and self._process.stdout
        try:
            pickle.dump(dict(columns), self._process.stdin)
            self._process.stdin.flush()
            return dict(_arrays(self._process.stdout))
        except (OSError, EOFError, ValueError, TypeError) as error:
            raise VerificationError(
                f"the process that answers with serving/ died ({self._last_words()}); expected a "
                "SavedModel that loads with TensorFlow alone, or with its op_libraries"
            ) from error

    def _last_words(self) -> str:
        self._process.wait()
        self._words.seek(0)
        lines = self._words.read().decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "without a word")


def _arrays(answers: IO[bytes]) -> Iterator[tuple[str, NDArray[Any]]]:
    """The arrays of one answer; see `worker`.

    Raises:
      EOFError, ValueError, TypeError: it is none.
    """
    line = answers.readline()
    if not line:
        raise EOFError
    for name, (dtype, shape) in json.loads(line).items():
        kind = np.dtype(dtype)
        data = answers.read(math.prod(shape) * kind.itemsize)
        yield name, np.frombuffer(data, kind).reshape(shape)
