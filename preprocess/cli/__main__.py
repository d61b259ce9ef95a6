"""`python -m preprocess.cli` as `text2seq`."""

from preprocess.cli.command_line import main

main()
