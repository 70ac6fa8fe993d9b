# Every target works alone on a fresh clone that has only Python, pip, git and make.
PYTHON ?= python3
BIN := .venv/bin
# Where Python keeps nothing that it compiled, each of the suite's processes compiles all anew.
unexport PYTHONDONTWRITEBYTECODE
# More than there are cores: a test that waits for its emulator leaves its core to another.
WORKERS ?= 3

.PHONY: help demo test lint format bench generate site dist prices mutants fuzz clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo:  ## deploy, break and diagnose Ash against an embedded emulator: no AWS account needed
	@$(PYTHON) tools/bootstrap.py demo
	@$(BIN)/ash-ops demo

test:  ## run the tests
	@$(PYTHON) tools/bootstrap.py dev
	@$(BIN)/python -m pytest -n $(WORKERS)

lint:  ## ruff, mypy --strict, cfn-lint, the measures of the house
	@$(PYTHON) tools/bootstrap.py dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/cfn-lint ash_ops/templates/*.yaml
	@$(BIN)/python -m tools.house

format:  ## let ruff put the code in order
	@$(PYTHON) tools/bootstrap.py dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

generate:  ## write what is generated anew: templates, the synchronous client, pages in docs
	@$(PYTHON) tools/bootstrap.py dev
	@$(BIN)/python -m tools.generate

site:  ## build the documentation into site/, and check every link of it
	@$(PYTHON) tools/bootstrap.py dev
	@$(BIN)/python -m tools.site

dist:  ## build wheel and sdist into dist/, and try the wheel in a clean environment of each Python here
	@$(PYTHON) tools/bootstrap.py dev
	@$(BIN)/python -m tools.dist

prices:  ## read the bundled prices anew from AWS's price list (all of them with pricing:GetProducts)
	@$(PYTHON) tools/bootstrap.py dev
	@$(BIN)/python -m ash_ops.cost.prices.refresh

bench:  ## measure all, beside the peers that are installed (about 15 minutes)
	@$(PYTHON) tools/bootstrap.py dev
	@$(PYTHON) tools/bootstrap.py bench
	@$(BIN)/python -m tests.bench.all

mutants:  ## put small faults into the core and count which the tests notice (about 30 minutes)
	@$(PYTHON) tools/bootstrap.py dev
	@$(BIN)/python -m tools.mutants $(ROOMS)

fuzz:  ## the property tests with fresh examples, round after round (ROUNDS=10)
	@$(PYTHON) tools/bootstrap.py dev
	@for round in $$(seq $(or $(ROUNDS),10)); do \
		HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest -q -n 2 -m hypothesis --hypothesis-seed=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ') tests || exit 1; \
	done

clean:  ## remove what the other targets made
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .cache dist site
