"""Every kind of mistake in a spec, and the whole line that the user gets for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from preprocess.core.errors import SpecError
from preprocess.spec import load_spec, parse_spec

TEXT = "features: {text: {}}\n"

UNKNOWN_KEYS = {
    "top": (TEXT + "label: {}", "label: got an unknown key; did you mean 'labels'?"),
    "top, nothing like it": (
        TEXT + "xyz: 1",
        "xyz: got an unknown key; use one of features, labels, vocabularies, splits, keep, "
        "formats, buckets, rejects, output",
    ),
    "feature": (
        "features: {text: {max_len: 3}}",
        "features.text.max_len: got an unknown key; did you mean 'max_length'?",
    ),
    "numeric feature": (
        "features: {text: {}, n: {kind: numeric, scal: none}}",
        "features.n.scal: got an unknown key; did you mean 'scale'?",
    ),
    "label": (
        TEXT + "labels: {tags: {kind: multilabel, seperator: ;}}",
        "labels.tags.seperator: got an unknown key; did you mean 'separator'?",
    ),
    "label without kind": (
        TEXT + "labels: {tags: {knd: category}}",
        "labels.tags.knd: got an unknown key; did you mean 'kind'?",
    ),
    "vocabulary": (
        TEXT + "vocabularies: {words: {max_sise: 3}}",
        "vocabularies.words.max_sise: got an unknown key; did you mean 'max_size'?",
    ),
    "tokenizer without kind": (
        TEXT + "vocabularies: {words: {tokenizer: {lowr: true}}}",
        "vocabularies.words.tokenizer.lowr: got an unknown key; did you mean 'lower'?",
    ),
    "another tokenizer's": (
        TEXT + "vocabularies: {words: {tokenizer: {kind: whitespace, split: x}}}",
        "vocabularies.words.tokenizer.split: got an unknown key; use one of normalize, kind",
    ),
    "named like the tokenizer": (
        TEXT + "vocabularies: {words: {tokenizer: {kind: regex, split: x, regex: {a: 1}}}}",
        "vocabularies.words.tokenizer.regex: got an unknown key; "
        "use one of normalize, kind, split, keep",
    ),
    "oov": (
        TEXT + "vocabularies: {words: {oov: {hash_buckets: 8, seed: 1}}}",
        "vocabularies.words.oov.seed: got an unknown key; use 'hash_buckets'",
    ),
    "kept column": (
        TEXT + "keep: [{name: note, colum: my note}]",
        "keep.0.colum: got an unknown key; did you mean 'column'?",
    ),
    "hash split": (
        TEXT + "splits: {by: id, fractions: {train: 1}, fration: 2}",
        "splits.fration: got an unknown key; did you mean 'fractions'?",
    ),
    "column split": (
        TEXT + "splits: {column: id, map: {a: train}, columns: 1}",
        "splits.columns: got an unknown key; did you mean 'column'?",
    ),
    "buckets": (
        TEXT + "buckets: {boundary: [3]}",
        "buckets.boundary: got an unknown key; did you mean 'boundaries'?",
    ),
    "rejects": (
        TEXT + "rejects: {max_fracton: 0.1}",
        "rejects.max_fracton: got an unknown key; did you mean 'max_fraction'?",
    ),
    "output": (
        TEXT + "output: {shard: 1}",
        "output.shard: got an unknown key; did you mean 'shards'?",
    ),
}

TYPES = {
    "text for an integer": (
        "features: {text: {max_length: '500'}}",
        'features.text.max_length: got "500", expected an integer',
    ),
    "fraction for an integer": (
        "features: {text: {max_length: 5.5}}",
        "features.text.max_length: got 5.5, expected an integer",
    ),
    "true for an integer": (
        "features: {text: {max_length: true}}",
        "features.text.max_length: got true, expected an integer",
    ),
    "text for a number": (
        TEXT + "rejects: {max_fraction: few}",
        'rejects.max_fraction: got "few", expected a number',
    ),
    "text for true or false": (
        TEXT + "vocabularies: {words: {tokenizer: {lower: 'no'}}}",
        'vocabularies.words.tokenizer.lower: got "no", expected true or false',
    ),
    "a number for text": (
        TEXT + "keep: [3]",
        "keep.0: got 3, expected text; put it in quotes",
    ),
    "a date for text": (
        TEXT + "keep: [2026-01-31]",
        "keep.0: got 2026-01-31, expected text; put it in quotes",
    ),
    "null for text": (
        "features: {text: {vocabulary: null}}",
        "features.text.vocabulary: got null, expected text",
    ),
    "a number for a column": (
        "features: {1: {}}",
        "features.1: got 1, expected text; put it in quotes",
    ),
    "text for a list": (TEXT + "keep: id", 'keep: got "id", expected a list'),
    "a list for a kept column": (TEXT + "keep: [[id]]", 'keep.0: got ["id"], expected text'),
    "kept without a name": (
        TEXT + "keep: [{column: my note}]",
        "keep.0.name: got nothing, expected a value; add the key",
    ),
    "a number for a raw column": (
        "features: {text: {column: 3}}",
        "features.text.column: got 3, expected text; put it in quotes",
    ),
    "empty column of a feature": (
        "features: {text: {column: ''}}",
        'features.text.column: got "", expected some text',
    ),
    "empty column of a label": (
        TEXT + "labels: {label: {column: ''}}",
        'labels.label.column: got "", expected some text',
    ),
    "empty kept column": (
        TEXT + "keep: [{name: note, column: ''}]",
        'keep.0.column: got "", expected some text',
    ),
    "empty column to split by": (
        TEXT + "splits: {by: '', fractions: {train: 1}}",
        'splits.by: got "", expected some text',
    ),
    "empty column of splits": (
        TEXT + "splits: {column: '', map: {a: train}}",
        'splits.column: got "", expected some text',
    ),
    "kept under no plain name": (
        TEXT + "keep: [{name: my note}]",
        "keep.0.name: got \"my note\", expected a name of letters, digits, '_', '-' and '.', "
        "the first a letter or digit; choose one, and give the raw column as its `column`",
    ),
    "keep of no plain name": (
        TEXT + "keep: [my note]",
        "keep.0: got \"my note\", expected a name of letters, digits, '_', '-' and '.', "
        "the first a letter or digit; choose one, and give the raw column as its `column`",
    ),
    "a list for a mapping": ("features: [text]", 'features: got ["text"], expected a mapping'),
    "null for a mapping": ("features:", "features: got null, expected a mapping"),
    "a number for a feature": (
        "features: {text: 500}",
        "features.text: got 500, expected a mapping such as {kind: text}",
    ),
    "text for a label": (
        TEXT + "labels: {label: binary}",
        'labels.label: got "binary", expected a mapping such as {kind: binary}',
    ),
    "text for a tokenizer": (
        TEXT + "vocabularies: {words: {tokenizer: keras}}",
        'vocabularies.words.tokenizer: got "keras", expected a mapping such as {kind: keras}',
    ),
    "text for splits": (TEXT + "splits: train", 'splits: got "train", expected a mapping'),
    "a number for buckets": (TEXT + "buckets: 8", "buckets: got 8, expected a mapping"),
}

VALUES = {
    "no features": (
        "labels: {label: {}}",
        "features: got nothing, expected a value; add the key",
    ),
    "empty features": ("features: {}", "features: got {}, expected at least one entry"),
    "no text feature": (
        "features: {n: {kind: numeric}}",
        "features: got no feature of kind text, expected at least one; "
        "declare the column that holds the texts with kind: text",
    ),
    "feature kind": (
        "features: {text: {kind: txt}}",
        "features.text.kind: got \"txt\", expected one of 'text', 'numeric'",
    ),
    "feature kind of a wrong type": (
        "features: {text: {kind: 3}}",
        "features.text.kind: got 3, expected one of 'text', 'numeric'",
    ),
    "label kind": (
        TEXT + "labels: {label: {kind: bool}}",
        'labels.label.kind: got "bool", '
        "expected one of 'binary', 'category', 'multilabel', 'number'",
    ),
    "padding": (
        "features: {text: {padding: left}}",
        "features.text.padding: got \"left\", expected 'pre' or 'post'",
    ),
    "max_length 0": (
        "features: {text: {max_length: 0}}",
        "features.text.max_length: got 0, expected at least 1",
    ),
    "scale": (
        "features: {text: {}, n: {kind: numeric, scale: zscore}}",
        "features.n.scale: got \"zscore\", expected 'z_score', 'min_max' or 'none'",
    ),
    "size of a number": (
        TEXT + "labels: {v: {kind: number, size: 0}}",
        "labels.v.size: got 0, expected at least 1",
    ),
    "empty separator": (
        TEXT + "labels: {v: {kind: multilabel, separator: ''}}",
        'labels.v.separator: got "", expected some text',
    ),
    "name with a slash": (
        "features: {a/b: {}}",
        "features.a/b: got \"a/b\", expected a name of letters, digits, '_', '-' and '.', "
        "the first a letter or digit; choose one, and give the raw column as its `column`",
    ),
    "name of our own columns": (
        "features: {_row: {}}",
        "features._row: got \"_row\", expected a name of letters, digits, '_', '-' and '.', "
        "the first a letter or digit; choose one, and give the raw column as its `column`",
    ),
    "empty name": (
        "features: {'': {}}",
        "features.'': got \"\", expected a name of letters, digits, '_', '-' and '.', "
        "the first a letter or digit; choose one, and give the raw column as its `column`",
    ),
    "split with a slash": (
        TEXT + "splits: {column: c, map: {a: ../train}}",
        "splits.map.a: got \"../train\", expected a name of letters, digits, '_', '-' and '.', "
        "the first a letter or digit",
    ),
    "rejects above 1": (
        TEXT + "rejects: {max_fraction: 2}",
        "rejects.max_fraction: got 2, expected at most 1",
    ),
    "no shards": (TEXT + "output: {shards: 0}", "output.shards: got 0, expected at least 1"),
    "shards of a name": (
        TEXT + "output: {shards: many}",
        "output.shards: got 'many', expected auto or a number of files; choose one of the two",
    ),
    "shards of a fraction": (
        TEXT + "output: {shards: 2.5}",
        "output.shards: got 2.5, expected auto or a number of files; choose one of the two",
    ),
    "shards of a truth": (
        TEXT + "output: {shards: true}",
        "output.shards: got True, expected auto or a number of files; choose one of the two",
    ),
    "shards of null": (
        TEXT + "output: {shards: null}",
        "output.shards: got None, expected auto or a number of files; choose one of the two",
    ),
    "compression": (
        TEXT + "output: {compression: zip}",
        "output.compression: got \"zip\", expected 'gzip' or 'none'",
    ),
    "seed": (TEXT + "output: {seed: -1}", "output.seed: got -1, expected at least 0"),
}

VOCABULARIES = {
    "unknown, like a known one": (
        "features: {text: {vocabulary: word}}\nvocabularies: {words: {}}",
        "features.text.vocabulary: got 'word', expected a vocabulary that is declared under "
        "vocabularies; did you mean 'words'?",
    ),
    "unknown, none declared": (
        "features: {text: {vocabulary: mine}}",
        "features.text.vocabulary: got 'mine', expected a vocabulary that is declared under "
        "vocabularies; declare vocabularies: {mine: {}}",
    ),
    "unused": (
        TEXT + "vocabularies: {words: {}, other: {}}",
        "vocabularies.other: got a vocabulary that no feature uses, expected every vocabulary to "
        "be named by a text feature; remove it, or name it in a feature's vocabulary",
    ),
    "max_size 0": (
        TEXT + "vocabularies: {words: {max_size: 0}}",
        "vocabularies.words.max_size: got 0, expected at least 1",
    ),
    "min_count": (
        TEXT + "vocabularies: {words: {min_count: -1}}",
        "vocabularies.words.min_count: got -1, expected at least 1",
    ),
    "oov": (
        TEXT + "vocabularies: {words: {oov: ignore}}",
        "vocabularies.words.oov: got 'ignore', expected drop, token or {hash_buckets: N}; "
        "choose one of the three",
    ),
    "oov of a wrong type": (
        TEXT + "vocabularies: {words: {oov: 8}}",
        "vocabularies.words.oov: got 8, expected drop, token or {hash_buckets: N}; "
        "choose one of the three",
    ),
    "no hash buckets": (
        TEXT + "vocabularies: {words: {oov: {hash_buckets: 0}}}",
        "vocabularies.words.oov.hash_buckets: got 0, expected at least 1",
    ),
    "hash buckets missing": (
        TEXT + "vocabularies: {words: {oov: {}}}",
        "vocabularies.words.oov.hash_buckets: got nothing, expected a value; add the key",
    ),
    "ties": (
        TEXT + "vocabularies: {words: {ties: alphabetic}}",
        "vocabularies.words.ties: got \"alphabetic\", expected 'bytes' or 'first_seen'",
    ),
    "reserved token twice": (
        TEXT + "vocabularies: {words: {reserved_tokens: ['[A]', '[B]', '[A]']}}",
        "vocabularies.words.reserved_tokens: got '[A]' twice, expected every reserved token once; "
        "remove the repeated token",
    ),
    "empty reserved token": (
        TEXT + "vocabularies: {words: {reserved_tokens: ['']}}",
        'vocabularies.words.reserved_tokens.0: got "", expected some text',
    ),
    "normalization": (
        TEXT + "vocabularies: {words: {tokenizer: {normalize: [nfkd]}}}",
        'vocabularies.words.tokenizer.normalize.0: got "nfkd", '
        "expected 'nfkc', 'lower', 'strip_accents' or 'strip_html'",
    ),
    "empty regex": (
        TEXT + "vocabularies: {words: {tokenizer: {kind: regex}}}",
        "vocabularies.words.tokenizer: got neither split nor keep, expected exactly one of them; "
        "give split: what is between tokens, or keep: what a token is",
    ),
    "regex of both": (
        TEXT + "vocabularies: {words: {tokenizer: {kind: regex, split: a, keep: b}}}",
        "vocabularies.words.tokenizer: got both split and keep, expected exactly one of them; "
        "give split: what is between tokens, or keep: what a token is",
    ),
    "bad regex": (
        TEXT + "vocabularies: {words: {tokenizer: {kind: regex, split: '(?=a)'}}}",
        "vocabularies.words.tokenizer.split: got '(?=a)', which RE2 refuses (invalid perl "
        "operator: (?=), expected a regular expression in RE2's syntax; see "
        "https://github.com/google/re2/wiki/Syntax; lookaround and \\1 are not in it",
    ),
    "regex of nothing": (
        TEXT + "vocabularies: {words: {tokenizer: {kind: regex, keep: 'a*'}}}",
        "vocabularies.words.tokenizer.keep: got 'a*', which matches the empty text, expected a "
        "pattern that matches at least one character; use + in place of *, and no assertion such "
        "as \\b alone",
    ),
}

NAMES = {
    "label that is a feature": (
        TEXT + "labels: {text: {}}",
        "labels.text: got a label that is also a feature, expected a column to be one or the "
        "other; remove it from features or from labels",
    ),
    "label named like a vocabulary": (
        TEXT + "labels: {words: {}}",
        "labels.words: got a label named like a vocabulary, expected names that differ, as both "
        "name files in vocabulary/; rename the vocabulary",
    ),
    "feature text_length": (
        "features: {text: {}, text_length: {kind: numeric}}",
        "features.text: got 'text_length', which features.text_length writes into a record too, "
        "expected every key of a record to come from one column; give one another name, "
        "its column by `column`, or leave one out",
    ),
    "label text_length": (
        TEXT + "labels: {text_length: {kind: number}}",
        "labels.text_length: got 'text_length', which features.text writes into a record too, "
        "expected every key of a record to come from one column; give one another name, "
        "its column by `column`, or leave one out",
    ),
    "keep text_length": (
        TEXT + "keep: [id, text_length]",
        "keep.1: got 'text_length', which features.text writes into a record too, "
        "expected every key of a record to come from one column; give one another name, "
        "its column by `column`, or leave one out",
    ),
    "keep a label": (
        TEXT + "labels: {label: {}}\nkeep: [label]",
        "keep.0: got 'label', which labels.label writes into a record too, "
        "expected every key of a record to come from one column; give one another name, "
        "its column by `column`, or leave one out",
    ),
    "keep two columns under one name": (
        TEXT + "keep: [id, {name: id, column: my id}]",
        "keep.1: got 'id', which keep.0 writes into a record too, "
        "expected every key of a record to come from one column; give one another name, "
        "its column by `column`, or leave one out",
    ),
    "keep twice": (
        TEXT + "keep: [id, id]",
        "keep.1: got 'id', which keep.0 writes into a record too, "
        "expected every key of a record to come from one column; give one another name, "
        "its column by `column`, or leave one out",
    ),
}

SPLITS = {
    "fractions": (
        TEXT + "splits: {by: id, fractions: {train: 0.9, test: 0.2}}",
        "splits.fractions: got fractions that sum to 1.1, expected a sum of 1; "
        "change the fractions so that every row has a split",
    ),
    "a fraction of 0": (
        TEXT + "splits: {by: id, fractions: {train: 1, test: 0}}",
        "splits.fractions.test: got 0, expected more than 0",
    ),
    "hash without train": (
        TEXT + "splits: {by: id, fractions: {training: 0.9, test: 0.1}}",
        "splits: got the splits training, test, expected one of them to be called train, as "
        "vocabularies come from it alone; rename the split that you train on",
    ),
    "map without train": (
        TEXT + "splits: {column: usage, map: {train: dev}}",
        "splits: got the splits dev, expected one of them to be called train, as "
        "vocabularies come from it alone; rename the split that you train on",
    ),
    "both by and column": (
        TEXT + "splits: {by: id, fractions: {train: 1}, column: usage, map: {a: train}}",
        "splits: got both by and column, expected exactly one of them; "
        "give by and fractions, or column and map",
    ),
    "neither by nor column": (
        TEXT + "splits: {fractions: {train: 1}}",
        "splits: got neither by nor column, expected exactly one of them; "
        "give by and fractions, or column and map",
    ),
    "fractions missing": (
        TEXT + "splits: {by: id}",
        "splits.fractions: got nothing, expected a value; add the key",
    ),
    "map missing": (
        TEXT + "splits: {column: id}",
        "splits.map: got nothing, expected a value; add the key",
    ),
    "empty map": (
        TEXT + "splits: {column: id, map: {}}",
        "splits.map: got {}, expected at least one entry",
    ),
    "values that are one text": (
        TEXT + "splits: {column: id, map: {1: train, '1': test}}",
        "splits.map: got 1, '1', expected values that differ as text too; remove the repeated one",
    ),
}

BUCKETS = {
    "not ascending": (
        TEXT + "buckets: {boundaries: [8, 4]}",
        "buckets.boundaries: got [8, 4], expected ascending lengths, each once; "
        "sort them, and remove repeated ones",
    ),
    "one twice": (
        TEXT + "buckets: {boundaries: [4, 4]}",
        "buckets.boundaries: got [4, 4], expected ascending lengths, each once; "
        "sort them, and remove repeated ones",
    ),
    "below max_length": (
        "features: {text: {max_length: 500}}\nbuckets: {boundaries: [64, 128]}",
        "buckets.boundaries: got 128 as the last boundary, expected at least the max_length of "
        "'text', which is 500; set features.text.max_length to 128 or less",
    ),
    "no max_length": (
        TEXT + "buckets: {boundaries: [64, 128]}",
        "buckets.boundaries: got 128 as the last boundary, expected at least the max_length of "
        "'text', which is not set; set features.text.max_length to 128 or less",
    ),
    "not multiples": (
        TEXT + "buckets: {boundaries: [64, 100], multiple_of: 8}",
        "buckets.boundaries: got [64, 100], expected multiples of 8; "
        "align the boundaries or leave out multiple_of",
    ),
    "boundary of 0": (
        TEXT + "buckets: {boundaries: [0, 4]}",
        "buckets.boundaries.0: got 0, expected at least 1",
    ),
    "no boundaries": (
        TEXT + "buckets: {boundaries: []}",
        "buckets.boundaries: got [], expected at least one entry",
    ),
    "by something unknown": (
        TEXT + "buckets: {by: txt}",
        "buckets.by: got 'txt', expected a text feature; did you mean 'text'?",
    ),
    "by a number": (
        "features: {a: {}, b: {}, stars: {kind: numeric}}\nbuckets: {by: stars}",
        "buckets.by: got 'stars', expected a text feature; use one of a, b",
    ),
    "count 0": (TEXT + "buckets: {count: 0}", "buckets.count: got 0, expected at least 1"),
    "count too large": (
        TEXT + "buckets: {count: 2000}",
        "buckets.count: got 2000, expected at most 1024",
    ),
}

ANSWERS = {
    "a label called as a class": (
        TEXT + "labels: {l: {kind: category}, l_class: {kind: binary}}",
        "labels.l_class: got a label called as a model answers the class of 'l', expected names "
        "that differ; give one of the two another name, its column by `column`",
    ),
}

FORMATS = {
    "unknown key": (
        TEXT + "formats: {csv: {separator: ;}}",
        "formats.csv.separator: got an unknown key; use one of delimiter, quote, escape, header, "
        "columns",
    ),
    "no delimiter": (
        TEXT + "formats: {txt: }",
        "formats.txt: got no delimiter, expected the character between the cells of a row; "
        'add one, such as delimiter: "\\t"',
    ),
    "two characters": (
        TEXT + "formats: {csv: {delimiter: '::'}}",
        "formats.csv.delimiter: got '::', expected one ASCII character that breaks no line; "
        'write a tab as "\\t", and no character as null',
    ),
    "a line break": (
        TEXT + 'formats: {csv: {delimiter: "\\n"}}',
        "formats.csv.delimiter: got '\\n', expected one ASCII character that breaks no line; "
        'write a tab as "\\t", and no character as null',
    ),
    "quote and escape": (
        TEXT + "formats: {csv: {escape: '\"'}}",
        "formats.csv.escape: got '\"', which is the quote too, expected characters that differ; "
        "leave out escape where quotes are doubled, or choose another character",
    ),
    "no names": (
        TEXT + "formats: {tsv: {header: false}}",
        "formats.tsv.header: got false without columns, expected the names of the columns, as no "
        "row holds them; add columns: [NAME, ...]",
    ),
    "a name twice": (
        TEXT + "formats: {tsv: {columns: [a, b, a]}}",
        "formats.tsv.columns: got 'a' twice, expected names that differ; rename one of them",
    ),
    "a dot": (
        TEXT + "formats: {.csv: {delimiter: ;}}",
        "formats..csv: got '.csv', expected the suffix of a file, such as csv, tsv or txt; "
        "write it without its dot",
    ),
    "typed": (
        TEXT + "formats: {jsonl: {delimiter: ;}}",
        "formats.jsonl: got 'jsonl', expected the suffix of files of cells, such as csv, tsv or "
        "txt; remove it, as such files say themselves how they are written",
    ),
    "no room for a row": (
        TEXT + "rejects: {max_bytes: 0}",
        "rejects.max_bytes: got 0, expected at least 1",
    ),
}

YAML = {
    "duplicate key": (
        "features:\n  text: {}\n  text: {}\n",
        "line 3: got the key 'text' twice, expected it once; remove one of them",
    ),
    "duplicate key, deep": (
        "features:\n  text:\n    padding: pre\n    padding: post\n",
        "line 4: got the key 'padding' twice, expected it once; remove one of them",
    ),
    "duplicate key that is a number": (
        TEXT + "splits: {column: c, map: {1: train, 1: test}}",
        "line 2: got the key 1 twice, expected it once; remove one of them",
    ),
    "broken": (
        "features: {text: {}\n",
        "line 2, column 1: is not valid YAML "
        "(while parsing a flow mapping: expected ',' or '}', but got '<stream end>')",
    ),
    "tab": (
        "features:\n\ttext: {}\n",
        "line 2, column 1: is not valid YAML (while scanning for the next token: "
        "found character '\\t' that cannot start any token)",
    ),
    "control character": (
        "features: \x00",
        "is not valid YAML (unacceptable character #x0000: special characters are not allowed "
        'in "<unicode string>", position 10)',
    ),
    "python object": (
        "features: !!python/object:os.system {}",
        "line 1, column 11: is not valid YAML (could not determine a constructor for the tag "
        "'tag:yaml.org,2002:python/object:os.system')",
    ),
    "empty": ("", "features: got nothing, expected a value; add the key"),
    "only a comment": ("# nothing", "features: got nothing, expected a value; add the key"),
    "list": (
        "[text, label]",
        'got ["text", "label"], expected a mapping with keys such as features, labels, '
        "vocabularies, splits, keep, formats, buckets, rejects, output",
    ),
    "long list": (
        f"[{'a' * 100}]",
        f'got ["{"a" * 75}..., expected a mapping with keys such as features, labels, '
        "vocabularies, splits, keep, formats, buckets, rejects, output",
    ),
}

MISTAKES = {
    f"{group}: {name}": case
    for group, cases in {
        "unknown key": UNKNOWN_KEYS,
        "type": TYPES,
        "value": VALUES,
        "vocabulary": VOCABULARIES,
        "name": NAMES,
        "splits": SPLITS,
        "buckets": BUCKETS,
        "answers": ANSWERS,
        "formats": FORMATS,
        "YAML": YAML,
    }.items()
    for name, case in cases.items()
}


@pytest.mark.parametrize(("text", "line"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(text: str, line: str) -> None:
    with pytest.raises(SpecError) as raised:
        parse_spec(text, "s.yaml")
    assert str(raised.value) == f"s.yaml: {line}"
    assert raised.value.exit_code == 2


def test_a_bad_tokenizer_kind_names_all_tokenizers() -> None:
    with pytest.raises(SpecError) as raised:
        parse_spec(TEXT + "vocabularies: {words: {tokenizer: {kind: kers}}}", "s.yaml")
    start = "s.yaml: vocabularies.words.tokenizer.kind: got \"kers\", expected one of 'keras', "
    assert str(raised.value).startswith(start)
    assert "'characters'" in str(raised.value)


def test_several_mistakes_are_several_lines() -> None:
    with pytest.raises(SpecError) as raised:
        parse_spec("features: {text: {max_length: 0, paddin: pre}}\nkep: [id]", "s.yaml")
    assert str(raised.value).split("\n") == [
        "s.yaml: features.text.max_length: got 0, expected at least 1",
        "s.yaml: features.text.paddin: got an unknown key; did you mean 'padding'?",
        "s.yaml: kep: got an unknown key; did you mean 'keep'?",
    ]


def test_a_misspelled_key_that_must_be_there() -> None:
    with pytest.raises(SpecError) as raised:
        parse_spec(TEXT + "splits: {by: id, fraction: {train: 1}}", "s.yaml")
    assert str(raised.value).split("\n") == [
        "s.yaml: splits.fractions: got nothing, expected a value; add the key",
        "s.yaml: splits.fraction: got an unknown key; did you mean 'fractions'?",
    ]


def _mistake_in(path: Path) -> str:
    with pytest.raises(SpecError) as raised:
        load_spec(str(path))
    return str(raised.value)


def test_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    assert _mistake_in(path) == (
        f"{path}: cannot be read (No such file or directory), expected a spec file in UTF-8; "
        "check the path"
    )


def test_a_folder(tmp_path: Path) -> None:
    assert _mistake_in(tmp_path).startswith(f"{tmp_path}: cannot be read (Is a directory), ")


def test_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text("features: {täxt: {}}", encoding="latin-1")
    assert _mistake_in(path).startswith(f"{path}: cannot be read ('utf-8' codec can't decode")


def test_the_path_is_named(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text("features: {}")
    assert _mistake_in(path) == f"{path}: features: got {{}}, expected at least one entry"
