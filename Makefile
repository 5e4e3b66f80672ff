# The only door to emu. `make` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help install build release up test unit compat asan tsan lint fmt docs bench storm fuzz clean
PORT ?= 4566
PRESET ?= dev
COUNT ?= 1000000
SEED ?= 1
STAGE := @tools/stage
TESTS := @tools/run_tests.py
.NOTPARALLEL:

help:
	@echo "make up       install, build and serve the sample: the address to curl is printed (PORT=$(PORT))"
	@echo "make test     install, build, run every test; ends in 'N passed, N failed' (PRESET=$(PRESET); or asan, tsan)"
	@echo
	@sed -n 's/^\([a-z ]*\):.*## /\1:/p' Makefile | while IFS=: read -r door what; do printf 'make %-9s %s\n' "$$door" "$$what"; done

install: ## what is missing of tools/packages.txt, tools/node and tests/compat/node
	$(STAGE) "install" tools/install

build/%/build.ninja: CMakePresets.json
	$(STAGE) "configure $*" cmake --preset $* --log-level=WARNING

build: install build/$(PRESET)/build.ninja ## build/dev/emu and the test programs
	$(STAGE) "build $(PRESET)" cmake --build build/$(PRESET)

release: install build/release/build.ninja ## optimised and stripped: build/release/emu
	$(STAGE) "build release" cmake --build build/release --target emu

up: release ## serve sample-functions/orders on PORT until Ctrl-C
	@echo "== emu up sample-functions/orders (Ctrl-C stops it)"
	@exec build/release/emu up sample-functions/orders --port $(PORT)

test: build ## every test: unit, World, bootstraps, real clients
	$(TESTS) build/$(PRESET)

unit: build/$(PRESET)/build.ninja ## the fast loop: build and run unit and World tests only
	$(STAGE) "build $(PRESET)" cmake --build build/$(PRESET) --target unit_tests
	$(TESTS) build/$(PRESET) unit

compat: build ## only the tests with real clients: boto3, AWS CLI, AWS SDK v3
	$(TESTS) build/$(PRESET) compat

asan tsan: install ## unit and World tests under ASan and UBSan, or TSan
	@$(MAKE) --no-print-directory unit PRESET=$@

lint: install build/$(PRESET)/build.ninja ## clang-format, layers and sizes (.ci/check.py), clang-tidy on all but tests
	$(STAGE) "clang-format" tools/format --check
	$(STAGE) "layers and sizes" .ci/check.py
	$(STAGE) "build precompiled headers" cmake --build build/$(PRESET) --target emu_pch emu_api_pch emu_test_pch
	$(STAGE) "clang-tidy" tools/tidy.py build/$(PRESET)

fmt: ## clang-format over every C++ file
	@tools/format

docs: build ## what emu itself writes of docs: compatibility.md, the answers in bad-input.md
	$(STAGE) "compatibility.md" sh -c 'build/dev/emu inspect ops --markdown > docs/compatibility.md'
	$(STAGE) "bad-input.md" /usr/bin/python3 -B tests/compat/bad_input_test.py --write

bench: release ## numbers beside a baseline taken in the same run
	$(STAGE) "build bench" cmake --build build/release
	$(STAGE) "bench" bench/run

storm: install build/asan/build.ninja ## COUNT generated requests to DynamoDB under ASan, from SEED on (1000000, 1)
	$(STAGE) "build asan" cmake --build build/asan --target test_dynamodb
	EMU_REQUESTS=$(COUNT) EMU_SEED=$(SEED) build/asan/test_dynamodb -s -tc="generated requests*"

fuzz: install ## 60 s of libFuzzer for each target of tests/fuzz
	$(STAGE) "fuzz" tools/fuzz

clean: ## removes build/, installed Node packages included
	rm -rf build
