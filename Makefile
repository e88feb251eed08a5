# make help tells what there is. Needs Python 3.11 or newer; tests against a real Kafka also need Java 17 and Maven.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check -c requirements/constraints.txt
# Files of tests are shared among the cores, in the order in which they stand: those that wait for real servers come first.
SHARED := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
SCRIPTS := $(sort $(patsubst %/,%,$(dir $(wildcard tests/*.py tools/*.py benchmarks/*.py))))

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench bench-detect kafka kafka-stop clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.dev ## .venv with the program, .venv/bin/tongsheng, and all that tests and checks need

demo: $(VENV)/.runtime ## the whole pipeline on this machine, on a simulated day; no Kafka, no Docker
	@$(BIN)/tongsheng demo

test: $(VENV)/.dev ## all tests; says at the end what was skipped and why. ARGS="-k burst" chooses
	@$(BIN)/pytest -ra $(SHARED) $(ARGS)

check: $(VENV)/.dev ## ruff, its formatter, mypy (strict, tests too), import-linter
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/mypy --explicit-package-bases $(SCRIPTS)
	@$(BIN)/lint-imports

bench: $(VENV)/.dev ## speed and quality, measured on this machine
	@$(BIN)/python -m benchmarks $(ARGS)

bench-detect: $(VENV)/.dev ## our score against its peers at equal false alerts, half an hour; ARGS="--talk 1", minutes
	@$(BIN)/python -m benchmarks.detection $(ARGS)

kafka: $(BIN)/python ## start a one-node Kafka at 127.0.0.1:9092, through Maven
	@$(BIN)/python -m tools.kafka start

kafka-stop: $(BIN)/python ## stop it; its data stays in .state/kafka
	@$(BIN)/python -m tools.kafka stop

clean: ## remove what builds and checks left; .venv, .state and the fetched Kafka stay
	@rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "make: $(PYTHON) is missing: install Python 3.11 or newer, or say make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: $$($(PYTHON) --version) is too old: 3.11 or newer is needed; say make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "make: $(PYTHON) cannot make a .venv: install its venv module (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# A .venv that another tool made may be without pip.
$(VENV)/.runtime: pyproject.toml requirements/constraints.txt | $(BIN)/python
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@echo "installing the program into $(VENV) ..."
	@$(PIP) -e .
	@touch $@

$(VENV)/.dev: pyproject.toml requirements/constraints.txt | $(BIN)/python
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@echo "installing the program and its development tools into $(VENV) ..."
	@$(PIP) -e ".[dev]"
	@touch $(VENV)/.runtime $@
