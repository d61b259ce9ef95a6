"""Statistics: they add up in any order, and `statistics.json` gives them back."""

from __future__ import annotations

import json
from functools import reduce
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.artifact.statistics import (
    BucketStatistics,
    FeatureStatistics,
    SplitStatistics,
    Statistics,
    parse_statistics,
)
from preprocess.core.errors import ArtifactError

COUNTS = st.integers(0, 2**40)
HISTOGRAMS = st.dictionaries(st.integers(0, 30), st.integers(1, 99), max_size=4)
FEATURES = st.builds(FeatureStatistics, tokens=COUNTS, oov=COUNTS, lengths=HISTOGRAMS)
BUCKETS = st.builds(BucketStatistics, records=COUNTS, tokens=COUNTS, padded_tokens=COUNTS)
SPLITS = st.builds(
    SplitStatistics,
    records=COUNTS,
    features=st.dictionaries(st.sampled_from(["text", "title"]), FEATURES),
    labels=st.dictionaries(st.sampled_from(["label", "topic"]), HISTOGRAMS),
    buckets=st.dictionaries(st.sampled_from(["bucket-00002", "bucket-00008"]), BUCKETS),
)


@given(st.lists(SPLITS, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_adding_does_not_matter(parts: list[SplitStatistics], random: object) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reduce(add, parts, SplitStatistics()) == reduce(add, shuffled, SplitStatistics())


@given(st.dictionaries(st.sampled_from(["train", "test"]), SPLITS))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, splits: dict) -> None:
    path = tmp_path_factory.mktemp("statistics") / "statistics.json"
    statistics = Statistics(splits)
    path.write_text(statistics.to_json())
    read = parse_statistics(path.read_text(), str(path))
    assert read == statistics
    assert read.to_json() == path.read_text()


def test_literal_sums() -> None:
    first = SplitStatistics(
        records=3,
        features={"text": FeatureStatistics(tokens=9, oov=1, lengths={2: 2, 5: 1})},
        labels={"topic": {0: 2, 1: 1}},
        buckets={"bucket-00002": BucketStatistics(records=2, tokens=4, padded_tokens=4)},
    )
    second = SplitStatistics(
        records=1,
        features={"text": FeatureStatistics(tokens=5, oov=2, lengths={5: 1})},
        labels={"topic": {1: 1}},
        buckets={"bucket-00008": BucketStatistics(records=1, tokens=5, padded_tokens=8)},
    )
    total = first + second
    assert total.records == 4
    assert total.feature("text") == FeatureStatistics(tokens=14, oov=3, lengths={2: 2, 5: 2})
    assert total.labels == {"topic": {0: 2, 1: 2}}
    assert (total.bucket(2).records, total.bucket(8).tokens, total.bucket(64).records) == (2, 5, 0)
    assert total.padding_fraction == 1 - 9 / 12
    assert total.bucket(8).padding_fraction == 1 - 5 / 8
    assert total.feature("text").oov_fraction == 3 / 14
    assert Statistics({"train": first, "test": second}).total() == total


def test_nothing_counted() -> None:
    nothing = Statistics({}).of("train")
    assert nothing == SplitStatistics()
    assert (nothing.padding_fraction, nothing.feature("text").oov_fraction) == (0, 0)
    assert nothing.feature("text").quantiles([0.5, 1.0]) == [0, 0]
    assert nothing.feature("text").histogram().tolist() == [0]


def test_quantiles_and_histogram() -> None:
    feature = FeatureStatistics(lengths={4: 1, 1: 8, 3: 1})
    assert feature.quantiles([0.0, 0.5, 0.8, 0.81, 0.9, 1.0]) == [1, 1, 1, 3, 3, 4]
    assert feature.histogram().tolist() == [0, 8, 0, 1, 1]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "Invalid JSON"),
        ("[]", "Input should be an object"),
        ('{"train": {"records": "3"}}', "train.records: "),
        ('{"train": {"features": {"text": {"lengths": {"x": 1}}}}}', "train.features.text.lengths"),
    ],
)
def test_a_damaged_file_is_named(text: str, what: str) -> None:
    path = "out/statistics.json"
    with pytest.raises(ArtifactError) as raised:
        parse_statistics(text, path)
    message = str(raised.value)
    assert message.startswith(f"{path}: is damaged (") and what in message
    assert message.endswith("run `text2seq build` again") and "\n" not in message


def test_rates_are_written_for_readers() -> None:
    split = SplitStatistics(
        features={"text": FeatureStatistics(tokens=4, oov=1)},
        buckets={"bucket-00002": BucketStatistics(records=1, tokens=1, padded_tokens=2)},
    )
    data = json.loads(Statistics({"train": split}).to_json())["train"]
    assert data["padding_fraction"] == data["buckets"]["bucket-00002"]["padding_fraction"] == 0.5
    assert data["features"]["text"]["oov_fraction"] == 0.25
