"""No two names of a spec give one file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from preprocess.artifact.layout import Layout
from preprocess.model_file.encoder_names import embedding_names
from preprocess.tokenizers import Sentencepiece, Wordpiece
from preprocess.trained_model.model_layout import ModelLayout

MODEL, ARTIFACT = ModelLayout(Path("m")), Layout("a")

# Names that are made of what files end in.
PARTS = ["a", "b", ".metadata", ".tsv", ".json", ".classes", ".txt", ".words", ".pieces", "_", "-"]
NAMES = st.lists(st.sampled_from(PARTS), max_size=4).map(lambda parts: "a" + "".join(parts))
OWNERS = st.lists(st.tuples(NAMES, NAMES), unique_by=lambda owner: owner[1])


def test_names_are_files() -> None:
    assert MODEL.vectors("words").name == "words.tsv"
    assert MODEL.metadata("words.text").name == "words.text.metadata.tsv"
    assert MODEL.vectors("a.metadata").name == "a%2Emetadata.tsv"
    assert MODEL.metadata("a.metadata").name == "a%2Emetadata.metadata.tsv"


@given(st.sets(NAMES))
def test_embeddings_of_other_names_have_other_files(names: set[str]) -> None:
    files = [path for name in names for path in (MODEL.vectors(name), MODEL.metadata(name))]
    assert len(set(files)) == len(files)
    assert MODEL.projector not in files


@given(OWNERS)
def test_embeddings_of_other_owners_have_other_names(owners: list[tuple[str, str]]) -> None:
    assert len(set(embedding_names(owners))) == len(owners)


@given(st.sets(NAMES), st.sets(NAMES))
def test_vocabularies_and_labels_have_other_files(vocabularies: set[str], labels: set[str]) -> None:
    suffixes = [Sentencepiece.SUFFIX, Wordpiece.SUFFIX]
    files = Counter(ARTIFACT.classes(label) for label in labels)
    for name in vocabularies:
        files.update([ARTIFACT.words_tsv(name), ARTIFACT.words_json(name)])
        files.update(ARTIFACT.subwords(name, suffix) for suffix in suffixes)
    assert max(files.values(), default=1) == 1
