# `make` or `make help` lists what can be done. Everything is installed on first use and only then.

PYTHON ?=
ARGS ?=
BIN := .venv/bin
export PYTHON
export PATH := $(CURDIR)/$(BIN):$(PATH)

# Without compiled modules, each of the many programs that tests start would compile them again.
unexport PYTHONDONTWRITEBYTECODE

# Tests wait for browsers and disks a third of their time. Neighbours go to the same process, which then
# starts the service and PostgreSQL that they share once (worksteal).
PROCESSES := $(shell echo $$(($$(nproc) * 3 / 2)))

.DEFAULT_GOAL := help
.PHONY: help serve test quick check static format bench lock clean install install-dev install-node

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo '  Options go in ARGS: make serve ARGS="--port 9000", make test ARGS="-k quiz"'

serve: install ## build the site and start the course on this computer
	@exec $(BIN)/course serve $(ARGS)

test: install-dev install-node ## run the tests
	@scripts/debian-tools chromium libatomic1 postgresql nginx wrk
	@$(BIN)/pytest -n $(PROCESSES) --dist worksteal $(ARGS)

quick: static ## find most mistakes in a minute: static checks, and the tests that need only Python
	@COURSE_HISTORIES=3 $(BIN)/pytest -n $$(nproc) --dist worksteal \
		-m "not (browser or postgres or programs or sites)" $(ARGS)

check: static ## run what has to pass before a change is sent, all tests included
	$(BIN)/mkdocs build --strict -f mkdocs.docs.yml
	$(BIN)/course check
	$(BIN)/course lint
	@$(MAKE) --no-print-directory test

static: install-dev install-node
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	node_modules/.bin/tsc -p .

format: install-dev ## format the code
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

bench: install-dev ## measure the speeds that docs/ names
	@scripts/node-tools bench
	@scripts/debian-tools wrk nginx libnginx-mod-http-brotli-static postgresql chromium
	@$(BIN)/python -m bench $(ARGS)

COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --no-config --universal --python-version 3.11 \
	--fork-strategy fewest --only-binary :all: --generate-hashes --excludes requirements-left-out.txt \
	--custom-compile-command "make lock" $(ARGS)

lock: install-dev ## update the lock files; newer versions with ARGS=--upgrade
	@$(COMPILE) --extra build --extra dev --output-file requirements-dev.lock
	@$(COMPILE) --extra build --constraint requirements-dev.lock --output-file requirements.lock
	@for folder in . bench; do npm --prefix $$folder \
		$(if $(findstring --upgrade,$(ARGS)),update,install) --package-lock-only --loglevel=error >/dev/null; done

clean: ## remove everything that was installed or built; data/ stays
	rm -rf .venv node_modules site build dist .cache .hypothesis .mypy_cache .pytest_cache \
		.ruff_cache .schemathesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install:
	@scripts/venv requirements.lock

install-dev:
	@scripts/venv requirements-dev.lock

install-node: install-dev
	@scripts/node-tools
