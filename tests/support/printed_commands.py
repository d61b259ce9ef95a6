"""The `text2seq` commands of a shell block, against what the command line takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import typer.main

from beam_jobs.runtime import known_options
from preprocess.cli.command_line import app
from preprocess.core.errors import UsageError

# click's, of which typer has the subclasses.
MISUSED: type[Exception] = typer.BadParameter.__mro__[1]
_END = {"|", ";", "&&", "||", "&", ">"}


def mistakes_in(code: str) -> list[str]:
    """What the command line would not take, such as an unknown command or option."""
    return [mistake for words in commands_in(code) for mistake in _mistakes(words)]


def commands_in(code: str) -> Iterator[list[str]]:
    """The words of each command that begins with `text2seq`, without it."""
    whole = re.sub(r"\\\n", " ", code)
    for line in whole.splitlines():
        if re.search(r"\btext2seq\b", line):
            yield from _commands(_words(line))


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&>")
    lexer.whitespace_split = True
    return list(lexer)


def _commands(words: list[str]) -> Iterator[list[str]]:
    while "text2seq" in words:
        words = words[words.index("text2seq") + 1 :]
        end = next((n for n, word in enumerate(words) if word in _END), len(words))
        yield words[:end]


def _mistakes(words: list[str]) -> Iterator[str]:
    """What the parser of a command answers to its arguments; nothing is run."""
    group: Any = typer.main.get_command(app)
    name, arguments = (words[0] if words else "nothing"), words[1:]
    if name == "--version" or "--help" in arguments:
        return
    if name not in group.commands:
        yield f"no command {name!r}"
        return
    command = group.commands[name]
    try:
        context = command.make_context(name, list(arguments))
        own = [option for parameter in command.params for option in parameter.opts]
        known_options.check_options(context.args, own)
    except (MISUSED, UsageError) as error:
        yield f"{name}: {getattr(error, 'message', '') or error}"
