# Loopdeck. `make help` lists what can be made; only Python >= 3.11, make and git are needed.
SHELL := /bin/sh
BIN := .venv/bin
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
	--group build pyproject.toml

# The goal reaches the program letter by letter: make expands no `$` in it, the shell sees a variable.
override GOAL := $(value GOAL)
export GOAL

.DEFAULT_GOAL := help
.PHONY: help run test integration chaos bench lock docs recordings screens clean

help:
	@echo "make run               watch the scripted agent at work (no key, no network)"
	@echo "make run GOAL='...'    start a real agent on your goal"
	@echo "make test              every check: format, lint, types, imports, tests"
	@echo "make integration       real MCP servers, the conformance suite, a small model (installs them, needs npm)"
	@echo "make chaos             kills, power cuts and a long run, and what they broke: nothing"
	@echo "make bench             speed and memory, each figure beside its floor"
	@echo "make docs              write docs/events.md from the code"
	@echo "make recordings        record the demos of sessions/ again"
	@echo "make screens           draw the pictures of the README from the demo"
	@echo "make lock              pin the dependencies again (needs uv)"
	@echo "make clean             remove everything that can be made again"

run: .venv/.ready
	@if [ -n "$$GOAL" ]; then $(BIN)/loopdeck run -- "$$GOAL"; else $(BIN)/loopdeck demo; fi; \
	code=$$?; case $$code in 3|4|5) ;; *) exit $$code;; esac

# First what needs no run: the types take longest, so all else that is quick goes on beside them.
# Tests start the program often: without its byte code each start would read every source again. In
# a new checkout one look at all of them writes it, where every worker would have translated all.
# Tests wait more than they work, so there are more workers than cores; the long files come first.
test: .venv/.ready-dev
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@mkdir -p .cache; $(BIN)/basedpyright >.cache/types.txt 2>&1 & types=$$!; \
	trap 'kill $$types' INT TERM; \
	$(BIN)/lint-imports --no-logo && { [ -e tests/__pycache__ ] || \
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --collect-only -qq >/dev/null; }; others=$$?; \
	wait $$types || { cat .cache/types.txt; exit 1; }; \
	exit $$others
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

# Servers that others wrote: from the registries, into .cache/, once.
integration: .venv/.ready-dev
	@$(BIN)/python -m tests.integration.installing
	@$(BIN)/pytest -p no:xdist tests/integration

chaos: .venv/.ready-dev
	@$(BIN)/python -m tests.chaos

bench: .venv/.ready-dev
	@$(BIN)/python -m bench

docs: .venv/.ready-dev
	@$(BIN)/python scripts/make_events_doc.py

recordings: .venv/.ready-dev
	@$(BIN)/python scripts/record_demos.py

screens: .venv/.ready-dev
	@$(BIN)/python scripts/make_screens.py

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv; nothing else does."; exit 1; }
	@$(LOCK) --output-file requirements.lock
	@$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	@rm -rf .venv .cache dist build .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: requirements.lock pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh requirements.lock
	@touch $@

.venv/.ready-dev: requirements-dev.lock pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh requirements-dev.lock
	@touch .venv/.ready $@
