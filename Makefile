# make run        start WineBox; everything it needs is fetched and prepared on the way
# make demo       the same with an invented cellar
# make test-security  attacks that take their time
# make test       all checks and all tests; ENGINE=postgres or ENGINE=mongodb for the other databases
# PYTHON=python3.12 before or after either uses another Python (3.11, 3.12 and 3.13 work)

PYTHON ?= python3
ENGINE ?= sqlite
HOST ?= 127.0.0.1
PORT ?= 8000
# How many tests run at the same time.
JOBS ?= 2
TESTS ?=

# Each Python has its own environment, so that changing one's mind costs nothing.
VENV := .venv$(if $(filter-out python3,$(PYTHON)),-$(notdir $(PYTHON)))
BIN := $(VENV)/bin
TEMPLATES = $$(find templates -name '*.html')
export ENGINE

.PHONY: run demo test test-security audit lint suite format bench screenshots lock clean tools

run: $(VENV)/run.stamp
	@$(BIN)/python manage.py setup
	@exec $(BIN)/python manage.py serve --host $(HOST) --port $(PORT)

# A cellar of its own beside the real one; what is in it already stays.
demo: export WINEBOX_DATA_DIR = $(CURDIR)/data/demo
demo: $(VENV)/run.stamp
	@$(BIN)/python manage.py setup
	@$(BIN)/python manage.py create_demo || echo "The demo goes on with what is there."
	@exec $(BIN)/python manage.py serve --host $(HOST) --port $(PORT)

test: lint suite

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIN)/mypy
	@echo "check --deploy, as in production"
	@WINEBOX_ENV_FILE=/dev/null WINEBOX_SITE_URL=https://wine.example.org \
		WINEBOX_SECRET_KEY=$$(WINEBOX_ENV_FILE=/nowhere $(BIN)/python manage.py generate_secret_key) \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

suite: $(VENV)/test.stamp tools
	$(BIN)/python -m django makemigrations --check --dry-run --settings tests.settings
	$(BIN)/pytest -n $(JOBS) --dist loadgroup $(TESTS)

# What WineBox is made of goes to build/sbom.cdx.json; whether any of it is known to be vulnerable is asked, if it can be.
audit: $(VENV)/test.stamp
	@$(BIN)/python .ci/audit.py

# Slow attacks: slow clients, floods. A few minutes, and the machine is busy meanwhile.
test-security: $(VENV)/test.stamp tools
	@sh tests/tools.sh '/usr/lib/postgresql/*/bin/initdb' postgresql
	$(BIN)/pytest -m attack -s

# Chromium for the browser tests, the servers that stand around WineBox, and PostgreSQL for its engine, where apt is
# there to bring them.
tools:
	@sh tests/tools.sh chromium chromium
	@sh tests/tools.sh redis-server redis-server
	@sh tests/tools.sh /usr/sbin/nginx nginx
	@sh tests/tools.sh caddy caddy
	@sh tests/tools.sh tesseract 'tesseract-ocr tesseract-ocr-fra tesseract-ocr-ita tesseract-ocr-deu tesseract-ocr-spa'
	@if [ "$(ENGINE)" = postgres ]; then sh tests/tools.sh '/usr/lib/postgresql/*/bin/initdb' postgresql; fi

format: $(VENV)/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $(TEMPLATES)

bench: $(VENV)/test.stamp
	$(BIN)/python -m bench

screenshots: $(VENV)/test.stamp tools
	$(BIN)/python -m docs.screenshots

# Pins the newest versions that fit requirements.in and requirements-dev.in, with their hashes.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet uv
	.venv-lock/bin/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url \
		requirements.in -o requirements.txt
	.venv-lock/bin/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url \
		requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@echo "Installing what WineBox needs"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt | $(BIN)/python
	@echo "Installing what the tests need"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "WineBox needs Python 3.11 or newer, and $(PYTHON) is older."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python's venv module is missing (Debian: apt-get install python3-venv)."; exit 1; }
