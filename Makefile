# make            lists the targets
# make test       everything, with what it needs installed first
# make test-short what a laptop runs between two edits

GO      ?= go
# Builds carry the tag they were made from; a copy without Git says "dev".
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS ?= -s -w -X main.version=$(VERSION)

# Where goroutines meet, tests run under the race detector. The pure packages
# have none, and their property tests would only take several times as long.
# A new package is raced until it is named here.
PURE    := /pwsync/(config|checks(/(acl|cause|dn|identity|rules))?)$$
# RACE= turns the detector off where there is no C compiler.
RACE    ?= -race
# A result that the cache remembers is no proof in CI.
FRESH   := $(if $(CI),-count=1)
TIMEOUT ?= 15m
# These walk through every pair of faults and every fact of every scenario.
LONG    := ^Test(PairsOfFaults|RemovingAnyFact)
TEST    := $(GO) test $(FRESH) -timeout $(TIMEOUT)

FUZZTIME   ?= 5s
LISTEN     ?= 127.0.0.1:8808
SCREENSHOT ?= docs/lab.png
IMAGE      ?= pwsync:$(VERSION)
LINTER     := $(GO) tool -modfile=.ci/tools/go.mod golangci-lint

.DEFAULT_GOAL := help
.PHONY: help build test test-short vet lint fmt bench fuzz screenshot lab docker deps clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/pwsync, static and stripped
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/pwsync ./cmd/pwsync

deps: ## install what the tests need beside Go (root on Debian; elsewhere it tells)
	@bash .ci/deps

vet: ## go vet
	$(GO) vet ./...

test: deps vet ## install what is needed, then vet and run every test
	@pure=$$($(GO) list ./... | grep -E '$(PURE)' || true); \
	rest=$$($(GO) list ./... | grep -vE '$(PURE)' || true); \
	status=0; \
	if [ -n "$$pure" ]; then echo '$(TEST) (pure packages)'; $(TEST) $$pure || status=1; fi; \
	if [ -n "$$rest" ]; then echo '$(TEST) $(RACE) (the others)'; $(TEST) $(RACE) $$rest || status=1; fi; \
	echo '$(TEST) -run $(LONG) ./cmd/pwsync (every scenario, which the race detector only samples)'; \
	$(TEST) -run '$(LONG)' ./cmd/pwsync || status=1; \
	exit $$status

test-short: ## run the quick tests, with nothing installed
	$(GO) test -short ./...

lint: ## run the linters of .golangci.yml (the first run builds them, about two minutes)
	$(LINTER) run ./...

fmt: ## format every Go file
	gofmt -w $$(find . -name '*.go' -not -path './.git/*' -not -path '*/node_modules/*')

bench: ## measure: answers, start-up, memory, evaluation
	$(GO) test -run '^$$' -bench . -benchmem ./...

fuzz: ## run every fuzz target for FUZZTIME (5s)
	@set -e; for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

screenshot: ## photograph the lab's page for the README (needs Chromium)
	PWSYNC_SCREENSHOT='$(abspath $(SCREENSHOT))' $(GO) test -count=1 -run '^TestScreenshot$$' ./cmd/pwsync
	@test -s '$(SCREENSHOT)' || { echo 'no screenshot was taken'; exit 1; }

lab: ## open the lab on LISTEN (127.0.0.1:8808)
	$(GO) run ./cmd/pwsync lab --listen $(LISTEN)

docker: ## build the container image
	docker build --build-arg VERSION='$(VERSION)' --tag '$(IMAGE)' .

clean: ## remove what make built
	rm -rf bin
