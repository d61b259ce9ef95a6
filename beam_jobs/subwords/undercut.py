"""Reports the tokenizers that were trained to fewer pieces than a spec asks for."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from preprocess.artifact.manifest import Manifest
from preprocess.spec.tokenizer_files import subword_tokenizers
from preprocess.tokenizers import Sentencepiece, Wordpiece

_LOG = logging.getLogger(__name__)


def log_undercut(manifest: Manifest) -> None:
    """Logs a warning for each trained tokenizer with fewer pieces than its `vocab_size`."""
    for name, got, asked in _undercut(manifest):
        _LOG.warning(
            "vocabularies.%s: got %s pieces of the %s that tokenizer.train.vocab_size asks for, "
            "as the texts of the train split give no more; lower it, or train on more text",
            name,
            f"{got:,}",
            f"{asked:,}",
        )


def _undercut(manifest: Manifest) -> Iterator[tuple[str, int, int]]:
    """Vocabulary, pieces got, and pieces asked for."""
    for name, tokenizer in subword_tokenizers(manifest.spec).items():
        assert isinstance(tokenizer, Sentencepiece | Wordpiece)
        if tokenizer.train is None:
            continue
        ids = manifest.spec.vocabularies[name].ids
        # Padding has an id, and the unknown piece, which is counted, has none of its own.
        got = manifest.vocabulary_sizes[name] - ids.oov - ids.reserved
        if got < tokenizer.train.vocab_size:
            yield name, got, tokenizer.train.vocab_size
