"""`text2seq dictionary`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from preprocess.cli.shared_options import Overwrite
from preprocess.cli.terminal import say
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from preprocess.mecab.dictionary import compiler


def dictionary(
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="ipadic|unidic-lite|DIR",
            help="An installed wheel, or a folder that mecab-dict-index has written.",
        ),
    ],
    output: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.")],
    overwrite: Annotated[bool, Overwrite] = False,
) -> None:
    """A MeCab dictionary to one file, which the tokenizer `mecab` reads without MeCab."""
    compiled = compiler.compile_dictionary(source, output, overwrite)
    say(
        f"{output}: {source} {compiled.version}, {len(compiled.surfaces()):,} surfaces, "
        f"{output.stat().st_size / 1e6:.1f} MB, SHA-256 of its files {compiled.hash}"
    )
