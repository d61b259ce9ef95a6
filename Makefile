# Both commands make their own virtual environment, from the exact versions in constraints.txt.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test test-all guarantees lint clean

demo: $(STAMP)
	$(BIN)/text2seq demo --output out/demo

PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

test: $(STAMP)
	$(PYTEST) -m "not long"

# The long parts too: kills, other runners, whole demos.
test-all: test
	$(PYTEST) -m long

# The tables of docs/guarantees.md: what is killed, interrupted, filled up, damaged, and what comes of it.
guarantees: $(STAMP)
	PYTHONPATH=tests/support $(BIN)/python tests/guarantees/disturbances.py
	$(BIN)/python tests/guarantees/damage.py
	$(BIN)/python tests/guarantees/random_builds.py

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) out build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
