"""The hash of tokens: that of the formula, and of the token alone."""

from __future__ import annotations

import hashlib

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from beam_jobs.analysis.token_hash import hashes

MASK = 2**64 - 1
LONG = 1_024


def _plain(token: bytes) -> int:
    """The hash in Python's own integers."""
    if len(token) > LONG:
        return int.from_bytes(hashlib.blake2b(token, digest_size=8).digest(), "big")
    value = sum((byte + 1) * pow(0x9E3779B97F4A7C15, n, 2**64) for n, byte in enumerate(token))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        value = ((value & MASK ^ (value & MASK) >> shift) * factor) & MASK
    return value ^ value >> 31


@given(st.lists(st.binary(max_size=20) | st.just(b"y" * LONG) | st.just(b"z" * (LONG + 1))))
def test_hashes_are_those_of_the_formula(tokens: list[bytes]) -> None:
    assert hashes(pa.array(tokens, pa.binary())).tolist() == list(map(_plain, tokens))


@given(st.lists(st.binary(max_size=6), min_size=1), st.data())
def test_a_slice_hashes_as_its_tokens_do(tokens: list[bytes], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(tokens)))
    array = pa.array(tokens, pa.binary())
    assert hashes(array.slice(start)).tolist() == hashes(array).tolist()[start:]


def test_pinned() -> None:
    """Every version and worker must agree on the part of a token."""
    tokens = pa.array([b"a", "語".encode()], pa.binary())
    assert hashes(tokens).tolist() == [0xF2F8EDE6FA70BF5F, 0x10B8385C10D8AC7A]


def test_many_tokens_hardly_collide_and_fill_all_parts() -> None:
    found = hashes(pa.array([f"w{n}".encode() for n in range(200_000)], pa.binary()))
    assert len(set(found.tolist())) == 200_000
    parts = [0] * 16
    for value in found.tolist():
        parts[value >> 60] += 1
    assert min(parts) > 12_000 and max(parts) < 13_000
