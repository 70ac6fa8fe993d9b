# Every target works alone on a fresh clone that has only Python, pip, git and make.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2

.PHONY: help demo test lint format bench docs prices clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo:  ## deploy, break and diagnose Ash against an embedded emulator: no AWS account needed
	@$(PYTHON) .ci/bootstrap.py demo
	@$(BIN)/ash-ops demo

test:  ## run the tests
	@$(PYTHON) .ci/bootstrap.py dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope

lint:  ## ruff, mypy --strict, cfn-lint
	@$(PYTHON) .ci/bootstrap.py dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/cfn-lint ash_ops/templates/*.yaml

format:  ## let ruff put the code in order
	@$(PYTHON) .ci/bootstrap.py dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

prices:  ## read the bundled prices anew from AWS's price list (needs pricing:GetProducts)
	@$(PYTHON) .ci/bootstrap.py dev
	@$(BIN)/python -m ash_ops.cost.refresh

bench:  ## measure the logs beside aws and awslogs, where they are installed (8 minutes)
	@$(PYTHON) .ci/bootstrap.py dev
	@$(BIN)/python -m tests.bench.logs_dump
	@$(BIN)/python -m tests.bench.logs_follow

clean:  ## remove what the other targets made
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache dist
