"""Published corpora are described by a spec as they are; the files here are made, of their form."""

from __future__ import annotations

import pytest

CORPORA = {
    "MSR paraphrase": (
        "msr_paraphrase_train.txt",
        "\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n"
        '1\t702876\t702977\tAmrozi said "the witness" lied.\tHe called him "the witness".\r\n'
        '0\t2108705\t2108831\t"We sold it, he said.\tIt was bought in 1995.\r\n',
        """
        features:
          first: {column: "#1 String"}
          second: {column: "#2 String"}
        labels: {same: {column: Quality}}
        keep: [{name: first_id, column: "#1 ID"}]
        formats: {txt: {delimiter: "\\t"}}
        """,
        [
            ('Amrozi said "the witness" lied.', 'He called him "the witness".', 1, "702876"),
            ('"We sold it, he said.', "It was bought in 1995.", 0, "2108705"),
        ],
    ),
    "STS 2015": (
        "STS.input.headlines.txt",
        '4.2\t"The cat" sat.\tA cat sat "down".\n0.000\tNo.\t"Yes.\n',
        """
        features: {first: {}, second: {}}
        labels: {score: {kind: number}}
        formats: {txt: {delimiter: "\\t", columns: [score, first, second]}}
        """,
        [
            ('"The cat" sat.', 'A cat sat "down".', pytest.approx(4.2)),
            ("No.", '"Yes.', 0.0),
        ],
    ),
    "SST-2": (
        "train.tsv",
        'sentence\tlabel\nhide new secretions \t0\n" a " film \t1\n',
        "features: {sentence: {}}\nlabels: {label: {}}",
        [("hide new secretions ", 0), ('" a " film ', 1)],
    ),
    "SST-2 without a header": (
        "dev.tsv",
        'hide new secretions \t0\n" a " film \t1\n',
        """
        features: {sentence: {}}
        labels: {label: {}}
        formats: {tsv: {columns: [sentence, label]}}
        """,
        [("hide new secretions ", 0), ('" a " film ', 1)],
    ),
    "AG News": (
        "train.csv",
        '"3","Wall St. ""Bears""","Short-sellers, seeing green\\$again."\n'
        '"4","A\\\\B","Two\nlines"\n',
        """
        features: {title: {}, text: {column: description}}
        labels: {topic: {kind: category, column: class}}
        formats: {csv: {columns: [class, title, description]}}
        """,
        [
            ('Wall St. "Bears"', "Short-sellers, seeing green\\$again.", "3"),
            ("A\\\\B", "Two\nlines", "4"),
        ],
    ),
    "SICK": (
        "SICK_train.txt",
        "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment\n"
        "1\tA group of kids\tA group of boys\t4.5\tNEUTRAL\n",
        """
        features: {first: {column: sentence_A}, second: {column: sentence_B}}
        labels:
          score: {kind: number, column: relatedness_score}
          judgment: {kind: category, column: entailment_judgment}
        keep: [pair_ID]
        formats: {txt: {delimiter: "\\t"}}
        """,
        [("A group of kids", "A group of boys", 4.5, "NEUTRAL", "1")],
    ),
}


@pytest.mark.parametrize("name", CORPORA)
def test_a_corpus_as_it_is(read, write, name):
    file, content, spec, expected = CORPORA[name]
    found = read(spec, write(file, content.encode()))
    assert found.rejects == []
    rows = [[_plain(v) for k, v in row.items() if k[0] != "_"] for row in found.rows]
    assert rows == [list(row) for row in expected]


def _plain(value: object) -> object:
    return value.decode() if isinstance(value, bytes) else value
