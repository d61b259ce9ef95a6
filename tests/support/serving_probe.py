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
dicts, keywords = answer.structured_input_signature
specs = {name: spec for part in (*dicts, keywords) for name, spec in part.items()}
signature = {name: spec.dtype.name for name, spec in specs.items()}


def asked(batch):
    tensors = {name: tf.constant(values) for name, values in batch.items()}
    given = [{name: tensors[name] for name in part} for part in dicts]
    return answer(*given, **{name: tensors[name] for name in keywords})


answers = [
    {
        name: {"dtype": value.dtype.name, "values": value.numpy().tolist()}
        for name, value in asked(batch).items()
    }
    for batch in json.load(sys.stdin)
]
modules = sorted({name.split(".")[0] for name in sys.modules})
plain_lower = tf.strings.lower("TITLE I Ì", encoding="utf-8").numpy().decode()
json.dump(
    {"signature": signature, "answers": answers, "modules": modules, "plain": plain_lower},
    sys.stdout,
)
