# Both commands make their own virtual environment, from the exact versions in constraints.txt.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TESTED := $(VENV)/.installed-test
# Python compiles a module when it is first imported; most of what is installed never is (380 MB).
PIP := $(BIN)/python -m pip install --no-compile --constraint constraints.txt --editable

.PHONY: demo test test-all guarantees lint clean

demo: $(INSTALLED)
	$(BIN)/text2seq demo --output out/demo

PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

test: $(TESTED)
	$(PYTEST) -m "not long"

# The long parts too: kills, other runners, whole demos.
test-all: test
	$(PYTEST) -m long

# The tables of docs/guarantees.md: what is killed, interrupted, filled up, damaged, and what comes of it.
guarantees: $(TESTED)
	PYTHONPATH=tests/support $(BIN)/python tests/guarantees/disturbances.py
	$(BIN)/python tests/guarantees/damage.py
	$(BIN)/python tests/guarantees/random_builds.py

lint: $(TESTED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# What a user needs, and no more.
$(INSTALLED): pyproject.toml constraints.txt
	@echo "Installs text2seq into $(VENV): about 3 GB on disk, most of it TensorFlow; a few minutes."
	$(PYTHON) -m venv $(VENV)
	$(PIP) .
	touch $(INSTALLED)

$(TESTED): $(INSTALLED)
	@echo "Adds what the tests need: about 1 GB more, for other tokenizers to compare with."
	$(PIP) '.[test]'
	touch $(TESTED)

clean:
	rm -rf $(VENV) out build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
