# Every verb of this project; people, CI and hooks call the same ones.
# Needs only python3.11 (or later), pip, make and git. NO_UV=1 installs with plain pip.

PYTHON ?= python3
UV_VERSION := 0.13.8
BIN := .venv/bin
ROOMS := activities jurisdictions models office procedures register workflows starter.py verifier worker.py

.PHONY: help setup demo test quick long lint check format browser chaos bench scale samples letters screens docs lock clean

help: ## what can be asked of make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: .venv/.run ## install what the programme needs, locked by hash

demo: .venv/.run ## the main job from end to end, on a real Temporal server
	@$(BIN)/python starter.py demo

test: .venv/.dev browser ## all tests: files two at a time, beside them the stories and the replay of all that they ran
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore tests/stories --ignore tests/replay & files=$$!; \
		$(BIN)/python -m pytest tests/stories tests/replay; stories=$$?; wait $$files && exit $$stories

browser: ## the browser that tests of the public register need; without it they are skipped
	@command -v chromium >/dev/null || ! command -v apt-get >/dev/null || [ "$$(id -u)" != 0 ] || \
		{ echo "installing chromium" >&2; apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null || \
		echo "chromium could not be installed: tests in a browser are skipped" >&2

quick: .venv/.dev ## the tests that need no server
	@$(BIN)/python -m pytest tests/law tests/house tests/register tests/cli -m "not server"

long: .venv/.dev ## what takes longer: thirty years, twenty thousand payments, chance for ten minutes a kind of file; an hour and a half
	@$(BIN)/python -m pytest --long -m long --ignore tests/fuzz
	@UMN_TEST_YEARS=30 $(BIN)/python -m pytest tests/stories/test_thirty_years.py
	@UMN_TEST_EXAMPLES=20000 $(BIN)/python -m pytest tests/money/test_ledger.py
	@UMN_TEST_TAMPERINGS=1000 $(BIN)/python -m pytest tests/register/test_seals.py tests/register/test_heads.py
	@UMN_TEST_MINUTES=10 $(BIN)/python -m pytest --long -n 2 -rP tests/fuzz

chaos: .venv/.dev ## three hundred kills while lives are lived, or UMN_TEST_KILLS of them, in each of three offices, and what came of it; an hour and a half
	@$(BIN)/python -m pytest --long -m long -s tests/crash/test_campaign.py

lint: .venv/.dev ## format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

check: lint ## the same, with the rules of the house, such as the direction of imports
	@$(BIN)/python -m pytest -q tests/house

format: .venv/.dev ## put the code in the house style
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: .venv/.dev ## speed and memory, compared side by side
	@$(BIN)/python -m benchmarks

scale: .venv/.dev ## all that ten thousand programmes are judged by, and the chart of their growth; 45 minutes
	@$(BIN)/python -m benchmarks scale events dossiers letters thirty-years cold-start publication \
		--sizes 100,1000,10000,30000 --into benchmarks

samples: .venv/.run ## write the sample applications anew, always the same bytes
	@$(BIN)/python procedures/be_umn/samples/make.py

letters: .venv/.run ## a specimen of every letter in every language, in build/letters, with an index page
	@$(BIN)/python -m samples.letters build/letters

screens: .venv/.dev ## draw the screens of the desk again, in each language; read what changed
	@$(BIN)/python -m pytest -q -n0 tests/cli/test_screens.py --draw-screens

docs: .venv/.dev ## draw the life cycle again from what the stories walked
	@$(BIN)/python -m pytest -q tests/stories --draw-life-cycle docs/life-cycle.md

lock: .tools/bin/uv ## choose versions anew and lock them by hash
	@.tools/bin/uv pip compile -q -U --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	@.tools/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate -c requirements.lock --group dev pyproject.toml -o requirements-dev.lock

clean: ## take away what was installed; the data in var/ stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache

.tools/bin/uv:
	@echo "installing uv $(UV_VERSION) into .tools" >&2
	@$(PYTHON) -m pip install -q --disable-pip-version-check --root-user-action=ignore --target .tools uv==$(UV_VERSION)

ifdef NO_UV
.venv/bin/python:
	@$(PYTHON) -m venv .venv
install = $(BIN)/python -m pip install -q --disable-pip-version-check --root-user-action=ignore --require-hashes -r
else
.venv/bin/python: | .tools/bin/uv
	@.tools/bin/uv venv -q --python $(PYTHON) .venv
install = .tools/bin/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r
endif

.venv/.run: requirements.lock | .venv/bin/python
	@echo "installing the locked packages" >&2
	@$(install) requirements.lock
	@$(BIN)/python -m compileall -q $(ROOMS)
	@touch $@

.venv/.dev: requirements-dev.lock | .venv/.run
	@echo "installing the locked packages for development" >&2
	@$(install) requirements-dev.lock
	@touch $@
