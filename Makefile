# Two commands on a fresh machine: `make demo` and `make test`. Needs Python 3.11+, make and git, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
PYTEST := $(BIN)/pytest -n $(JOBS) --dist worksteal
unexport PYTHONDONTWRITEBYTECODE  # each program that a test starts would be compiled anew

.PHONY: demo test check coverage unmeasured e2e bench mutation format lint contracts types docs docs-current lock clean

demo: $(VENV)/run.stamp  ## set up, then open the desk on the sample review
	$(BIN)/clearance demo

test: $(VENV)/dev.stamp  ## set up, then run every test that needs nothing but this checkout
	$(PYTEST) -m "not e2e"

check: $(VENV)/dev.stamp lint contracts types docs-current coverage unmeasured  ## what has to be green before a merge

coverage: $(VENV)/dev.stamp  ## the tests without a desk, and the share of the analysis that they run: see [tool.coverage.report]
	$(PYTEST) -m "measured and not e2e" --cov --cov-report=term tests/analysis tests/tui/cli tests/hostile

unmeasured: $(VENV)/dev.stamp  ## the other tests
	$(PYTEST) -m "not measured and not e2e"

e2e: $(VENV)/dev.stamp  ## the tests on real documents, labels and terminals, and the laws on many more examples; what has no counterpart skips, and says so
	$(PYTEST) -m "e2e or hypothesis" --hypothesis-profile=thorough

bench: $(VENV)/dev.stamp  ## measure what users pay, on a quiet machine, and write BENCHMARKS.md; OPTIONS='--only documents' measures less
	$(BIN)/python -m tests.benchmarks.report $(OPTIONS)

mutation: $(VENV)/dev.stamp  ## do the tests see small changes of the code? See [tool.mutmut]; NAMES='analysis.score*' is faster
	$(BIN)/mutmut run --max-children $(JOBS) $(NAMES)
	$(BIN)/python -m tests.benchmarks.mutants

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

contracts: $(VENV)/dev.stamp
	$(BIN)/lint-imports

types: $(VENV)/dev.stamp
	$(BIN)/mypy

docs-current: $(VENV)/dev.stamp  ## check that the generated documents are current
	$(BIN)/python -m tests.docs --check

docs: $(VENV)/dev.stamp  ## write REFERENCE.md and the generated parts of README.md
	$(BIN)/python -m tests.docs

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:  ## pin the dependencies anew; needs uv
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -q -o requirements.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -q -o requirements-dev.txt

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage mutants clearance-demo

$(VENV)/run.stamp: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Clearance needs Python 3.11 or newer: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@
