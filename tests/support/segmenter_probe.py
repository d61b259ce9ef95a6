"""Started as a file in a fresh process: segments texts with TensorFlow alone.

python -P segmenter_probe.py SAVED_MODEL < [text, ...] > answer
"""

import json
import sys

import tensorflow as tf

module = tf.saved_model.load(sys.argv[1])
rows = module.segment(tf.constant(json.load(sys.stdin), tf.string)).to_list()
modules = sorted({name.split(".")[0] for name in sys.modules})
tokens = [[token.decode("utf-8") for token in row] for row in rows]
json.dump({"tokens": tokens, "modules": modules}, sys.stdout)
