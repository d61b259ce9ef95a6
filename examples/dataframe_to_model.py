"""From a DataFrame to a served model and a report, without a file in between.

python examples/dataframe_to_model.py --rows reviews.csv --output out

The file needs the columns `text` and `label`; how the frame comes about does not matter.
"""

import argparse

import pandas as pd

import preprocess

SPEC = {
    "features": {"text": {"max_length": 500}},
    "labels": {"label": {"kind": "category"}},
    "vocabularies": {"words": {"tokenizer": {"kind": "keras"}, "max_size": 20_000, "oov": "token"}},
}
MODEL = {"text": {"encoder": {"kind": "average"}}, "training": {"validation": "test"}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", required=True, help="CSV file with the columns text and label")
    parser.add_argument("--output", required=True)
    parser.add_argument("--epochs", type=int, default=3)
    given = parser.parse_args()

    frame = pd.read_csv(given.rows).sample(frac=1, random_state=0)
    held_out = len(frame) // 5
    splits = {"test": frame[:held_out], "train": frame[held_out:]}

    artifact = preprocess.build(SPEC, splits, f"{given.output}/artifact")
    artifact.verify()
    model = preprocess.train(artifact, MODEL, f"{given.output}/model", epochs=given.epochs)
    print("accuracy", model.evaluate(artifact, "test")["label"]["accuracy"])
    for answer in model.predict(frame["text"][:3].tolist()):
        print(answer["label"]["class"])
    preprocess.write_report(artifact, model, f"{given.output}/report.html")


if __name__ == "__main__":
    main()
