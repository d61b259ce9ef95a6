"""The texts of an artifact as lists of words, for learning word vectors from them."""

from __future__ import annotations

from collections.abc import Iterator

from preprocess.artifact.layout import Layout
from preprocess.artifact.manifest import read_manifest
from preprocess.artifact.word_index import WordIndex
from preprocess.core.errors import UsageError
from preprocess.data.datasets import dataset


class Sentences:
    """A list of words for each record; may be iterated any number of times, and holds none.

    Example:
      >>> from gensim.models import Word2Vec  # doctest: +SKIP
      >>> Word2Vec(Sentences("artifact"), vector_size=100, min_count=1).wv.save("vectors.kv")
    """

    def __init__(self, artifact: str, split: str = "train", feature: str | None = None) -> None:
        """Opens a split of an artifact.

        Args:
          artifact: folder or URI that `text2seq build` made.
          split: one of the artifact's splits.
          feature: a text feature; None: every text feature, one after the other.

        Raises:
          ArtifactError: the artifact is missing or incomplete.
          UsageError: it has no such split or text feature.
        """
        texts = read_manifest(artifact).spec.text_features
        if feature is not None and feature not in texts:
            raise UsageError(
                f"{artifact}: got the feature {feature!r}, expected one of {', '.join(texts)}"
            )
        names = list(texts) if feature is None else [feature]
        layout = Layout(artifact)
        self._words = {n: WordIndex.read(layout.words_tsv(texts[n].vocabulary)) for n in names}
        self._batches = dataset(artifact, split, batch_size=1024, shuffle=False)

    def __iter__(self) -> Iterator[list[str]]:
        """Words only: padding and words that the vocabulary lacks are left out."""
        for features, _ in self._batches:
            for name, words in self._words.items():
                for ids in features[name].numpy().tolist():
                    yield [word for word in map(words.word, ids) if word is not None]
