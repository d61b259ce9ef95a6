"""The records in a training loop without Keras: a logistic regression on mean word vectors.

python examples/numpy_loop.py --artifact imdb-artifact

PyTorch and JAX take the same arrays: `torch.from_numpy(features["text"])`, `jnp.asarray(...)`.
"""

import argparse

import numpy as np

import preprocess


class Classifier:
    """Word vectors, their mean over a text, and one weight for each of its numbers."""

    def __init__(self, words: int, dim: int, random: np.random.Generator) -> None:
        self.vectors = random.normal(0, 0.1, (words, dim))
        self.weights, self.bias = np.zeros(dim), 0.0

    def means(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The mean vector of each text, and what a token counts in it; 0 is padding."""
        mask = (ids != 0).astype(float)
        share = mask / np.maximum(mask.sum(axis=1, keepdims=True), 1)
        return np.einsum("rt,rtd->rd", share, self.vectors[ids]), share

    def probabilities(self, means: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-(means @ self.weights + self.bias)))

    def step(self, ids: np.ndarray, labels: np.ndarray, rate: float) -> None:
        """One step down the gradient of the cross-entropy."""
        means, share = self.means(ids)
        error = (self.probabilities(means) - labels) / len(labels)
        gradient = (error[:, None] * share)[..., None] * self.weights
        np.subtract.at(self.vectors, ids, rate * gradient)
        self.weights -= rate * error @ means
        self.bias -= rate * error.sum()

    def accuracy(self, batches) -> float:
        right = [
            (self.probabilities(self.means(features["text"])[0]) > 0.5) == labels["label"]
            for features, labels in batches
        ]
        return float(np.concatenate(right).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifact", required=True)
    parser.add_argument("--epochs", type=int, default=5)
    given = parser.parse_args()

    artifact = preprocess.Artifact.open(given.artifact)
    words = artifact.manifest.vocabulary_sizes["words"]
    model = Classifier(words, 16, np.random.default_rng(0))
    train = artifact.dataset("train", batch_size=64)  # each pass over it is the next epoch
    test = artifact.dataset("test", batch_size=256, shuffle=False)
    for epoch in range(given.epochs):
        for features, labels in train.as_numpy_iterator():
            model.step(features["text"], labels["label"], rate=5.0)
        print(f"epoch {epoch + 1}: accuracy {model.accuracy(test.as_numpy_iterator()):.3f}")


if __name__ == "__main__":
    main()
