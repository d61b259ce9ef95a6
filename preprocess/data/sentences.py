"""The texts of an artifact as lists of words, for learning word vectors from them."""

from __future__ import annotations

from collections.abc import Iterator

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import UsageError
from preprocess.core.lazy import lazy_imports
from preprocess.spec import TRAIN

with lazy_imports():
    from preprocess.data import datasets, reading

_BATCH = 1024


class RecordSentences:
    """A list of words for each record; may be iterated any number of times, and holds none."""

    def __init__(
        self, artifact: OpenedArtifact, split: str = TRAIN, feature: str | None = None
    ) -> None:
        """Prepares to read a split.

        Args:
          artifact: has the records.
          split: one of the artifact's splits.
          feature: a text feature; None: every text feature, one after the other.

        Raises:
          UsageError: it has no such split or text feature.
        """
        texts = artifact.spec.text_features
        if feature is not None and feature not in texts:
            raise UsageError(
                f"{artifact.path}: got the feature {feature!r}, expected one of {', '.join(texts)}"
            )
        names = list(texts) if feature is None else [feature]
        self._words = {name: artifact.word_index(texts[name].vocabulary) for name in names}
        artifact.check_split(split)
        self._artifact, self._split = artifact, split

    def __iter__(self) -> Iterator[list[str]]:
        """Words only: padding and words that the vocabulary lacks are left out.

        Raises:
          ArtifactError: a record file is damaged.
        """
        batches = datasets.open_split(self._artifact, self._split, _BATCH, shuffle=False)
        with reading.reading_splits(self._artifact, [self._split]):
            for features, _ in batches:
                for name, words in self._words.items():
                    for ids in features[name].numpy().tolist():
                        yield [word for word in map(words.word, ids) if word is not None]
