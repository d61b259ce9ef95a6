"""`text2seq vectors`."""

from __future__ import annotations

from typing import Annotated

import typer

from preprocess.api.quiet_libraries import import_quietly
from preprocess.cli.log_lines import log_to_stderr
from preprocess.cli.shared_options import Artifact, Overwrite
from preprocess.cli.terminal import say
from preprocess.core.lazy import lazy_imports
from preprocess.core.maxima import MAX_COUNT, MAX_DIM, MAX_EPOCHS, MAX_SEED

with lazy_imports():
    from preprocess.artifact import opened_artifact
    from preprocess.data import sentences
    from preprocess.vectors import word2vec

MAX_WINDOW = 1_000


def vectors(
    artifact: Artifact,
    output: Annotated[str, typer.Option(metavar="FILE.bin", help="The file to write.")],
    feature: Annotated[
        str | None, typer.Option(help="Text feature to learn from; default: all of them.")
    ] = None,
    dim: Annotated[int, typer.Option(min=1, max=MAX_DIM, help="Numbers of a vector.")] = 100,
    window: Annotated[
        int, typer.Option(min=1, max=MAX_WINDOW, help="Words on each side that count.")
    ] = 5,
    min_count: Annotated[
        int, typer.Option(min=1, max=MAX_COUNT, help="Rarer words get no vector.")
    ] = 1,
    epochs: Annotated[
        int, typer.Option(min=1, max=MAX_EPOCHS, help="Passes over the train split.")
    ] = 5,
    seed: Annotated[
        int, typer.Option(min=0, max=MAX_SEED, help="The same seed, the same vectors.")
    ] = 0,
    overwrite: Annotated[bool, Overwrite] = False,
) -> None:
    """Word vectors of an artifact's train split, by gensim's word2vec (skip-gram)."""
    opened = opened_artifact.OpenedArtifact.open(artifact)
    texts = sentences.RecordSentences(opened, feature=feature)
    word2vec.check_output_file(output, overwrite)
    import_quietly()
    log_to_stderr()
    options = word2vec.Word2VecOptions(
        vector_size=dim, window=window, min_count=min_count, epochs=epochs, seed=seed
    )
    words = word2vec.train_word2vec(texts, output, options, overwrite)
    say(f"{output}: {words:,} words, {dim} numbers each")
