"""One small model, trained once for the session on the session's artifact."""

from __future__ import annotations

from pathlib import Path

import pytest

SMALL = """
text: {embedding: {dim: 8}, encoder: {kind: lstm, units: 6, bidirectional: true, dropout: 0.1}}
dense: [5]
dropout: 0.1
training: {epochs: 2, batch_size: 32, learning_rate: 0.01, class_weights: {topic: balanced}}
"""


@pytest.fixture(scope="session")
def small_model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file for the session's artifact."""
    path = tmp_path_factory.mktemp("model-file") / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="session")
def trained(
    artifact: Path, small_model_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A model folder. Read only."""
    from preprocess import train

    output = tmp_path_factory.mktemp("trained") / "model"
    train(str(artifact), str(small_model_file), str(output), limit=600)
    return output
