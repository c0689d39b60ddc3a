# The front door. `make demo` and `make test` need Python >= 3.11 and make, nothing else installed.
PYTHON ?= python3
BIN := .venv/bin
export MEDPARSER_DATA ?= $(CURDIR)/.data
PACKAGES := fhir_server nlp kernels terminology capability

.PHONY: setup kernels index demo serve test check fmt format lint type imports spell bench bench-medspacy docs lock clean

setup: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("medparser needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

kernels: setup
	$(BIN)/python -m kernels.build

index: kernels
	$(BIN)/medparser index build

demo: index
	$(BIN)/python examples/demo.py

serve: index
	$(BIN)/medparser serve

test: index
	$(BIN)/pytest

check: format lint type imports spell test

fmt: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

format: setup
	$(BIN)/ruff format --check .

lint: setup
	$(BIN)/ruff check .

type: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports

spell: setup
	$(BIN)/codespell

bench: index .venv/.bench
	for script in benchmarks/bench_*.py; do $(BIN)/python $$script || exit 1; done

.venv/.bench: benchmarks/requirements.lock .venv/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	touch $@

# medSpaCy has an environment of its own: its spaCy wants older packages than ours.
bench-medspacy: index benchmarks/medspacy/.venv/.installed
	$(BIN)/python benchmarks/extract.py

benchmarks/medspacy/.venv/.installed: benchmarks/medspacy/requirements.lock
	$(PYTHON) -m venv benchmarks/medspacy/.venv
	benchmarks/medspacy/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/medspacy/requirements.lock
	touch $@

docs: index
	$(BIN)/medparser docs

LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet

lock: # needs uv on the path; the locks name no host
	$(LOCK) pyproject.toml --extra dev --extra mlx --extra kernels -o requirements.lock
	$(LOCK) benchmarks/requirements.in -c requirements.lock -o benchmarks/requirements.lock
	$(LOCK) benchmarks/medspacy/requirements.in -o benchmarks/medspacy/requirements.lock

clean:
	rm -rf .venv .data kernels/_lib .pytest_cache .mypy_cache .ruff_cache .hypothesis
