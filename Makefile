# Everything a user of the checkout types. `make` alone lists it.
#
# Set-up installs the checkout into .venv/ as a user would have it (a wheel, not a link), again whenever
# a source file changed (10 s). So demo, bench and the tests run what would be shipped.
BIN := .venv/bin
# A test file stays in one process: what it makes once is made once.
SIDE_BY_SIDE := --numprocesses auto --dist loadfile
EARLIER := $(addprefix sample_submissions/,2025Q1 2025Q2 2025Q3 2026Q1 2026Q2)

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast soak bench lint clean

help:            ## this list
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/\t/' | expand -t 12

setup:           ## make .venv/ with the program in it
	@scripts/setup.sh runtime

# Exit code 1 says that a submission was blocked or refused: some of the samples are, on purpose.
demo: setup      ## evaluate the sample submissions: PDF and JSON in reports/
	$(BIN)/supervise evaluate $(EARLIER) -o reports/history/quarters --no-pdf
	$(BIN)/supervise evaluate sample_submissions/2025Q4 -o reports/history/2025Q4 --history reports/history --judgements sample_submissions/2025Q4/judgements.yaml || [ $$? -eq 1 ]
	$(BIN)/supervise evaluate sample_submissions/2026Q3 -o reports/2026Q3 --history reports/history || [ $$? -eq 1 ]

test: test-setup lint   ## everything that a change must pass
	$(BIN)/pytest $(SIDE_BY_SIDE)

test-fast: test-setup   ## what needs no outside program: for use while working
	$(BIN)/pytest -m "not real and not soak" $(SIDE_BY_SIDE)

soak: test-setup ## random input for a long time
	$(BIN)/pytest -m soak -s --hypothesis-profile soak

bench: setup     ## the speeds promised, as ratios in one run
	$(BIN)/python benchmarks/run.py

lint: test-setup ## ruff, mypy, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:           ## remove .venv/ and all caches; reports stay
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: test-setup
test-setup:
	@scripts/setup.sh test
