# The verbs of the house; `make` alone lists them. Every stage of `make test` can be run alone.
SHELL := /bin/bash
CARGO_HOST := --workspace --exclude hydrate
BINARY := $(or $(CARGO_TARGET_DIR),target)
ADDR ?= 127.0.0.1:3000
SPEED ?= 1

.PHONY: help setup build run dev test bench bench-phone kills faults sabotage shots fmt clean
.PHONY: fmt-check licences site lint lint-host lint-wasm lint-e2e unit binary e2e

help:                ## this list
	@sed -n 's/^\([a-z2-]*\): *.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | sort | expand -t 12

setup:               ## install what building and testing need
	@scripts/setup test

build: site          ## the release binary, target/release/uncordon
	cargo build --release -p server
	@echo "built $(BINARY)/release/uncordon: it serves its site from any folder"

run: binary            ## the product on a make-believe world; ADDR=, SPEED=, ARGS=
	@exec $(BINARY)/debug/uncordon sandbox --addr $(ADDR) --speed $(SPEED) $(ARGS)

dev:                 ## like run, but built and started again after every change
	@scripts/setup build
	@scripts/dev --addr $(ADDR) --speed $(SPEED) $(ARGS)

test:                ## everything CI runs, stage by stage
	@scripts/test

bench:               ## speed and size of the release binary, then how a phone lives with it
	@$(MAKE) --no-print-directory build
	@node scripts/bench.mjs $(BINARY)/release/uncordon
	@node scripts/bench/chat.mjs $(BINARY)/release/uncordon
	@$(MAKE) --no-print-directory bench-phone

bench-phone:         ## Lighthouse, bad lines and slow taps; PHONE_BINARY=, RUNS=
	@scripts/setup bench
	@node scripts/bench/phone.mjs $(or $(PHONE_BINARY),$(BINARY)/release/uncordon) $(BINARY)/tools/bench

kills: binary        ## 50 recoveries, serve killed -9 in the middle of each; KILLS=, SEED=
	@scripts/setup test
	@cd end2end && npm run --silent kills

faults:              ## the guarantees at full size, up to 30 minutes; RUNS=, CUTS=, FUZZ=, KILLS=, SEED=
	@scripts/faults

sabotage:            ## break our code line by line; each breakage must turn its test red; ONLY=
	@scripts/setup build
	@node scripts/sabotage.mjs scripts/sabotage.list "$${CARGO_TARGET_DIR:-target}/sabotage"

shots:               ## pictures of every page into shots/
	@scripts/setup test
	@$(MAKE) --no-print-directory binary
	@cd end2end && node_modules/.bin/playwright test --config shots.config.ts

fmt:                 ## format the code
	cargo fmt --all

clean:               ## remove what was built, keep the tools
	@find target -mindepth 1 -maxdepth 1 ! -name tools -exec rm -rf {} + 2>/dev/null || true
	@find site -mindepth 1 ! -name .gitkeep -delete
	@rm -rf shots end2end/results

# --- stages -------------------------------------------------------------------------------------------------------

fmt-check:           ## code is formatted
	cargo fmt --all --check

licences:            ## licences and bans, over cargo metadata
	@node scripts/licences.mjs

site:                ## the browser half into site/
	@scripts/setup build
	@scripts/site

lint: lint-host lint-wasm lint-e2e ## all lints

lint-host:           ## clippy for the server half, warnings denied
	cargo clippy $(CARGO_HOST) --all-targets -- -D warnings

lint-wasm:           ## clippy for the browser half, warnings denied
	@scripts/lint-wasm

lint-e2e:            ## types of the browser tests
	@end2end/node_modules/.bin/tsc -p end2end

# Passing tests show what they printed, so that a NOT RUN is seen and counted.
unit:                ## unit, story, matrix and adapter tests
	cargo test $(CARGO_HOST) --no-fail-fast -- --show-output

binary: site           ## the quickly built binary for browser tests and `make run`
	@echo "server half .. (the first time five to ten minutes, later seconds)"
	@cargo build -p server

e2e: binary            ## browser tests against the real binary
	@scripts/setup test
	@cd end2end && node_modules/.bin/playwright test $(SPEC)
