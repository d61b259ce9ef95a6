"""A segmenter travels in a SavedModel, which needs TensorFlow alone."""

import json
from pathlib import Path

import pytest
from odd_texts import AWKWARD, SENTENCES
from processes import run_python

pytestmark = pytest.mark.slow

PROBE = Path(__file__).parents[2] / "support/segmenter_probe.py"


@pytest.fixture(scope="module")
def saved(segmenter, tmp_path_factory):
    import tensorflow as tf

    folder = tmp_path_factory.mktemp("segmenter") / "saved"
    tf.saved_model.save(segmenter, str(folder))
    return folder


def test_in_a_process_of_its_own(saved, native, tmp_path):
    texts = SENTENCES + AWKWARD
    run = run_python("-P", PROBE, saved, given=json.dumps(texts), cwd=tmp_path)
    answer = json.loads(run.stdout)
    assert answer["tokens"] == native.tokens(texts)
    assert not {"preprocess", "MeCab", "fugashi", "ipadic"} & set(answer["modules"])


def test_size(saved):
    size = sum(file.stat().st_size for file in saved.rglob("*") if file.is_file())
    assert size < 25e6


def test_no_op_of_a_library(segmenter):
    graph = segmenter.segment.get_concrete_function().graph
    ops = {node.op for node in graph.as_graph_def().node}
    ops |= {n.op for f in graph.as_graph_def().library.function for n in f.node_def}
    assert not {op for op in ops if "PyFunc" in op or ">" in op}
