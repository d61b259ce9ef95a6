"""Started as a file in a fresh process: answers texts with TensorFlow and op libraries.

python -P serving_probe.py SERVING [OP_LIBRARY ...] < {"column": [batch of values, ...]} > answers
"""

import importlib
import json
import sys

import tensorflow as tf

for library in sys.argv[2:]:
    importlib.import_module(library)
answer = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
signature = {name: spec.dtype.name for name, spec in answer.structured_input_signature[1].items()}
answers = [
    {
        name: {"dtype": value.dtype.name, "values": value.numpy().tolist()}
        for name, value in answer(**{n: tf.constant(v) for n, v in batch.items()}).items()
    }
    for batch in json.load(sys.stdin)
]
modules = sorted({name.split(".")[0] for name in sys.modules})
plain_lower = tf.strings.lower("TITLE I Ì", encoding="utf-8").numpy().decode()
json.dump(
    {"signature": signature, "answers": answers, "modules": modules, "plain": plain_lower},
    sys.stdout,
)
