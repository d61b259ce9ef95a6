"""A hash of each token of an array: the same in every process, and made without Python objects."""

from __future__ import annotations

import functools
import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

# Odd, so that it has an inverse modulo 2^64.
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
# The finalizer of SplitMix64 (Steele, Lea and Flood 2014), which spreads what differs little.
_MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
# Tokens that are hashed at once: what is made of their bytes stays in a core's cache.
_STEP = 4_096
# Bytes of a token that is hashed by itself, as 8 bytes are needed for each of its own.
_LONG = 1_024


def hashes(tokens: pa.Array) -> NDArray[np.uint64]:
    """A 64-bit hash of each of the binary `tokens`; distinct tokens may share one, seldom."""
    is_long = pc.binary_length(tokens).to_numpy() > _LONG
    found = np.empty(len(tokens), np.uint64)
    if not is_long.any():
        return _of_short(tokens, found)
    found[is_long] = [_of_long(token) for token in tokens.filter(pa.array(is_long)).to_pylist()]
    short = tokens.filter(pa.array(~is_long))
    found[~is_long] = _of_short(short, np.empty(len(short), np.uint64))
    return found


def _of_long(token: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(token, digest_size=8).digest(), "big")


def _of_short(tokens: pa.Array, found: NDArray[np.uint64]) -> NDArray[np.uint64]:
    for start in range(0, len(tokens), _STEP):
        part = tokens.slice(start, _STEP)
        found[start : start + len(part)] = _mixed(_polynomials(part))
    return found


def _polynomials(tokens: pa.Array) -> NDArray[np.uint64]:
    """The sum of (byte + 1) * _BASE^place of each token, modulo 2^64."""
    _, offsets, data = tokens.buffers()
    ends = np.frombuffer(offsets, np.int32)[tokens.offset : tokens.offset + len(tokens) + 1]
    first, size = int(ends[0]), int(ends[-1] - ends[0])
    if not size:
        return np.zeros(len(tokens), np.uint64)
    letters = np.frombuffer(data, np.uint8)[first : first + size].astype(np.uint64)
    letters += np.uint64(1)
    letters *= _powers(_BASE, size.bit_length())[:size]
    # Sums from the first byte of the array on; their differences are the sums of the tokens.
    sums = np.zeros(size + 1, np.uint64)
    np.cumsum(letters, out=sums[1:])
    places = ends - first
    return np.diff(sums[places]) * _powers(_INVERSE, size.bit_length())[places[:-1]]


@functools.lru_cache(maxsize=64)
def _powers(base: int, bits: int) -> NDArray[np.uint64]:
    """The first 2^bits powers of a number, modulo 2^64."""
    powers = np.full(1 << bits, base, np.uint64)
    powers[0] = 1
    return np.cumprod(powers, out=powers)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    for shift, factor in _MIX:
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(factor)
    return values ^ (values >> np.uint64(31))
