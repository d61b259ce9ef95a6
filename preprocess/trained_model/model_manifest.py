"""`model.json`: written last, and what makes a folder a trained model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from pydantic import Field, model_validator

from preprocess.artifact.contradictions import check_declared, check_paths, contradiction
from preprocess.artifact.layout import VOCABULARY
from preprocess.artifact.manifest import Manifest
from preprocess.artifact.manifest_file import dump_manifest
from preprocess.artifact.number_statistics import NumberScale
from preprocess.artifact.output_file import OutputFile
from preprocess.core.columns import Dtype
from preprocess.core.declared import Count, Declared
from preprocess.core.op_libraries import OpLibrary
from preprocess.model_file import ModelFile
from preprocess.model_file.encoder_names import embedding_layer, encoder_name, layer_prefix
from preprocess.spec import Spec
from preprocess.spec.labels import Loss

FORMAT_VERSION = 4


class EmbeddingTable(Declared):
    """An embedding of the model."""

    vocabulary: str
    layer: str
    """Name of the layer in the Keras model."""
    dim: Count
    trainable: bool
    found: Count | None = None
    """Words that the pretrained vectors have; null without pretrained vectors."""
    missing: Count | None = None
    """Words that the pretrained vectors lack."""


class Outcome(Declared):
    """How training went."""

    epochs: Count
    """Epochs that were run."""
    best_epoch: Count
    """The epoch, from 1, whose weights were kept."""
    monitor: str
    """What was least in that epoch, such as val_loss; `last` where nothing was monitored."""
    examples: dict[str, Count]
    """Examples of an epoch, by split."""
    parameters: Count
    """Weights of the model, shared ones counted once."""
    trainable_parameters: Count


class ModelManifest(Declared):
    """Everything that a reader needs to know about a trained model."""

    format_version: int
    versions: dict[str, str]
    """Versions of this package and of the libraries that made the model."""
    model: ModelFile | None
    """What the model file declared; null for a Keras model of the user's own."""
    spec: Spec
    """Spec of the artifact that the model was trained on."""
    artifact: str
    """Fingerprint of that artifact's features, labels, vocabularies and classes."""
    vocabulary_sizes: dict[str, Count]
    classes: dict[str, list[str]]
    kept: dict[str, Dtype]
    """dtype of each kept column: int64, float32 or string."""
    op_libraries: list[OpLibrary]
    """Python packages whose ops `serving/` needs beside TensorFlow's."""
    labels: dict[str, str]
    """Kind of each label that the model predicts, in the order of its heads."""
    scales: dict[str, NumberScale] = Field(default_factory=dict)
    """On which the numbers among them are learnt; one that has none is learnt as it is."""
    embeddings: dict[str, EmbeddingTable]
    """Embeddings by the name under which `embeddings/` has them."""
    outcome: Outcome | None
    """How training went; null for a Keras model of the user's own."""
    files: list[OutputFile]
    """Everything that is read of the model: no logs, no checkpoints."""

    @model_validator(mode="after")
    def _fits_the_spec(self) -> ModelManifest:
        check_declared(self.spec, self.vocabulary_sizes, self.classes, self.kept)
        check_paths(self.files)
        for name, kind in self.labels.items():
            declared = self.spec.labels.get(name)
            if declared is None or declared.kind != kind:
                expected = f"{declared.kind} as in the spec" if declared else "a label of the spec"
                raise contradiction(f"labels.{name}", repr(kind), expected)
        return self

    @model_validator(mode="after")
    def _embeds_its_vocabularies(self) -> ModelManifest:
        for name, table in self.embeddings.items():
            if table.vocabulary not in self.vocabulary_sizes:
                where, known = f"embeddings.{name}.vocabulary", ", ".join(self.vocabulary_sizes)
                raise contradiction(where, repr(table.vocabulary), f"one of {known}")
        return self

    def to_json(self) -> str:
        data = self.model_dump(mode="json")
        # What an override leaves out it takes from `text`: nothing may be filled in here.
        if self.model is not None:
            data["model"] = self.model.model_dump(mode="json", exclude_unset=True)
        return dump_manifest(data)

    @property
    def summary(self) -> str:
        """One line, such as `213,365 weights; best of 3 epochs: 2, by val_loss`."""
        outcome = self.outcome
        if outcome is None:
            return "a Keras model of the user's own"
        kept = f"best of {outcome.epochs} epochs: {outcome.best_epoch}, by {outcome.monitor}"
        if outcome.monitor == "last":
            kept = f"{outcome.epochs} epoch{'s' if outcome.epochs > 1 else ''}"
        return f"{outcome.parameters:,} weights; {kept}"

    @property
    def features(self) -> list[str]:
        """The raw columns that the model takes."""
        return list(self.spec.features)

    def class_names(self, label: str) -> Sequence[str]:
        """The name of each value that a label takes in a record, by value; none for a number."""
        return self.spec.labels[label].names(self.classes.get(label, ()))

    def loss(self, label: str) -> Loss:
        """What a label's answers are measured by: as the model file says, or the usual one."""
        return (self.model or ModelFile()).loss(label, self.spec.labels[label])

    def answer_shape(self, label: str) -> tuple[int, ...]:
        """The shape of an answer to one row: () or (outputs,)."""
        return self.spec.labels[label].answer_shape(self.classes.get(label, ()))

    def embedding_of(self, feature: str) -> EmbeddingTable | None:
        """The embedding that reads a text feature."""
        vocabulary = self.spec.text_features[feature].vocabulary
        if self.model is None:
            return self.embeddings.get(vocabulary)
        encoder = encoder_name(feature, vocabulary, self.model.options(feature).share)
        layer = embedding_layer(layer_prefix(encoder, self.spec))
        return next((table for table in self.embeddings.values() if table.layer == layer), None)


def artifact_fingerprint(manifest: Manifest) -> str:
    """SHA-256, in hex, of what decides the meaning of an artifact's records.

    Artifacts with the same fingerprint give equal ids to equal texts: features, labels and
    vocabularies are declared alike, and the files of `vocabulary/` are the same.
    """
    declared = {"__all__": {"column"}}  # where a value is read does not change what it means
    spec = manifest.spec.model_dump(
        mode="json",
        include={"features", "labels", "vocabularies"},
        exclude={"features": declared, "labels": declared},
    )
    files = {file.path: file.sha256 for file in manifest.files_in(VOCABULARY)}
    text = json.dumps([spec, sorted(files.items())], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
