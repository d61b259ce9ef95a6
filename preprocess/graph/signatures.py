"""Signatures of a SavedModel whose inputs bear any name that a spec accepts.

TensorFlow makes an argument of a Python function of every input, and a Python name of every
argument: `my-text` becomes `my_text`, and `class` an error. So functions are traced over safe
names, and what was saved is given the real ones: in the SignatureDef, as keywords of the restored
function, and in its structured signature. There a name is a keyword if Python takes it for one;
the others share a dict, which is the first argument.
"""

from __future__ import annotations

import keyword
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import tensorflow as tf
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2, saved_object_graph_pb2

Tensors = dict[str, tf.Tensor]

_SAVED_MODEL = "saved_model.pb"
_FINGERPRINT = "fingerprint.pb"  # of the bytes that bear the safe names


class Signature(NamedTuple):
    """What becomes a signature.

    Attributes:
      answer: from tensors by name to tensors by name.
      inputs: the former.
    """

    answer: Callable[[Tensors], Tensors]
    inputs: Mapping[str, tf.TensorSpec]


def save_with_signatures(
    module: tf.Module, output: str, signatures: Mapping[str, Signature]
) -> None:
    """Writes a SavedModel that loads with `import tensorflow` alone.

    Args:
      module: owns the variables and tables.
      output: folder to write.
      signatures: by name; inputs and outputs bear their own names.
    """
    traced = {name: _traced(signature) for name, signature in signatures.items()}
    tf.saved_model.save(module, output, signatures=traced)
    path = os.path.join(output, _SAVED_MODEL)
    with tf.io.gfile.GFile(path, "rb") as file:
        saved = saved_model_pb2.SavedModel.FromString(file.read())
    for name, signature in signatures.items():
        _give_names(saved.meta_graphs[0], name, _safe_names(signature.inputs))
    with tf.io.gfile.GFile(path, "wb") as file:
        file.write(saved.SerializeToString(deterministic=True))
    tf.io.gfile.remove(os.path.join(output, _FINGERPRINT))


def ask(signature: Any, columns: Mapping[str, tf.Tensor]) -> Tensors:
    """Calls a signature of a loaded SavedModel, whatever its inputs are called.

    Args:
      signature: such as `loaded.signatures["serving_default"]`.
      columns: its inputs by name.
    """
    dicts, keywords = signature.structured_input_signature
    given = [{name: columns[name] for name in names} for names in dicts]
    answers: Tensors = signature(*given, **{name: columns[name] for name in keywords})
    return answers


def inputs_of(signature: Any) -> dict[str, tf.TensorSpec]:
    """The inputs of a signature of a loaded SavedModel by name."""
    dicts, keywords = signature.structured_input_signature
    return {name: spec for part in (*dicts, keywords) for name, spec in part.items()}


def _traced(signature: Signature) -> tf.types.experimental.ConcreteFunction:
    safe = _safe_names(signature.inputs)

    def answer(**columns: tf.Tensor) -> Tensors:
        return signature.answer({name: columns[argument] for argument, name in safe.items()})

    specs = {
        argument: tf.TensorSpec(signature.inputs[name].shape, signature.inputs[name].dtype)
        for argument, name in safe.items()
    }
    return tf.function(answer, autograph=False).get_concrete_function(**specs)


def _safe_names(names: Iterable[str]) -> dict[str, str]:
    """Safe to real name, both in the order in which TensorFlow flattens arguments."""
    arguments = {name: _python_name(name) for name in names}
    ordered = sorted(_shared(arguments))
    ordered += sorted(set(arguments) - set(ordered), key=lambda name: arguments[name])
    return {f"column_{number:05}": name for number, name in enumerate(ordered)}


def _python_name(name: str) -> str:
    """What TensorFlow's `sanitize_arg_name` makes of a name."""
    replaced = re.sub("[^A-Za-z0-9]", "_", name)
    return replaced if replaced[0].isalpha() else f"arg_{replaced}"


def _shared(arguments: Mapping[str, str]) -> set[str]:
    """The names that cannot be keywords of one function, given what TensorFlow makes of each."""
    counts = Counter(arguments.values())
    return {
        name
        for name, argument in arguments.items()
        if counts[argument] > 1 or keyword.iskeyword(argument) or argument == "self"
    }


def _give_names(graph: meta_graph_pb2.MetaGraphDef, key: str, safe: Mapping[str, str]) -> None:
    """Renames the inputs of a saved signature."""
    inputs = graph.signature_def[key].inputs
    for name, tensor in _taken(inputs, safe).items():
        inputs[name].CopyFrom(tensor)
    function = _saved_function(graph.object_graph_def, key)
    function.ClearField("function_spec")  # says the safe names once more
    function.argument_keywords[:] = [safe[argument] for argument in function.argument_keywords]
    saved = graph.object_graph_def.concrete_functions[function.concrete_function_name]
    _structure(saved.canonicalized_input_signature, safe)


def _saved_function(
    objects: saved_object_graph_pb2.SavedObjectGraph, key: str
) -> saved_object_graph_pb2.SavedBareConcreteFunction:
    node = objects.nodes[0]
    for name in ("signatures", key):
        node = objects.nodes[next(c.node_id for c in node.children if c.local_name == name)]
    return node.bare_concrete_function


def _structure(signature: Any, safe: Mapping[str, str]) -> None:
    """Turns ((), {safe name: spec}) into ({real name: spec}, ) and {real name: spec}."""
    positional, keywords = signature.tuple_value.values
    specs = _taken(keywords.dict_value.fields, safe)
    shared = _shared({name: _python_name(name) for name in specs})
    if shared:
        positional.tuple_value.values.add().dict_value.SetInParent()
    for name, spec in specs.items():
        spec.tensor_spec_value.name = name
        target = positional.tuple_value.values[0] if name in shared else keywords
        target.dict_value.fields[name].CopyFrom(spec)


def _taken(fields: Any, safe: Mapping[str, str]) -> dict[str, Any]:
    """Empties a protobuf map by safe name; its values by real name, which may be a safe one too."""
    taken = {}
    for argument, name in safe.items():
        taken[name] = type(fields[argument])()
        taken[name].CopyFrom(fields[argument])
    fields.clear()
    return taken
