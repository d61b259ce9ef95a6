"""IMDB to a served model, with Keras' TextVectorization."""

import sys

import keras
import numpy as np
import pyarrow.parquet as pq
import tensorflow as tf

train, test, output, epochs = *sys.argv[1:4], int(sys.argv[4])


def rows(path: str) -> tuple[list[str], np.ndarray]:
    table = pq.read_table(path, columns=["text", "label"])
    return table["text"].to_pylist(), table["label"].to_numpy()


@keras.saving.register_keras_serializable()
def without_html(texts: tf.Tensor) -> tf.Tensor:
    plain = tf.strings.regex_replace(tf.strings.lower(texts, "utf-8"), "<[^>]*>", " ")
    return tf.strings.regex_replace(plain, r"""[!"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~\t\n]""", " ")


texts, labels = rows(train)
vectorize = keras.layers.TextVectorization(
    max_tokens=5_002, standardize=without_html, output_sequence_length=500
)
vectorize.adapt(tf.data.Dataset.from_tensor_slices(texts).batch(1_024))

ids = keras.Input((500,), dtype="int64")
x = keras.layers.Embedding(5_002, 32, mask_zero=True)(ids)
x = keras.layers.LSTM(100)(x)
network = keras.Model(ids, keras.layers.Dense(1, activation="sigmoid")(x))
steps = epochs * -(-len(texts) // 64)
network.compile(
    keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.001, steps)),
    "binary_crossentropy",
    metrics=["accuracy"],
)


def batches(texts: list[str], labels: np.ndarray, size: int) -> tf.data.Dataset:
    dataset = tf.data.Dataset.from_tensor_slices((texts, labels)).batch(size)
    return dataset.map(lambda t, y: (vectorize(t), y), tf.data.AUTOTUNE).cache()


in_batches = batches(texts, labels, 64).shuffle(1_000).prefetch(tf.data.AUTOTUNE)
network.fit(in_batches, epochs=epochs, verbose=2)
loss, accuracy = network.evaluate(batches(*rows(test), 256), verbose=0)
print("accuracy", accuracy)

text = keras.Input((), dtype="string", name="text")
served = keras.Model(text, network(vectorize(text)))
served.export(
    f"{output}/served",
    input_signature=[tf.TensorSpec([None], tf.string, name="text")],
    verbose=False,
)
