.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test test-faults test-browser test-servers lint fmt bench contracts lock

# The candidates are run, not looked up: a pyenv shim exists and fails.
PYTHON := $(shell for each in python3.13 python3.12 python3.11 python3 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$each && break; done)
BIN := .venv/bin
T ?=
# Most tests wait most of the time. Those that break connections come in a run of their own: the threads which these
# leave behind draw from the randomness that hypothesis watches over.
SIDE_BY_SIDE := $(BIN)/python -m pytest --quiet -n auto --maxprocesses 4 --dist loadscope

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv with what running needs (the other targets do it by themselves)
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (on Debian: apt-get install python3 python3-venv)" >&2; exit 2; }
	@$(PYTHON) deploy/setup.py run

setup-test:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (on Debian: apt-get install python3 python3-venv)" >&2; exit 2; }
	@$(PYTHON) deploy/setup.py test

run: setup ## Start everything on this machine; Ctrl-C stops it
	@exec $(BIN)/chengxin up

test: setup-test ## Run the tests on a real Kafka and a real store (T=path for some of them)
	@$(if $(T),$(BIN)/python -m pytest $(T),$(SIDE_BY_SIDE) tests/unit tests/property tests/contract)
	@$(if $(T),,$(SIDE_BY_SIDE) tests/integration)

test-faults: setup-test ## Kill workers, store and brokers in every way, and compare every score (T=path for some)
	@$(BIN)/python -m pytest $(or $(T),tests/faults)

test-browser: setup-test ## Try the pages in Debian's Chromium
	@command -v chromium >/dev/null || deploy/install-chromium
	@$(BIN)/python -m pytest tests/browser

test-servers: setup-test ## Run the tests of store and log on Debian's Redis, a cluster of six and three brokers
	@command -v redis-server >/dev/null || deploy/install-redis
	@$(BIN)/python -m tests.servers

lint: setup-test ## Check style, types and the house rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: setup-test ## Put the code into form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-test ## Measure the scoring worker beside its ceilings and a peer (EVENTS=600000 for a larger city)
	@$(PYTHON) deploy/setup.py peer
	@$(BIN)/python -m tests.benchmarks.bench $(if $(EVENTS),--events $(EVENTS))

contracts: setup-test ## Write the generated contracts (JSON Schemas, OpenAPI) again
	$(BIN)/python -m shared.events.contracts
	$(BIN)/python -m services.cli.openapi

lock: setup-test ## Resolve the dependencies again (needs uv in .venv)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --upgrade --quiet \
		pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --upgrade --quiet \
		--group test pyproject.toml -c requirements.lock -o requirements-test.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --upgrade --quiet \
		tests/benchmarks/peer.in -o tests/benchmarks/peer.lock
