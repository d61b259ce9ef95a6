"""A Keras model of one's own on the records of an artifact, served from raw strings.

python examples/own_keras_model.py --artifact imdb-artifact --output own-model
"""

import argparse

import keras

import preprocess


def network(words: int) -> keras.Model:
    """A convolution over word vectors; inputs and outputs bear the names of the spec."""
    text = keras.Input((None,), dtype="int64", name="text")
    x = keras.layers.Embedding(words, 32)(text)
    x = keras.layers.Conv1D(64, 5, padding="same", activation="relu")(x)
    x = keras.layers.GlobalMaxPooling1D()(x)
    label = keras.layers.Dense(1, activation="sigmoid", name="label")(x)
    return keras.Model({"text": text}, {"label": label})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifact", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--epochs", type=int, default=2)
    given = parser.parse_args()

    artifact = preprocess.Artifact.open(given.artifact)
    model = network(artifact.manifest.vocabulary_sizes["words"])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    train = artifact.dataset("train", batch_size=64)
    model.fit(train, epochs=given.epochs, verbose=2)

    served = preprocess.export_model(model, artifact, given.output)
    print("accuracy", served.evaluate(artifact, "test")["label"]["accuracy"])
    print(served.predict(["A film that I shall not forget."]))


if __name__ == "__main__":
    main()
