# One command for each thing a newcomer wants. Each sets up what it needs, on a fresh Debian with
# python3 (3.11 or newer), git and make, and fails, saying why, where a part cannot be had.

PYTHON ?= python3
WORKERS ?= 2
SERVICE ?= reconnect
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check bench safeguards screenshots format lock clean chromium postgresql

help:
	@echo "make demo          a fictional organisation: the office and three devices on this machine"
	@echo "make demo FRESH=1  the same, with all its data made anew"
	@echo "make demo SERVICE=rct    another service: reconnect, durham, rct, building-bonds"
	@echo "make test          everything that is checked, browser stories included"
	@echo "make check         style, types and floors only"
	@echo "make bench         speed and size, each beside a bare floor measured in the same run"
	@echo "make safeguards    take each of the reminder desk's away, and see which tests notice"
	@echo "make screenshots   make test, and renew the pictures in docs/screenshots from it"
	@echo "make format        put the source into the project's layout"
	@echo "make lock          pin the newest versions that pyproject.toml allows"
	@echo "make clean         remove what these commands made, the demo's data excepted"

demo: $(READY)
	$(BIN)/python build/demo --service $(SERVICE) $(if $(FRESH),--fresh)

# Last, so that the run ends with pytest's own summary. The stories that open a browser share one
# worker (see tests/conftest.py) while the others go on beside them.
test: check chromium postgresql
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) postgresql
	$(BIN)/python tests/bench

safeguards: $(READY)
	$(BIN)/python tests/at_the_desk

screenshots: test
	for picture in docs/screenshots/*.png; do cp "dist/screenshots/$${picture##*/}" "$$picture"; done

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

chromium postgresql:
	build/prerequisites $@

# -qq: what keeps the parts from being had, and none of the warnings about where they were sought.
$(READY): pyproject.toml build/constraints.txt
	PYTHON=$(PYTHON) build/prerequisites python
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check \
		-c build/constraints.txt -e '.[web,office,dev]'
	touch $@

lock:
	PYTHON=$(PYTHON) build/prerequisites python
	PYTHON=$(PYTHON) build/lock

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
