# metricx. `make` alone lists what there is. Needs GNU make and Python 3.11 to 3.14, nothing else:
# all else comes from package registries, by lock files, into .metricx/ and node_modules/.

.DEFAULT_GOAL := help
.PHONY: help demo test check chaos bench docs lock clean
MAKEFLAGS += --no-print-directory

FITS := 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))'
FOUND := $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,\
	$(shell $(name) -c $(FITS) 2>/dev/null && echo $(name))))
PYTHON ?= $(FOUND)
VENV := .metricx/venv/bin/python
LOCKED := --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml

help: ## list what there is
	@echo "metricx: make TARGET"
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r name what; do \
		printf '  %-8s %s\n' "$$name" "$$what"; done

demo: .python ## a live dashboard over a simulated shop; Ctrl-C stops it, PORT= chooses its port
	@$(PYTHON) scripts/prepare.py runtime ui
	@exec $(VENV) -m runtime demo

test: .python ## everything that must hold: lint, types, layers, unit to browser tests
	@$(PYTHON) scripts/prepare.py dev tooling ui
	@exec $(VENV) scripts/check.py all

check: .python ## the part of test that needs no server
	@$(PYTHON) scripts/prepare.py dev tooling ui
	@exec $(VENV) scripts/check.py serverless

chaos: .python ## kills, pauses and outages under load; takes about an hour
	@$(PYTHON) scripts/prepare.py dev
	@exec $(VENV) -m tests.servers.orphans -m pytest -m chaos tests

bench: .python ## measure speed against the bars and the rivals; writes bench/results/ and a page
	@$(PYTHON) scripts/prepare.py dev
	@exec $(VENV) -m bench

docs: .python ## write the pages that come from code: configuration, .env.example, permissions, OpenAPI
	@$(PYTHON) scripts/prepare.py runtime
	@$(VENV) -m runtime docs
	@$(VENV) -m runtime.openapi

lock: .python ## write requirements/*.lock anew from pyproject.toml; needs uv
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	UV_PYTHON_DOWNLOADS=never uv pip compile -q $(LOCKED) --extra embedded -o requirements/runtime.lock
	UV_PYTHON_DOWNLOADS=never uv pip compile -q $(LOCKED) --extra embedded --extra dev -o requirements/dev.lock

clean: ## remove what builds and tests left; a demo's data and the downloads stay
	rm -rf .metricx-test .pytest_cache .ruff_cache .hypothesis .import_linter_cache ui/dist

.PHONY: .python
.python:
	@test -n "$(PYTHON)" || { \
		echo "metricx needs Python 3.11 to 3.14, and none is on PATH: $$(python3 --version 2>&1)." >&2; \
		echo "Install one (python.org, your system's packages, pyenv or uv), or name one: make PYTHON=/path/to/python3 …" >&2; \
		exit 1; }
	@$(PYTHON) -c $(FITS) 2>/dev/null || { \
		echo "metricx needs Python 3.11 to 3.14; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name another: make PYTHON=/path/to/python3 …" >&2; \
		exit 1; }
