# Two commands matter: `make run` shows an agent remembering a wallet, `make test` runs every test against real servers.
# Neither asks a question; both install what is missing (apt, with sudo when not root).

SHELL := /bin/bash
.DEFAULT_GOAL := help

# What the build needs; the Dockerfile installs the same list, a test compares them.
BUILD_PACKAGES := libhiredis-dev libcurl4-openssl-dev libssl-dev libuv1-dev libsqlite3-dev zlib1g-dev pkg-config ca-certificates
# What the tests need on top: jansson is the second opinion on what is JSON. (docker-compose 1.29 imports setuptools' distutils where Python has none.)
TEST_PACKAGES := libjansson-dev redis-server python3 python3-venv docker-compose python3-setuptools openssl unzip binutils haproxy prometheus chromium
# The roles of the compose stack, for machines without a container engine.
STACK_PACKAGES := redis-server haproxy prometheus python3 python3-venv
# What counts instructions.
COUNT_PACKAGES := valgrind binutils

# The Swift runtime is linked in: a few in a hundred faster, and a megabyte or two less in memory.
BUILD := swift build -c release --static-swift-stdlib --product bedrock-sessions
CLI := .build/release/bedrock-sessions

.PHONY: help
help: ## these lines
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

.PHONY: run
run: build ## build, show an agent remembering a wallet, then serve if a person is at the terminal
	@$(CLI) demo
	@if [ -t 0 ] && [ -t 1 ]; then exec $(CLI) serve; fi

.PHONY: build
build: packages ## the release build
	$(BUILD)

.PHONY: test
test: packages test-packages ## every test, against a real Redis and a real DynamoDB implementation
	scripts/with-servers scripts/run-tests
	Fuzzing/run 900000 replies
	Fuzzing/run 100000 connection
	Fuzzing/run 200000 events
	scripts/simulate --seeds 5000 --seconds 120
	scripts/simulate-weak

# Options of `make simulate`: how many seeds, which one alone, which weakened protocol.
SEEDS := 20000
FROM := 1
.PHONY: simulate
simulate: packages test-packages ## the shipped cache and store in a simulated world: SEEDS=20000, or one with SEED=n
	scripts/simulate $(if $(SEED),--seed $(SEED),--seeds $(SEEDS) --from $(FROM)) $(if $(WEAK),--weak $(WEAK))

.PHONY: up
up: build ## the compose stack's roles without a container engine: Redis, DynamoDB, two servers, a balancer, Prometheus, on loopback
	@scripts/install-packages $(STACK_PACKAGES)
	@[ -n "$$DYNAMODB_LOCAL" ] || scripts/install-servers
	@scripts/stack up

.PHONY: down
down: ## stops what `make up` started
	@scripts/stack down

# Options of `bedrock-sessions load`, such as LOAD="--rate 2000 --duration 60s --report report.html".
LOAD :=
.PHONY: load
load: ## after `make up`: a load on its balancer, every answer verified (LOAD="--rate 2000 --duration 60s")
	@scripts/stack load $(LOAD)

.PHONY: check-dashboard
check-dashboard: ## after `make up`: every query of the dashboard returns a series from Prometheus
	@scripts/check-dashboard

.PHONY: simulate-weak
simulate-weak: packages test-packages ## every weaker protocol of DESIGN section 3 is caught
	scripts/simulate-weak

.PHONY: chaos
chaos: packages test-packages ## 64 tasks read and write while Redis, the table and the network fail: make chaos [SECONDS=300] [SEED=n]
	swift build -c release --product chaos
	scripts/with-servers .build/release/chaos $(or $(SECONDS),300) $(SEED)

.PHONY: sanitize
sanitize: packages test-packages ## the suites under Thread Sanitizer and Address Sanitizer
	scripts/with-servers scripts/run-sanitizers

.PHONY: sanitize-quick
sanitize-quick: packages test-packages ## the same for the suites in which most can be found, as CI does
	scripts/with-servers scripts/run-sanitizers quick

.PHONY: bench
bench: packages test-packages ## how fast, beside redis-benchmark and plain C, in one run
	scripts/with-servers Benchmarks/run

.PHONY: bench-serve
bench-serve: packages test-packages ## how fast `serve` is, beside an echo route of the same HTTP server, and its memory with 1,000 connections
	@scripts/install-packages wrk curl
	Benchmarks/served

.PHONY: soak
soak: packages test-packages ## ten minutes of verified load on `serve`: does its memory grow? make soak [SECONDS=600] [RATE=500]
	scripts/with-servers Benchmarks/soak $(or $(SECONDS),600) $(or $(RATE),500)

.PHONY: growth
growth: packages test-packages ## what reads and writes cost by sessions, bytes, fields and callers: plots in docs/growth
	Benchmarks/growth

.PHONY: instructions
instructions: packages test-packages ## what reads, signed requests and their parts cost in instructions and allocations; fails above its limits
	@scripts/install-packages $(COUNT_PACKAGES)
	scripts/with-servers Benchmarks/instructions
	scripts/with-servers Benchmarks/micro

FUZZ_INPUTS := 1000000

.PHONY: fuzz
fuzz: packages test-packages fuzz-redis fuzz-events ## a million broken documents, items, error answers, events and schemas each through their decoders (FUZZ_INPUTS)
	scripts/run-fuzz $(FUZZ_INPUTS)

.PHONY: fuzz-redis
fuzz-redis: packages ## a million inputs each, guided by coverage, for the decoder of Redis replies and the connection (FUZZ_INPUTS)
	Fuzzing/run $(FUZZ_INPUTS) replies connection

.PHONY: fuzz-events
fuzz-events: packages ## a million inputs, guided by coverage, for events and schemas of action groups (FUZZ_INPUTS)
	Fuzzing/run $(FUZZ_INPUTS) events

.PHONY: format
format: ## formats every Swift file
	swift format -i -r Package.swift Sources Tests Benchmarks Fuzzing

.PHONY: lint
lint: ## what `format` would change
	swift format lint --strict -r Package.swift Sources Tests Benchmarks Fuzzing

.PHONY: packages
packages:
	@scripts/install-packages $(BUILD_PACKAGES)

.PHONY: test-packages
test-packages:
	@scripts/install-packages $(TEST_PACKAGES)
	@scripts/install-servers

.PHONY: clean
clean: ## removes what was built, and the demo's data
	rm -rf .build .build-* .venv .data Benchmarks/.build Benchmarks/.build-micro Fuzzing/.build
