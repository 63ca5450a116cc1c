# Two commands: `make demo` rebuilds the embedded study from nothing, `make test` passes the tests.
# Each sets up a virtual environment on a fresh machine, once; both work offline after that.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BUILT := .glassbox/demo
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# The commands in dvc.yaml say `python`: that must be the environment's.
DVC := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m dvc

.PHONY: demo test lint repro reproduce readme

# What the demo makes, with all that it needs: four networks, their scores, and pictures of one.
DEMO := compare@phantom \
	$(addsuffix @phantom-balanced,confusion overlay xai-render)

# The first run trains even though the clone brings trained networks; later runs do again what has changed.
demo: $(READY)
	$(DVC) repro $(if $(wildcard $(BUILT)),,--force) $(DEMO)
	$(DVC) repro --single-item llm-index
	@mkdir -p $(dir $(BUILT)) && touch $(BUILT)
	@$(BIN)/glassbox summary phantom

# Two at a time, file by file: what a file's tests share is made once.
test: $(READY)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: $(READY)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

# Every task; one whose data is absent says which command brings it, and the others go on.
repro: $(READY)
	$(DVC) repro --keep-going

# Builds the demo in two clean clones and compares their records byte for byte.
reproduce: $(READY)
	DEMO="$(DEMO)" bash .ci/reproduce

# Copies today's numbers and the drawn data set's pictures into README.md.
readme: $(READY)
	$(BIN)/python .ci/readme.py

# TensorFlow 2.21 has packages for these three versions of Python.
$(READY): requirements.lock pyproject.toml
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
			|| { echo "$(PYTHON): not a usable Python; expected 3.11, 3.12 or 3.13; run: make PYTHON=python3.11" >&2; exit 1; }; \
		echo "setting up $(VENV), once: about 1.3 GB of packages, some minutes"; \
		$(PYTHON) -m venv $(VENV); }
	$(PIP) --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $(READY)
