# Everything starts from here: `make run`, `make test`. A machine needs make and Python 3.11 or newer.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The machine's own Python, never a downloaded one. Another one: make PYTHON=/usr/bin/python3.13 ...
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
# Processes for the tests.
TEST_WORKERS ?= 2

BIN := .venv/bin
UV := .tools/uv
MEMBERS := shared shared/embedded shared/testing $(sort $(patsubst %/pyproject.toml,%,$(wildcard services/*/pyproject.toml))) deploy/standalone
SOURCES := $(addsuffix /src,$(MEMBERS))
TESTS := $(sort $(wildcard $(addsuffix /tests,$(MEMBERS)) tests/integration tests/faults tests/performance))
PYTHON_FILES := shared services deploy tests conftest.py
PROJECTS := pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS))

empty :=
space := $(empty) $(empty)
SOURCE_PATH := $(subst $(space),:,$(SOURCES))

export UV_PYTHON_DOWNLOADS := never
export UV_HTTP_TIMEOUT ?= 180
export UV_NO_PROGRESS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport VIRTUAL_ENV

.PHONY: help run init demo run-kafka test faults check documents migration bench lock format clean install

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name text; do \
		printf '  make %-10s %s\n' "$$name" "$$text"; done

run: .venv/.stamp ## standalone: five services in one process, embedded PostgreSQL; demo data in data/, or what init made there
	@exec $(BIN)/fangxing run

init: .venv/.stamp ## real data in data/, with a first administrator whose password is printed once
	@exec $(BIN)/fangxing init

demo: .venv/.stamp ## the main flow played over HTTP against a standalone of its own
	@exec $(BIN)/fangxing demo

run-kafka: .venv/.stamp ## ten processes on a real Kafka: an API and a worker per service
	@exec $(BIN)/fangxing run-kafka

test: check ## everything: check, then all tests
	@# A root of its own: another pytest would close the shared one to the user PostgreSQL runs as.
	@root=$$(mktemp -d); trap 'rm -rf "$$root"' EXIT; \
		PYTEST_DEBUG_TEMPROOT="$$root" $(BIN)/pytest -n $(TEST_WORKERS) --dist worksteal

faults: .venv/.stamp ## the long forms of the fault tests: frozen workers, full disks, dead servers
	@root=$$(mktemp -d); trap 'rm -rf "$$root"' EXIT; \
		PYTEST_DEBUG_TEMPROOT="$$root" $(BIN)/pytest tests/faults --timeout 900

# The tests of each service are a world of their own (two may have a test_release.py), so mypy sees them one by one.
check: .venv/.stamp ## ruff, mypy --strict and the import rules
	@$(BIN)/ruff check --quiet $(PYTHON_FILES)
	@$(BIN)/ruff format --check --quiet $(PYTHON_FILES) || { echo 'not formatted, run: make format' >&2; \
		$(BIN)/ruff format --check $(PYTHON_FILES); exit 1; }
	@MYPYPATH=$(SOURCE_PATH) $(BIN)/mypy --no-error-summary $(SOURCES) conftest.py
	@for tests in $(TESTS); do \
		if [ -n "$$(find "$$tests" -name '*.py' -print -quit)" ]; then \
			MYPYPATH="$(SOURCE_PATH):$$tests:tests/integration" $(BIN)/mypy --no-error-summary "$$tests"; \
		fi; \
	done
	@$(BIN)/lint-imports --no-logo >.venv/lint-imports.log 2>&1 || { cat .venv/lint-imports.log >&2; exit 1; }
	@echo 'check: ruff, mypy and import rules are fine'

documents: .venv/.stamp ## contracts, OpenAPI, clauses, states and hidden fields, made from the code
	@exec $(BIN)/python -m standalone.generated

# FIRST=1 writes the first one anew instead, as long as there is no second.
migration: .venv/.stamp ## the next one of a service: SERVICE=shipping-svc (or machinery) NAME=add-carriers
	@exec $(BIN)/python -m standalone.migration "$(SERVICE)" "$(NAME)" $(if $(FIRST),--first)

bench: .venv/.stamp ## throughput and latency as ratios to the bare thing
	@exec $(BIN)/python tests/performance/bench.py

format: .venv/.stamp ## put imports and layout in order
	@$(BIN)/ruff check --quiet --select I --fix $(PYTHON_FILES)
	@$(BIN)/ruff format --quiet $(PYTHON_FILES)

# uv.lock holds the addresses of the registry it was made with, so the lock we keep is the exported one.
lock: $(UV) ## choose newer versions within pyproject.toml and write requirements.lock
	@$(UV) lock --quiet --upgrade --python "$(PYTHON)"
	@$(UV) export --quiet --frozen --python "$(PYTHON)" --format requirements-txt --no-emit-workspace \
		--all-packages --all-groups --all-extras --no-header --no-annotate -o requirements.lock
	@echo 'wrote requirements.lock'

clean: ## remove what was installed and all caches; data/ stays
	@rm -rf .venv .tools .kafka .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find $(MEMBERS) tests -name __pycache__ -type d -prune -exec rm -rf {} +

install: .venv/.stamp ## only install

# A bad network gets four attempts at everything.
define retry
retry() { for pause in 2 5 10 0; do "$$@" && return 0; \
	if [ "$$pause" != 0 ]; then echo "again in $$pause s: $$1 $${2:-} $${3:-}" >&2; sleep "$$pause"; fi; done; return 1; }
endef

# pip may know of a mirror; uv reads other settings, so it is told.
define mirror
if [ -z "$${UV_DEFAULT_INDEX:-}$${UV_INDEX_URL:-}" ]; then \
	index="$${PIP_INDEX_URL:-$$("$(PYTHON)" -m pip config get global.index-url 2>/dev/null || true)}"; \
	if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; fi
endef

.venv/.stamp: requirements.lock $(PROJECTS) | $(UV)
	@echo 'installing what requirements.lock lists into .venv (a few minutes the first time)'
	@if ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
		$(UV) venv --quiet --clear --python "$(PYTHON)" .venv; fi
	@$(retry); $(mirror); \
	retry $(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock; \
	retry $(UV) pip install --quiet --python $(BIN)/python --no-deps $(addprefix -e ./,$(MEMBERS))
	@touch $@

# uv: the one on the PATH, or one of our own, by venv, or by pip alone where Debian's python3-venv is missing.
$(UV):
	@if [ -z "$(PYTHON)" ]; then \
		echo 'Python 3.11 or newer is needed; none was found. Install one, or say make PYTHON=/path/to/python3' >&2; \
		exit 1; fi
	@mkdir -p .tools; $(retry); \
	if found="$$(command -v uv)"; then \
		ln -sf "$$found" $@; \
	elif echo 'installing uv into .tools'; "$(PYTHON)" -m venv --clear .tools/venv >.tools/log 2>&1; then \
		retry .tools/venv/bin/python -m pip install --quiet --timeout 60 uv; \
		ln -sf venv/bin/uv $@; \
	elif "$(PYTHON)" -m pip --version >>.tools/log 2>&1; then \
		retry "$(PYTHON)" -m pip install --quiet --timeout 60 --upgrade --target .tools/lib uv; \
		ln -sf lib/bin/uv $@; \
	else \
		cat .tools/log >&2; \
		echo 'This Python has neither venv nor pip: install python3-venv, or uv, and try again.' >&2; \
		exit 1; \
	fi
	@$@ --version >/dev/null
