# Accord. `make help` lists what there is.
GO ?= go
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOFUMPT = mvdan.cc/gofumpt@v0.12.0
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.9.0
T ?= 30s

CRASH = SurviveKill|SurvivesAKill|OverAKill|FullDisk|DiskThatFails|MayNotGrow|HeldByAnother|UntilItIsKilled

# What the race run leaves to make test: packages that start no goroutine, nor does
# anything of ours they call (broker/design holds them to it), so that there is
# nothing to race; and two loops of a million steps, each in one goroutine.
ALONE = broker/design consent consent/ledger consent/receipt ui
LOOPS = TestOneHiddenIDInAMillionIsFound|TestABundleAtAMillionLeavesStaysUnderEightKilobytes

.PHONY: help build run check test race test-long crash powercut promises lint vuln fuzz e2e interop screenshots bench cover

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

build: ## the four commands, into bin/
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/ ./cmd/accord ./cmd/accord-demo ./cmd/accord-verify ./cmd/accord-witness

run: ## the whole country on loopback; prints the URL to open
	@echo "Building (the first time this takes a minute)..."
	@CGO_ENABLED=0 $(GO) build -trimpath -o bin/accord-demo ./cmd/accord-demo
	@exec bin/accord-demo $(ARGS)

check: ## every journey, headless, against its own processes
	$(GO) run ./cmd/accord-demo -check $(ARGS)

test: ## every test, under 5 minutes on 2 cores
	$(GO) test -p 4 -shuffle=on -count=1 ./...

race: ## the tests of all that starts a goroutine, again, with the race detector: needs a C compiler
	$(GO) test -p 4 -race -shuffle=on -count=1 -timeout 20m -skip '$(LOOPS)' $(filter-out $(ALONE:%=accord/%),$(shell $(GO) list ./...))

test-long: ## the long tests: 100,000 mutations, long crash loops
	ACCORD_LONG=1 $(GO) test -count=1 -timeout 60m -skip '$(CRASH)' ./...
	ACCORD_LONG=1 $(MAKE) crash

crash: powercut ## kills, power cuts and failing disks, with their counts (ACCORD_LONG=1 for the long form)
	$(GO) test -count=1 -timeout 60m -v -run '$(CRASH)' ./broker/boltstore ./broker ./cmd/accord

powercut: ## those of them that need /dev/fuse and the right to mount
	cd broker/boltstore/powercut && $(GO) vet ./... && $(GO) test -count=1 -timeout 60m -v ./...

promises: ## each promise, its test, and the control under which the test must fail
	$(GO) run ./broker/promises

lint: ## formatting, vet, staticcheck, go.mod
	@out=$$($(GO) run $(GOFUMPT) -l broker cmd consent oidc providers ui); test -z "$$out" || { echo "not gofumpt-ed:"; echo "$$out"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) -checks 'all,-ST1003,-ST1005' ./...
	$(GO) mod tidy -diff

vuln: ## known vulnerabilities (needs the public database)
	$(GO) run $(GOVULNCHECK) ./...

fuzz: ## each fuzz target for T (default 30s)
	@for p in $$($(GO) list ./...); do for f in $$($(GO) test -list '^Fuzz' $$p 2>/dev/null | grep '^Fuzz'); do \
	  echo "$$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(T) -fuzzminimizetime 10x $$p || exit 1; done; done

e2e: ## browser tests: needs Debian's chromium and node
	cd ui/e2e && npm ci --ignore-scripts --no-audit --no-fund && $(GO) test -count=1 -timeout 20m

interop: ## the demonstration driven by npm's openid-client: needs node
	cd oidc/issuer/interop && npm ci --ignore-scripts --no-audit --no-fund && ACCORD_REQUIRE_NODE=1 $(GO) test -count=1 .

screenshots: ## the pictures of the README, into ui/screenshots
	cd ui/e2e && ACCORD_SCREENSHOTS=../screenshots $(GO) test -count=1 -run TestScreenshots .

bench: ## figures with commit, machine and date, beside a bare flow on the library (about 3 minutes)
	$(GO) run ./cmd/accord-demo/bench $(ARGS)

cover: ## coverage by package
	$(GO) test -cover ./... | grep -v 'no test files'
