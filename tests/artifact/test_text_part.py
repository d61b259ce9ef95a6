"""JSON of an artifact that is damaged, or made to be."""

from __future__ import annotations

import pytest

from preprocess.artifact.text_part import parse_object
from preprocess.core.errors import ArtifactError

DAMAGED = {
    "deep lists": "[" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "closed lists": "[" * 10_000 + "]" * 10_000,
    "a long number": f'{{"a": {"9" * 5_000}}}',
    "no object": "[1]",
    "cut short": '{"a": ',
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged(text: str) -> None:
    with pytest.raises(ArtifactError, match=r"^f\.json: is damaged \(.+\); run `text2seq build`"):
        parse_object(text, "f.json", "text2seq build")
