"""The weight of each class of a label, from what is declared and counted."""

from __future__ import annotations

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import ArtifactError
from preprocess.model_file import Training
from preprocess.models.model_plan import HeadPlan, ModelPlan
from preprocess.spec import TRAIN


def class_weights(
    artifact: OpenedArtifact, plan: ModelPlan, training: Training
) -> dict[str, list[float]]:
    """By label that has weights: the weight of each class, in the order of the indices.

    `balanced` is n / (classes * n of the class), as in scikit-learn, over the train split; a class
    that does not occur there weighs 1.
    """
    heads = [head for head in plan.heads if head.name in training.class_weights]
    return {head.name: _weights(artifact, head, training) for head in heads}


def _weights(artifact: OpenedArtifact, head: HeadPlan, training: Training) -> list[float]:
    declared = training.class_weights[head.name]
    if isinstance(declared, str):
        return balanced(_counts(artifact, head))
    return [declared.classes.get(name, 1.0) for name in head.values]


def balanced(counts: list[int]) -> list[float]:
    """Weights under which every class that occurs has the same sum."""
    occurring = sum(count > 0 for count in counts)
    return [sum(counts) / (occurring * count) if count else 1.0 for count in counts]


def _counts(artifact: OpenedArtifact, head: HeadPlan) -> list[int]:
    counted = artifact.statistics.of(TRAIN).labels.get(head.name)
    if counted is None:
        raise ArtifactError(
            f"{artifact.layout.statistics}: has no counts of {head.name!r}; "
            "run `text2seq build` again"
        )
    return [counted.get(index, 0) for index in range(len(head.values))]
