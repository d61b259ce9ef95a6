"""The IPADIC dictionary, its segmenter and native MeCab, once a session."""

from __future__ import annotations

from pathlib import Path

import pytest
from native_mecab import Native

from preprocess.mecab.dictionary import Dictionary, find_dictionary, read_dictionary
from preprocess.mecab.graph import Segmenter


@pytest.fixture(scope="session")
def ipadic_folder() -> Path:
    return find_dictionary("ipadic")


@pytest.fixture(scope="session")
def ipadic(ipadic_folder: Path) -> Dictionary:
    return read_dictionary(ipadic_folder)


@pytest.fixture(scope="session")
def segmenter(ipadic: Dictionary) -> Segmenter:
    return Segmenter(ipadic)


@pytest.fixture(scope="session")
def native() -> Native:
    return Native("ipadic")
