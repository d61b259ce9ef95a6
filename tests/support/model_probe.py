"""Started as a file in a fresh process: predicts with TensorFlow alone.

python -P model_probe.py SERVING < [[signature, {"input": [values]}], ...] > answers
"""

import base64
import json
import sys

import tensorflow as tf


def _given(values: list) -> tf.Tensor:
    """Strings travel as base64: an example is no text, and a text may be no UTF-8."""
    if values and isinstance(values[0], str):
        return tf.constant([base64.b64decode(value) for value in values])
    return tf.constant(values, tf.float32)


def _inputs(signature) -> list[dict]:
    """The dicts that come first, and the keywords."""
    dicts, keywords = signature.structured_input_signature
    return [*dicts, keywords]


def _answered(value: tf.Tensor) -> dict:
    values = value.numpy().tolist()
    if value.dtype == tf.string:
        values = [item.decode() for item in values]
    return {"dtype": value.dtype.name, "values": values}


model = tf.saved_model.load(sys.argv[1])
inputs = {
    name: sorted(key for part in _inputs(signature) for key in part)
    for name, signature in model.signatures.items()
}
answers = []
for name, batch in json.load(sys.stdin):
    *dicts, keywords = _inputs(model.signatures[name])
    tensors = {key: _given(values) for key, values in batch.items()}
    given = [{key: tensors[key] for key in part} for part in dicts]
    found = model.signatures[name](*given, **{key: tensors[key] for key in keywords})
    answers.append({key: _answered(value) for key, value in found.items()})
modules = sorted({name.split(".")[0] for name in sys.modules})
json.dump({"inputs": inputs, "answers": answers, "modules": modules}, sys.stdout)
