"""`embeddings/NAME.metadata.tsv`: the word of each row of an embedding, with its count."""

from __future__ import annotations

from collections.abc import Iterator

from preprocess.artifact.word_index import OOV_TOKEN, PADDING_TOKEN, WordIndex
from preprocess.core.escaping import escape, unescape


def metadata_lines(words: WordIndex, rows: int) -> Iterator[str]:
    """The lines of the file, of which row i of the embedding has line i after the header."""
    yield "word\tcount\n"  # a header is needed where there is more than one column
    for token_id in range(rows):
        word = words.word(token_id)
        if word is None:
            yield f"{OOV_TOKEN if token_id else PADDING_TOKEN}\t0\n"
        else:
            yield f"{escape(word)}\t{words.count(word)}\n"


def parse_metadata(text: str, first: int) -> dict[str, int]:
    """Word to id, padding and OOV ids, which are below `first`, left out."""
    lines = text.split("\n")[1:-1]
    words = (unescape(line.rpartition("\t")[0]) for line in lines)
    return {word: token_id for token_id, word in enumerate(words) if token_id >= first}
