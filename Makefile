# make help lists what there is.
PORT ?= 8000
WORKERS ?= 2
VENV := .venv
PY := $(VENV)/bin/python
# The first of these that is Python 3.11 or newer.
CANDIDATES := python3 python3.13 python3.12 python3.11
FIND_PYTHON = for p in $(CANDIDATES); do \
	  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  && { echo $$p; break; }; done
PYTHON ?= $(shell $(FIND_PYTHON))

# An interrupted first start can leave an environment without pip.
INSTALL = { $(PY) -m pip --version || $(PY) -m ensurepip; } >/dev/null 2>&1; \
  $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r

.DEFAULT_GOAL := help
.PHONY: help run install test test-full bench check lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) \
	  | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(VENV)/.installed ## start the portal with demo data (PORT=8000)
	@DEMO=1 PORT=$(PORT) exec $(PY) -m psdelivery.run

install: $(VENV)/.installed-dev ## make the environment for development

test: $(VENV)/.installed-dev ## quick tier: parallel, a few minutes (ARGS=…)
	@WORKERS=$(WORKERS) $(PY) -m tests.tiers $(ARGS)

test-full: $(VENV)/.installed-dev ## everything, on both databases (ARGS=…)
	@WORKERS=$(WORKERS) $(PY) -m tests.tiers --full $(ARGS)

bench: $(VENV)/.installed-dev ## measure pages and jobs (ARGS=…)
	@$(PY) manage.py bench $(ARGS)

check: $(VENV)/.installed-dev ## lint, format, templates, types, migrations
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/djlint --quiet --lint templates
	$(VENV)/bin/mypy
	DJANGO_SETTINGS_MODULE=psdelivery.settings.test $(PY) manage.py makemigrations --check --dry-run

lock: ## pin the requirements again from pyproject.toml (needs uv)
	uv pip compile pyproject.toml $(LOCK) -o requirements.txt
	uv pip compile pyproject.toml --group dev -c requirements.txt $(LOCK) -o requirements-dev.txt

LOCK := --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

clean: ## remove the environment (the data in var/ stays)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

$(PY):
	@test -n "$(PYTHON)" || { \
	  echo "PS Delivery needs Python 3.11 or newer; here python3 is:" \
	    "$$(python3 --version 2>&1). Install one, or name it: make run PYTHON=/path/to/python3.12" >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "PS Delivery needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
	  exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv" >&2; \
	  exit 1; }

# requirements-dev.txt holds requirements.txt too, so it serves both stamps.
$(VENV)/.installed: requirements.txt | $(PY)
	@echo "Installing the packages of $< (once)…"
	@$(INSTALL) $<
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(PY)
	@echo "Installing the packages of $< (once)…"
	@$(INSTALL) $<
	@touch $@ $(VENV)/.installed
