"""Made-up Japanese hotel reviews, a few of them very long, with a class and four numbers each."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.random import Generator

from preprocess.demo.corpus import Corpus, declared

_SEED = 20260102
_NEW_ROWS = 4
_USAGES, _SHARES = ("train", "dev", "test"), (0.8, 0.1, 0.1)

# What a sentence is about, and what it states of it: praise and blame.
_SUBJECTS: Mapping[str, Sequence[str]] = {
    "room": ("部屋", "ベッド", "お風呂", "窓からの眺め", "トイレ"),
    "food": ("朝食", "夕食のバイキング", "焼きたてのパン", "地元の魚料理", "コーヒー"),
    "place": ("駅からの道", "立地", "周りの環境", "空港へのバス", "駐車場"),
    "staff": ("フロントの方", "スタッフの対応", "係の人の説明", "電話での案内", "清掃の方"),
}
_PRAISE: Mapping[str, Sequence[str]] = {
    "room": (
        "広くて快適でした",
        "とても清潔でした",
        "静かでよく眠れました",
        "期待以上に良かったです",
    ),
    "food": (
        "とてもおいしかったです",
        "種類が多くて満足しました",
        "温かくて最高でした",
        "毎日食べたいほどでした",
    ),
    "place": (
        "便利で助かりました",
        "近くて楽でした",
        "分かりやすくて安心でした",
        "申し分ありませんでした",
    ),
    "staff": (
        "とても親切でした",
        "笑顔で気持ちよかったです",
        "丁寧でうれしかったです",
        "素晴らしかったです",
    ),
}
_BLAME: Mapping[str, Sequence[str]] = {
    "room": (
        "狭くて息苦しかったです",
        "汚れていて残念でした",
        "うるさくて眠れませんでした",
        "寒くて風邪をひきました",
    ),
    "food": (
        "冷めていてまずかったです",
        "種類が少なくてがっかりしました",
        "味が薄くて残しました",
        "高いだけでした",
    ),
    "place": (
        "遠くて疲れました",
        "不便で困りました",
        "暗くて怖かったです",
        "分かりにくくて迷いました",
    ),
    "staff": (
        "無愛想で不愉快でした",
        "遅くて待たされました",
        "不親切でがっかりしました",
        "間違いだらけでした",
    ),
}
_FILLERS = (
    "出張で二泊しました",
    "家族四人で利用しました",
    "インターネットで予約しました",
    "チェックインは十五時からでした",
    "今回で三回目の宿泊です",
    "Wi-Fiは無料でした",
    "連休だったので混んでいました",
    "夜は近くのコンビニで飲み物を買いました",
)
_PARTICLES, _ENDS = ("は", "が", "も"), ("。", "。", "。", "！", "…")
_OF_NO_ASPECT = 0.3  # share of the sentences


def write_japanese(folder: Path, rows: int) -> Corpus:
    """Writes a CSV file, spec and model file; always the same.

    Args:
      folder: made if it is not there; the files of an earlier corpus are overwritten.
      rows: rows of the corpus, one of them bad.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(_SEED)
    reviews = [_review(random) for _ in range(rows + _NEW_ROWS)]
    path, new = folder / "reviews.csv", folder / "new-rows.jsonl"
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["id", "label", *_SUBJECTS, "text", "usage"])
        for number, (text, scores) in enumerate(reviews[:rows]):
            usage = random.choice(_USAGES, p=_SHARES) if number else "unknown"
            lines.writerow([f"ja-{number:05d}", _label(scores), *scores, text, usage])
    unlabelled = [{"id": f"new-{i}", "text": t} for i, (t, _) in enumerate(reviews[rows:])]
    new.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in unlabelled), encoding="utf-8"
    )
    return Corpus(
        spec=declared(folder, "japanese.yaml"),
        model=declared(folder, "japanese.model.yaml"),
        inputs=[str(path)],
        new_rows=new,
        vectors=folder / "vectors.bin",
    )


def _review(random: Generator) -> tuple[str, list[float]]:
    """A text, and how good room, food, place and staff are in it: -1 to 1, or 0."""
    aims = random.uniform(-1, 1, len(_SUBJECTS)) + random.uniform(-0.6, 0.6)
    opinions: dict[str, list[int]] = {aspect: [] for aspect in _SUBJECTS}
    length = int(np.clip(random.lognormal(1.6, 1.0), 1, 400))
    text = "".join(_sentences(length, dict(zip(_SUBJECTS, aims, strict=True)), opinions, random))
    return text, [round(float(np.mean(found)), 3) if found else 0.0 for found in opinions.values()]


def _sentences(
    length: int, aims: Mapping[str, float], opinions: Mapping[str, list[int]], random: Generator
) -> Iterator[str]:
    """`length` sentences; notes in `opinions` for each aspect what it states, 1 or -1."""
    for _ in range(length):
        end = _one(_ENDS, random)
        if random.random() < _OF_NO_ASPECT:
            yield _one(_FILLERS, random) + end
            continue
        aspect = _one(list(_SUBJECTS), random)
        is_praise = random.random() < (1 + aims[aspect]) / 2
        opinions[aspect].append(1 if is_praise else -1)
        predicate = _one((_PRAISE if is_praise else _BLAME)[aspect], random)
        yield _one(_SUBJECTS[aspect], random) + _one(_PARTICLES, random) + predicate + end


def _label(scores: Sequence[float]) -> int:
    """-1, 0 or 1."""
    total = sum(scores)
    return int(total > 0.5) - int(total < -0.5)


def _one(choices: Sequence[str], random: Generator) -> str:
    return choices[int(random.integers(len(choices)))]
