"""How far apart two words are."""

from __future__ import annotations


def edit_distance(one: str, other: str) -> int:
    """The characters that must be replaced, put in or taken out to make one of the other.

    It is Levenshtein's distance, by Wagner and Fischer's algorithm.
    """
    row = list(range(len(other) + 1))
    for i, ours in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, theirs in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (ours != theirs))
    return row[-1]
