# The commands of the house. Each makes what it needs; a second call is quick, because stamps say what is made.

.DEFAULT_GOAL := help
.PHONY: help run secret deploy undeploy test test-fast test-rest lint bench shots chromium node

# The first Python between 3.11 and 3.13. `make run PYTHON=/path/to/python3.12` takes another.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(firstword $(shell for python in python3 python3.13 python3.12 python3.11; do $$python -c "$(FITS)" 2>/dev/null && echo $$python; done))
PIP := -m pip install --quiet --disable-pip-version-check
BIN := .venv/bin
N ?= 10000
CDK_CLI := 2.1148.1

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name does; do printf '  make %-10s %s\n' "$$name" "$$does"; done

run: .venv/run.stamp .venv-emulator/run.stamp ## open the local post office: webmail on http://127.0.0.1:8000, SMTP on 2525
	@exec $(BIN)/python -m local

# With DOMAIN=example.org it is that of a deployment.
secret: $(if $(DOMAIN),.venv-deploy/deploy.stamp,.venv/run.stamp) ## make a new login secret for the local post office, or for DOMAIN=example.org on AWS, and end all sessions
	@$(if $(DOMAIN),$(ON_AWS) secret $(ASKED),$(BIN)/python -m local.secret)

ON_AWS := .venv-deploy/bin/python -m deploy
ASKED = $(foreach word,DOMAIN REGION ALERTS TAKE_MX,"$(word)=$($(word))")

deploy: .venv-deploy/deploy.stamp .venv-lambda/lambda.stamp .cdk-cli/$(CDK_CLI).stamp ## bring the post office to AWS: DOMAIN=example.org REGION=eu-west-1 ALERTS=me@elsewhere.example
	@$(ON_AWS) deploy $(ASKED)

undeploy: .venv-deploy/deploy.stamp .venv-lambda/lambda.stamp ## take the post office off AWS; the mail stays there
	@$(ON_AWS) undeploy $(ASKED)

test: test-fast test-rest ## run every test

# What goes over every route or fills whole pages takes as long as all other unit tests together.
SLOW := tests/unit/api/test_schemathesis.py tests/unit/auth/test_abuse_web.py tests/unit/pages/test_budgets.py tests/unit/pages/test_jobs.py tests/unit/pages/test_long_conversations.py

test-fast: .venv/dev.stamp ## run the unit tests but the slow ones
	@$(BIN)/python -m pytest tests/unit $(SLOW:%=--ignore=%) -n 2

test-rest: .venv/dev.stamp .venv-emulator/run.stamp .venv-lambda/lambda.stamp .cdk-cli/$(CDK_CLI).stamp chromium ## run the slow unit tests, and those against the local AWS and in the browser
	@$(BIN)/python -m pytest $(SLOW) $(filter-out tests/unit/,$(wildcard tests/*/)) -n 2 --dist loadfile

lint: .venv/dev.stamp ## check style, types and the directions of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports

bench: .venv/dev.stamp .venv-emulator/run.stamp .venv-lambda/lambda.stamp ## what reading a mail and a list page cost, what hostile mail may, and what a function costs that starts; then deliver N=10000 messages, kill the post office in the middle, count what is listed
	@$(BIN)/python -m benchmarks.parse
	@$(BIN)/python -m benchmarks.list_page
	@$(BIN)/python -m benchmarks.bounds
	@$(BIN)/python -m benchmarks.cold_start
	@$(BIN)/python -m benchmarks.delivery $(N)

shots: .venv/dev.stamp .venv-emulator/run.stamp chromium ## picture every page at three sizes, light and dark, under build/shots
	@$(BIN)/python -m pytest tests/browser/shots.py

chromium:
	@for browser in chromium chromium-browser google-chrome; do command -v $$browser >/dev/null && exit 0; done; \
	$(call debian,chromium,The browser tests need Chromium)

node:
	@command -v node >/dev/null && command -v npm >/dev/null && exit 0; $(call debian,nodejs npm,CDK needs Node.js with npm)

.venv/run.stamp: requirements.txt requirements-local.txt
	@$(call venv,.venv)
	@echo "Installing what the post office needs"
	@$(BIN)/python $(PIP) -r requirements-local.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt requirements-deploy.txt .venv/run.stamp
	@echo "Installing what the tests need"
	@$(BIN)/python $(PIP) -r requirements-dev.txt
	@touch $@

.venv-emulator/run.stamp: local/emulator-requirements.txt
	@$(call venv,.venv-emulator)
	@echo "Installing the local AWS"
	@.venv-emulator/bin/python $(PIP) -r local/emulator-requirements.txt
	@touch $@

.venv-deploy/deploy.stamp: requirements.txt requirements-deploy.txt
	@$(call venv,.venv-deploy)
	@echo "Installing what deploying needs"
	@.venv-deploy/bin/python $(PIP) -r requirements-deploy.txt
	@touch $@

# What goes into the zips, and nothing else.
.venv-lambda/lambda.stamp: requirements.txt
	@$(call venv,.venv-lambda)
	@echo "Installing what runs on Lambda"
	@.venv-lambda/bin/python $(PIP) -r requirements.txt
	@touch $@

.cdk-cli/$(CDK_CLI).stamp: | node
	@echo "Installing the CDK command line"
	@npm install --prefix .cdk-cli --no-save --no-fund --no-audit --loglevel=error aws-cdk@$(CDK_CLI) >/dev/null
	@touch $@

define venv
	if [ -z "$(PYTHON)" ]; then echo "Postamt needs Python 3.11, 3.12 or 3.13: install one and run this again." >&2; exit 1; fi; \
	if [ ! -x $(1)/bin/pip ]; then \
		echo "Making $(1)"; \
		$(PYTHON) -m venv $(1) || { echo "Python's venv is missing: on Debian, install python3-venv and run this again." >&2; exit 1; }; \
	fi
endef

define debian
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing $(1)"; \
		install="apt-get install --quiet=2 --yes --no-install-recommends $(1)"; \
		$$install >/dev/null 2>&1 || { apt-get update --quiet=2 && $$install >/dev/null; }; \
	else \
		echo "$(2): install it with your package manager and run this again." >&2; exit 1; \
	fi
endef
