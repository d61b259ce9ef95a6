"""Texts alone as rows to predict."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from preprocess.core.errors import UsageError
from preprocess.trained_model.model_manifest import ModelManifest


def text_row(manifest: ModelManifest, texts: Sequence[str]) -> pa.RecordBatch:
    """Texts alone as a batch for `predict_rows`: a row each.

    Raises:
      UsageError: the model takes more than one column or lists of tokens, or a text is not
        UTF-8.
    """
    if len(manifest.features) > 1:
        raise UsageError(
            f"--text: got texts for a model of several columns ({', '.join(manifest.features)}), "
            "expected a model of one text column; give rows of all columns with --input rows.jsonl"
        )
    [name] = manifest.features
    if manifest.spec.raw_columns[name].is_ragged:
        raise UsageError(
            f"--text: got texts for a model whose column {name!r} holds lists of tokens, expected "
            f'lists; give rows such as {{"{name}": ["a", "b"]}} with --input rows.jsonl'
        )
    return pa.record_batch({name: pa.array(map(_encoded, texts), pa.binary())})


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        # Bytes of the command line that are not UTF-8 arrive as lone surrogates.
        raise UsageError(
            f"--text {text!a}: got bytes that are not UTF-8, expected text in UTF-8; "
            "convert the text, or give it with --input"
        ) from error
