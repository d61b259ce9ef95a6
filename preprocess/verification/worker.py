"""Answers requests with `serving/`: started as a file, so that it imports TensorFlow alone.

Reads pickled {column: values} from standard input, until it reads None. Writes for each a line of
JSON, {name: [dtype, shape]}, and the bytes of these arrays: no pickles, as a graph is not trusted.

    python -P worker.py SERVING [OP_LIBRARY ...]
"""

import ctypes
import importlib
import json
import os
import pickle
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    # Whoever asks may be killed, and whoever interrupts it at a terminal does not mean us.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    folder, *libraries = sys.argv[1:]
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not end up among the answers
    # Here, once nothing that an import prints can end up there.
    tf, *_ = (importlib.import_module(library) for library in ("tensorflow", *libraries))
    model = tf.saved_model.load(folder)
    serving = model.signatures["serving_default"]
    # Names that Python takes for no keyword share a dict.
    dicts, keywords = serving.structured_input_signature
    while (columns := pickle.load(requests)) is not None:
        tensors = {name: tf.constant(values) for name, values in columns.items()}
        given = [{name: tensors[name] for name in names} for names in dicts]
        found = serving(*given, **{name: tensors[name] for name in keywords})
        arrays = {name: tensor.numpy() for name, tensor in found.items()}
        shapes = {name: [array.dtype.str, array.shape] for name, array in arrays.items()}
        answers.write(json.dumps(shapes).encode() + b"\n")
        answers.writelines(array.tobytes() for array in arrays.values())
        answers.flush()


if __name__ == "__main__":
    main()
