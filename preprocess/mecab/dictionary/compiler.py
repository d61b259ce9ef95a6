"""From MeCab's files to one file."""

from __future__ import annotations

from pathlib import Path

from preprocess.core.errors import UsageError, reason_of
from preprocess.core.output import existing_file
from preprocess.mecab.dictionary.compiled_file import save_dictionary
from preprocess.mecab.dictionary.dictionary import Dictionary
from preprocess.mecab.dictionary.reader import read_dictionary
from preprocess.mecab.dictionary.wheels import find_dictionary


def compile_dictionary(name: str, output: Path, overwrite: bool = False) -> Dictionary:
    """Writes a dictionary to one file, which `load_dictionary` reads.

    Args:
      name: `ipadic`, `unidic-lite` or a folder, as for `find_dictionary`.
      output: the file; its folder must exist.
      overwrite: whether a file that exists may be replaced.

    Raises:
      UsageError: the dictionary cannot be used, or the file cannot be written.
    """
    if output.is_file() and not overwrite:
        raise existing_file(output)
    if output.is_dir() or not output.parent.is_dir():
        got = "a folder" if output.is_dir() else f"a path in {output.parent}, which is no folder"
        raise UsageError(
            f"{output}: got {got}, expected a file in a folder that exists; choose another --output"
        )
    dictionary = read_dictionary(find_dictionary(name))
    try:
        save_dictionary(dictionary, output, overwrite)
    except FileExistsError as error:
        raise existing_file(output) from error
    except OSError as error:
        raise UsageError(
            f"{output}: cannot be written ({reason_of(error)}), expected a folder that can; "
            "choose another --output"
        ) from error
    return dictionary
