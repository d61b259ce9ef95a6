"""`python -m preprocess.cli` as `text2seq`."""

from preprocess.cli import main

main()
