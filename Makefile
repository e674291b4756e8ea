# What a developer says. Each target installs what it needs; each is fast when nothing has changed.
.DEFAULT_GOAL := help
.PHONY: help demo build test test-web test-rust test-browser test-blackbox lint lint-rust lint-web lint-deny lint-house fmt bench

STAGE := scripts/stage.sh

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 24

demo: ## Build, start on a fresh SQLite database, play a short realistic day
	scripts/demo.sh

build: ## The console and the binary target/debug/decurion
	scripts/build.sh

test: ## Everything: web, rust on both databases, real clients, browser
	$(STAGE) web $(MAKE) --no-print-directory test-web
	$(STAGE) rust $(MAKE) --no-print-directory test-rust
	$(STAGE) blackbox $(MAKE) --no-print-directory test-blackbox
	$(STAGE) browser $(MAKE) --no-print-directory test-browser

test-web: ## The console: types, unit tests, bundle
	scripts/test-web.sh

test-rust: ## The crates, on SQLite and on a throw-away PostgreSQL
	scripts/test-rust.sh

test-blackbox: ## The binary against real clients, and kill -9 under load
	scripts/test-blackbox.sh

test-browser: ## The console in Chromium against the binary
	scripts/test-browser.sh

lint: ## Formatting, clippy, cargo-deny, biome, layers, links
	$(STAGE) lint-house $(MAKE) --no-print-directory lint-house
	$(STAGE) lint-deny $(MAKE) --no-print-directory lint-deny
	$(STAGE) lint-web $(MAKE) --no-print-directory lint-web
	$(STAGE) lint-rust $(MAKE) --no-print-directory lint-rust

lint-rust:
	scripts/lint-rust.sh

lint-web:
	scripts/web.sh install
	cd web && npm run --silent lint

lint-deny:
	scripts/deny.sh

lint-house:
	scripts/lint-house.sh

fmt: ## Format Rust and web sources
	cargo fmt --all
	scripts/web.sh install
	cd web && npm run --silent fmt

bench: ## Benchmarks; writes docs/benchmarks.md
	scripts/bench.sh
