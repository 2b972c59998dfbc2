PYTHON ?= python3
BIN := .venv/bin
PINS := constraints
UV ?= uv
COMPOSE := examples/deploy/compose

.PHONY: setup run serve check test test-slow bench image pins

setup: .venv/.stamp

.venv/.stamp: pyproject.toml $(PINS)/run.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "rackrate needs Python 3.11 or later; name one with 'make setup PYTHON=python3.12'" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(PINS)/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/.dev-stamp: .venv/.stamp $(PINS)/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(PINS)/dev.txt
	touch $@

run: setup
	$(BIN)/rackrate quote nvl72-neocloud
	$(BIN)/rackrate depreciate nvl72-neocloud
	$(BIN)/rackrate sweep stargate-rack-grid

serve: setup
	$(BIN)/rackrate serve

check: .venv/.dev-stamp
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check .
	$(BIN)/mypy
	@if command -v hadolint >/dev/null; then hadolint Dockerfile; else echo "NOT CHECKED: Dockerfile: hadolint is not installed" >&2; fi
	@if docker compose version >/dev/null 2>&1; then for more in '' .gpu .cluster; do docker compose -f $(COMPOSE).yaml $${more:+-f $(COMPOSE)$$more.yaml} config --quiet || exit 1; done; else echo "NOT CHECKED: $(COMPOSE)*.yaml by Docker Compose: it is not installed" >&2; fi
	@echo "NOT CHECKED: the image: 'make image' builds and tries it" >&2

# What measures time or memory, or ends processes, runs after the others and alone.
test: .venv/.dev-stamp
	$(BIN)/pytest -n 2 -m 'not slow and not alone'
	$(BIN)/pytest tests/service -m 'not slow and alone'

# What is slow, and all examples of the laws of which `make test` tries few.
test-slow: .venv/.dev-stamp
	$(BIN)/pytest -n 2 -m '(slow or hypothesis) and not alone' --hypothesis-profile=full
	$(BIN)/pytest tests/service -m 'slow and alone'

# All of it takes about 20 minutes and 20 GiB, and is written into docs/performance.md; `make bench ONLY=reductions` prints one question, and
# `make bench CELLS=1e6` tries smaller grids.
bench: .venv/.bench-stamp
	mkdir -p .benchmarks
	$(BIN)/pytest tests/benchmarks -k '$(ONLY)' -W default --benchmark-only --benchmark-quiet --benchmark-json=.benchmarks/latest.json
	$(BIN)/python tests/benchmarks/report.py .benchmarks/latest.json $(if $(ONLY)$(CELLS),,docs/performance.md)

.venv/.bench-stamp: .venv/.dev-stamp $(PINS)/bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(PINS)/bench.txt
	touch $@

# Both targets, built and tried, by Docker or podman, or as root by buildah and debootstrap; dist/ then has the bill of each (SBOM).
image: .venv/.dev-stamp
	$(BIN)/python tests/image

# Renews the pins, or with RENEW= keeps every version that still fits. Needs uv; the runtime pins come first, the others agree with them.
RENEW = --upgrade
COMPILE = $(UV) pip compile --quiet $(RENEW) --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

pins:
	$(COMPILE) pyproject.toml --extra cluster --extra excel --extra objects --extra uncertainty -o $(PINS)/runtime.txt
	$(COMPILE) --group build -c $(PINS)/runtime.txt -o $(PINS)/build.txt
	$(COMPILE) pyproject.toml --extra cluster --extra excel --extra objects --extra uncertainty --extra cuda -c $(PINS)/runtime.txt -o $(PINS)/cuda.txt
	$(COMPILE) pyproject.toml --extra cluster --extra excel --extra objects --extra uncertainty --extra cuda13 -c $(PINS)/runtime.txt -o $(PINS)/cuda13.txt
	$(COMPILE) pyproject.toml --extra cluster --extra excel --extra objects --extra uncertainty --extra jit -c $(PINS)/runtime.txt -o $(PINS)/jit.txt
	$(COMPILE) pyproject.toml --extra excel --extra jit --extra uncertainty --group build -c $(PINS)/jit.txt -c $(PINS)/build.txt -o $(PINS)/run.txt
	$(COMPILE) pyproject.toml --extra cluster --extra excel --extra objects --extra uncertainty --extra client --extra agents --extra tracing --group dev -c $(PINS)/jit.txt -c $(PINS)/build.txt -o $(PINS)/dev.txt
	$(COMPILE) --group bench -c $(PINS)/dev.txt -o $(PINS)/bench.txt
