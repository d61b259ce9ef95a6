"""A Beam pipeline of one's own that encodes texts with an artifact.

python examples/own_beam_pipeline.py --artifact imdb-artifact --input rows.jsonl --output ids \
    --through serving

`serving` needs TensorFlow alone and gives padded ids; `transform` is tf.Transform's way, and gives
the ids as they are. Both are the graph that made the records.
"""

import argparse
import json
import tempfile

import apache_beam as beam
import tensorflow as tf
import tensorflow_transform as tft
import tensorflow_transform.beam as tft_beam


class Encode(beam.DoFn):
    """Batches of rows to their ids, by the SavedModel, which each worker loads once."""

    def __init__(self, serving: str) -> None:
        self._path = serving

    def setup(self) -> None:
        self._served = tf.saved_model.load(self._path)
        self._answer = self._served.signatures["serving_default"]

    def process(self, rows: list[dict]):
        answers = self._answer(text=tf.constant([row["text"] for row in rows]))
        ids, lengths = answers["text"].numpy(), answers["text_length"].numpy()
        for row, padded, length in zip(rows, ids, lengths, strict=True):
            yield {"text": row["text"], "ids": padded[:length].tolist()}  # padding: post


def through_serving(rows, artifact: str):
    """Rows with their ids, by `serving/`."""
    batches = rows | beam.BatchElements(max_batch_size=256)
    return batches | beam.ParDo(Encode(f"{artifact}/serving"))


def through_transform(rows, artifact: str):
    """Ids, by `transform/`: what tf.Transform calls a transform function."""
    transform = f"{artifact}/transform"
    output = tft.TFTransformOutput(transform)
    # The rows to encode have neither labels nor kept columns.
    wanted = {"text", "text_length"}
    others = sorted(output.transformed_feature_spec().keys() - wanted)
    raw = rows | beam.Map(lambda row: {"text": row["text"].encode()})
    function = raw.pipeline | tft_beam.ReadTransformFn(transform)
    transform_rows = tft_beam.TransformDataset(exclude_outputs=others)
    encoded, _ = ((raw, output.raw_metadata), function) | transform_rows
    # So tf.Transform calls the values of the ragged column `text`.
    return encoded | beam.Map(lambda row: {"ids": row["text$ragged_values"].tolist()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifact", required=True)
    parser.add_argument("--input", required=True, help="JSON lines with a column text")
    parser.add_argument("--output", required=True, help="prefix of the files to write")
    parser.add_argument("--through", choices=["serving", "transform"], default="serving")
    given, beam_options = parser.parse_known_args()

    ways = {"serving": through_serving, "transform": through_transform}
    with (
        tempfile.TemporaryDirectory() as temp,
        tft_beam.Context(temp_dir=temp),
        beam.Pipeline(argv=beam_options) as pipeline,
    ):
        rows = pipeline | beam.io.ReadFromText(given.input) | beam.Map(json.loads)
        encoded = ways[given.through](rows, given.artifact)
        _ = encoded | beam.Map(json.dumps) | beam.io.WriteToText(given.output, ".jsonl")


if __name__ == "__main__":
    main()
