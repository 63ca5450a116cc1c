# Two commands: `make demo` rebuilds the embedded study from nothing, `make test` passes the tests.
# Each sets up a virtual environment on a fresh machine, once; both work offline after that.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint repro reproduce pictures clean

demo: $(READY)
	$(BIN)/dvc repro --force --downstream preprocess@phantom
	@$(BIN)/glassbox summary phantom

test: $(READY)
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Every task; one whose data is absent says which command brings it, and the others go on.
repro: $(READY)
	$(BIN)/dvc repro --keep-going

# Builds the demo in two clean clones and compares their records byte for byte.
reproduce: $(READY)
	bash .ci/reproduce

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)
