# Everything here sets itself up from Python 3.11+ and git: a .venv, filled from the hash-checked
# requirements.txt. `make PYTHON=/path/to/python3.12 test` chooses the interpreter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EMULATOR := $(VENV)/emulate/.installed
SOAK_RUNS ?= 100
SOAK_SEED := $(or $(SOAK_SEED),$(shell date +%s))

.PHONY: help demo test lint types unit soak bench catalogue tried-on lock clean

help:
	@echo 'make demo       show the plan for a bundled AI service, and its most severe campaign'
	@echo 'make test       lint, types, architecture and all tests'
	@echo 'make soak       kill the App and have GitHub fail, at random; SOAK_RUNS=100 of each, from SOAK_SEED on'
	@echo 'make bench      what a scan costs, as ratios'
	@echo 'make catalogue  write what is generated anew: fixers/README.md, the schema, the demo in the README'
	@echo 'make tried-on   run on public repositories (clones them); write docs/tried-on.md, tried-branches.md, tried-checks.md'
	@echo 'make lock       resolve requirements.txt anew, with hashes'
	@echo 'make clean      remove the virtual environment and caches'

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Suture needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …'; exit 1; }
	@echo '» creating $(VENV) with $(PYTHON)'
	@$(PYTHON) -m venv --clear $(VENV) || \
		{ echo 'The venv module is missing: install it (Debian: python3-venv)'; exit 1; }
	@echo '» installing requirements.txt, each file checked against its hash'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(EMULATOR): $(READY) tests/emulator/package-lock.json tests/emulator/package.json
	@echo '» installing the emulated GitHub of the tests: npm, each file checked against its hash'
	@PYTHONPATH=tests $(BIN)/python -m emulator.packages
	@touch $@

demo: $(READY)
	@$(BIN)/suture demo

test: lint types unit

lint: $(READY)
	@echo '» ruff: lint and format'
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)
	@echo '» mypy --strict'
	@$(BIN)/mypy

unit: $(READY) $(EMULATOR)
	@echo '» pytest'
	@$(BIN)/python -m pytest -q -n auto

soak: $(READY) $(EMULATOR)
	@echo '» pytest: SOAK_RUNS=$(SOAK_RUNS) SOAK_SEED=$(SOAK_SEED)'
	@SOAK_RUNS=$(SOAK_RUNS) SOAK_SEED=$(SOAK_SEED) $(BIN)/python -m pytest -q -n auto tests/soak

catalogue: $(READY)
	@$(BIN)/python docs/generate.py

bench: $(READY)
	@$(BIN)/python docs/bench.py

tried-on: $(READY)
	@$(BIN)/python docs/tried_on.py
	@$(BIN)/python docs/tried_branches.py
	@$(BIN)/python docs/tried_checks.py

lock: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
		--group dev --no-emit-index-url --no-header pyproject.toml --output-file requirements.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
