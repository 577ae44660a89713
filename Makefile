# Best Practice Tour. `make demo` shows it, `make test` checks it; both start from a bare checkout.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 8000
export PORT

.PHONY: help demo test bench wheels lint lock messages clean tools

help:
	@echo "make demo    the whole site with demo content on 127.0.0.1:$${PORT:-8000}; Ctrl-C stops it"
	@echo "make test    every check and test"
	@echo "make bench   the benchmarks, one JSON object a line"
	@echo "make wheels  each chapter as a wheel for any Wagtail site, into dist/ (docs/plugins.md)"
	@echo "make messages  collect the texts to translate; make lock  renew the locked requirements"

# Debian keeps ensurepip in a package of its own: install it where we may, else say the one command.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q python3-venv; } \
	  || { echo "Run: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/base.stamp: requirements/base.txt | .venv/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/base.stamp
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: .venv/base.stamp
	@DJANGO_SETTINGS_MODULE=cms.settings.demo exec $(BIN)/python manage.py demo

# What the checks need of the system: gettext finds the texts, Chromium drives the journeys, and Playwright's own
# driver needs libatomic, which a bare Debian lacks.
SYSTEM := chromium gettext libatomic1
tools:
	@command -v xgettext >/dev/null && command -v chromium >/dev/null && /sbin/ldconfig -p | grep -q libatomic.so.1 \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(SYSTEM) >/dev/null; } \
	  || echo "Not all installed. Run: sudo apt-get install $(SYSTEM)"

lint: .venv/dev.stamp tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .
	git ls-files 'templates/*.html' | xargs $(BIN)/djade --check --target-version 5.2
	$(BIN)/mypy
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python manage.py compile_locale
	DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python manage.py check_locale
	DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python manage.py check --fail-level WARNING

# Each smaller installation boots, migrates from nothing and passes its own part; then all four, with the journeys.
test: lint
	TOUR_PLUGINS=cms $(BIN)/python -m pytest --create-db --numprocesses 2 tests/cms
	TOUR_PLUGINS=cms,cases $(BIN)/python -m pytest --create-db --numprocesses 2 tests/cms tests/cases
	TOUR_PLUGINS=cms,cases,events $(BIN)/python -m pytest --create-db --numprocesses 2 --dist loadgroup tests/cms tests/cases tests/events
	$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup
	@command -v chromium >/dev/null || echo "NOT RUN: the browser journeys (no Chromium). Run: sudo apt-get install chromium"

bench: .venv/dev.stamp
	@DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python -m tests.bench

wheels: .venv/dev.stamp
	@$(BIN)/python -m wheels

messages: .venv/dev.stamp tools
	DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python manage.py check_locale --write

# The locks carry hashes and no registry's address.
LOCK := $(BIN)/pip-compile -q --generate-hashes --strip-extras --allow-unsafe --no-annotate --no-header \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock: .venv/dev.stamp
	$(LOCK) -o requirements/base.txt requirements/base.in
	$(LOCK) -o requirements/dev.txt requirements/dev.in

clean:
	rm -rf .venv var dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis
