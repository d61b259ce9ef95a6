"""One generated corpus and one artifact for the whole session, and small builds in process."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from preprocess.core import progress_display

pytest_plugins = ["model_fixtures"]

# No verdict depends on time: how long an example takes is the machine's affair.
settings.register_profile("text2seq", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("text2seq")

Content = bytes | str | Sequence[Mapping[str, Any]]
Build = Callable[..., Path]

# Letters that a locale's rules lower-case otherwise, and letters whose case is a special case.
ODD_TEXTS = (
    "İstanbul I ISPARTA ıssız iğne",
    "Ì Í Ĩ Į Ìì Íí Ĩĩ Įį jį J̇ Ė",
    "Straße STRASSE ẞ ß ΟΔΥΣΣΕΥΣ ΣΑΣ Σ σ ς",
    "日本語 テキスト 😀👍🏽 𝒳 Ǆ ǅ ǆ ﬁ",
    "a\0b don't STOP! tab\tand\nnewline \u00a0 x\u200dy e\u0301",
)


def write_rows(path: Path, content: Content) -> Path:
    """Writes bytes or text as they are, and rows as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(content, bytes | str):
        content = "".join(json.dumps(row) + "\n" for row in content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture(scope="session", autouse=True)
def no_timed_lines() -> Iterator[None]:
    """Keeps the line that a command prints every few seconds out of what a test reads."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(progress_display._Printer, "every", threading.TIMEOUT_MAX)
        yield


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The demo's corpus of 3,000 rows, and 60 rows of odd letters."""
    from preprocess.demo import write_corpus

    folder = tmp_path_factory.mktemp("corpus")
    written = write_corpus(folder, 3_000)
    rows = [
        {"id": f"odd-{n}", "text": text, "stars": 2.5, "label": n % 2, "topic": "films"}
        for n in range(12)
        for text in ODD_TEXTS
    ]
    write_rows(
        folder / "part-odd.jsonl", [{**r, "id": f"{r['id']}-{i}"} for i, r in enumerate(rows)]
    )
    return written


@pytest.fixture(scope="session")
def artifact(corpus: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artifact of `corpus`, built with the default options. Read only."""
    from beam_jobs.build import build

    output = tmp_path_factory.mktemp("built") / "artifact"
    build(str(corpus.spec), corpus.inputs, str(output))
    return output


@pytest.fixture
def build_in(tmp_path: Path) -> Build:
    """Small builds below `tmp_path`, in this process."""
    return builder(tmp_path)


@pytest.fixture(scope="module")
def build_once(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """As `build_in`, for what the tests of a module share."""
    return builder(tmp_path_factory.mktemp("once"))


def builder(folder: Path) -> Build:
    """A function that writes a spec and raw files below `folder`, and builds.

    Its arguments: the spec's text; content by file name, which `SPLIT=` may precede; the name of
    the artifact; Beam's options; and what else `beam_jobs.build.build` takes. It returns the
    artifact.
    """

    def build_one(
        spec: str,
        files: Mapping[str, Content],
        output: str = "artifact",
        options: Sequence[str] = ("--direct_num_workers=1",),
        **more: Any,
    ) -> Path:
        from beam_jobs.build import build

        declared = write_rows(folder / f"{output}.yaml", spec)
        inputs = list(_written(folder / f"{output}-files", files))
        build(str(declared), inputs, str(folder / output), beam_options=options, **more)
        return folder / output

    return build_one


def _written(folder: Path, files: Mapping[str, Content]) -> Iterator[str]:
    for name, content in files.items():
        split, equals, file = name.rpartition("=")
        yield f"{split}{equals}{write_rows(folder / file, content)}"
