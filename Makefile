# The short words of this house. `make run` is all a newcomer needs.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
RUN_READY := $(VENV)/.ready-run
DEV_READY := $(VENV)/.ready-dev
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11

.PHONY: help setup run test coverage lint bench lock messages

help:
	@echo "make setup      everything for developing, into $(VENV)"
	@echo "make run        a living city at http://127.0.0.1:$(PORT) (PORT=9000 for another port)"
	@echo "make test       all tests"
	@echo "make coverage   all tests, and docs/coverage.md written if none failed or was skipped"
	@echo "make lint       style, types, and the order of the rooms"
	@echo "make bench      measured figures beside their floors (NAME=engine for one)"
	@echo "make lock       lock the requirements again, with hashes"
	@echo "make messages   gather new words into the translation files"

setup: $(DEV_READY)

# Whoever has everything for developing also has what running needs.
run: $(if $(wildcard $(DEV_READY)),$(DEV_READY),$(RUN_READY))
	@exec $(BIN)/denizen up --port $(PORT)

test: $(DEV_READY)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

coverage: $(DEV_READY)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --coverage-page

lint: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy denizen
	$(BIN)/lint-imports

bench: $(DEV_READY)
	$(BIN)/python -m bench $(NAME)

lock: $(DEV_READY)
	$(LOCK) requirements/run.in -o requirements/run.txt
	$(LOCK) requirements/dev.in -c requirements/run.txt -o requirements/dev.txt

messages: $(DEV_READY)
	$(BIN)/python -m denizen.shell.catalogues

# Half an environment would be taken for a whole one the next time.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Denizen needs Python 3.11 or newer; name one: make run PYTHON=/usr/bin/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "No virtual environment can be made; on Debian install python3-venv."; exit 1; }

$(RUN_READY): requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the city needs …"
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_READY): requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing what developing needs …"
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
