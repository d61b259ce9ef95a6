"""Three classes of Japanese texts by characters, MeCab and SentencePiece, side by side.

    python benchmarks/japanese_tokenizers.py --input jrte-pn.csv

Builds an artifact for each tokenizer with the spec examples/jrte-sentiment.yaml, in which nothing
but the tokenizer is changed, and trains the same model file on each with several seeds. Prints the
ids of the vocabulary, tokens of a text, the share of the test tokens that is unknown, the weights
of the model, and the accuracy on the test split of each seed and on average; the share of the most
frequent class is what no model is needed for.

Needs the extras [mecab] and [text], and sentencepiece.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import yaml
from tables import machine_facts, render

import preprocess
from beam_jobs.build import build
from preprocess.api.quiet_libraries import import_quietly
from preprocess.core.errors import Text2SeqError

TOKENIZERS: dict[str, dict[str, Any]] = {
    "characters": {"kind": "characters"},
    "mecab": {"kind": "mecab"},
    "mecab, base forms": {"kind": "mecab", "form": "base"},
    "sentencepiece": {"kind": "sentencepiece", "train": {"vocab_size": 4000}},
}

_EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
_HEADER = ["tokenizer", "ids", "tokens/text", "unknown", "weights", "of each seed", "mean"]
_FEATURE, _LABEL, _TEST = "text", "label", "test"


def main(arguments: Sequence[str] | None = None) -> None:
    """Builds, trains and prints; progress goes to standard error."""
    given = _parser().parse_args(arguments)
    import_quietly()
    with TemporaryDirectory(prefix="japanese-tokenizers-") as folder:
        try:
            rows = [
                _row(name, tokenizer, given, Path(folder) / name.replace(", ", "-"))
                for name, tokenizer in TOKENIZERS.items()
            ]
        except Text2SeqError as error:
            sys.exit(f"japanese_tokenizers: error: {error}")
        share = _most_frequent(Path(folder) / "characters" / "artifact")
    print(f"{machine_facts()}\n\n{render(_HEADER, rows, given.markdown)}\n")
    print(f"accuracy on the test split; most frequent class {share:.3f}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", required=True, help="rows as the spec wants them")
    model = _EXAMPLES / "jrte-sentiment.model.yaml"
    parser.add_argument("--model", type=Path, default=model, help="model file")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each (default 3)")
    parser.add_argument("--markdown", action="store_true", help="the table in Markdown")
    return parser


def _row(
    name: str, tokenizer: dict[str, Any], given: argparse.Namespace, folder: Path
) -> list[str]:
    """Builds and trains; a line of the table."""
    folder.mkdir()
    artifact = str(folder / "artifact")
    manifest = build(_spec(tokenizer, folder), [given.input], artifact)
    accuracies, weights = zip(*_trained(artifact, given, folder), strict=True)
    text = preprocess.Artifact.open(artifact).statistics.of(_TEST).feature(_FEATURE)
    [ids] = manifest.vocabulary_sizes.values()
    return [
        name,
        f"{ids:,}",
        f"{text.tokens / manifest.rows.written[_TEST]:.1f}",
        f"{text.oov_fraction:.1%}",
        f"{weights[0]:,}",
        ", ".join(f"{accuracy:.3f}" for accuracy in accuracies),
        f"{mean(accuracies):.3f}",
    ]


def _spec(tokenizer: dict[str, Any], folder: Path) -> str:
    spec = yaml.safe_load((_EXAMPLES / "jrte-sentiment.yaml").read_text())
    for vocabulary in spec["vocabularies"].values():
        vocabulary["tokenizer"] = tokenizer
    path = folder / "spec.yaml"
    path.write_text(yaml.safe_dump(spec))
    return str(path)


def _trained(artifact: str, given: argparse.Namespace, folder: Path) -> Iterator[tuple[float, int]]:
    """Accuracy and number of weights, seed by seed."""
    declared = preprocess.load_model_file(str(given.model))
    for seed in range(given.seeds):
        training = declared.training.model_copy(update={"seed": seed})
        model = declared.model_copy(update={"training": training})
        output = str(folder / f"model-{seed}")
        outcome = preprocess.train(artifact, model, output).manifest.outcome
        found = preprocess.evaluate(output, artifact, _TEST)[_LABEL]
        yield found["accuracy"], outcome.parameters


def _most_frequent(artifact: Path) -> float:
    opened = preprocess.Artifact.open(str(artifact))
    counts = opened.statistics.of(_TEST).labels[_LABEL].values()
    return max(counts) / sum(counts)


if __name__ == "__main__":
    main()
