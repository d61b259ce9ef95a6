"""IMDB to a served model, with text2seq."""

import sys

import preprocess

train, test, output, epochs = *sys.argv[1:4], int(sys.argv[4])
SPEC = {
    "features": {"text": {"max_length": 500, "truncating": "pre"}},
    "labels": {"label": {"kind": "binary"}},
    "vocabularies": {
        "words": {
            "tokenizer": {"kind": "keras", "normalize": ["strip_html"]},
            "max_size": 5_000,
            "oov": "token",
        }
    },
}
MODEL = {
    "text": {"embedding": {"dim": 32}, "encoder": {"kind": "lstm", "units": 100}},
    "training": {"schedule": "cosine", "epochs": epochs, "batch_size": 64},
}

artifact = preprocess.build(SPEC, {"train": train, "test": test}, f"{output}/artifact")
model = preprocess.train(artifact, MODEL, f"{output}/model")
print("accuracy", model.evaluate(artifact, "test")["label"]["accuracy"])
