# Everything that is done to this repository by hand or by a build server. Go and
# make are enough; what else a target would like it looks for, installs if it may
# (Debian, as root) or names.

GO       ?= go
FUZZTIME ?= 10s
KILLTIME ?= 5m
ARGS     ?=
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT   ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
LDFLAGS  := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)

GOFUMPT := $(GO) run mvdan.cc/gofumpt@v0.12.0
LINT    := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
VULN    := $(GO) run golang.org/x/vuln/cmd/govulncheck@v1.9.0

# A recipe fails when any part of a pipe does.
SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c

.DEFAULT_GOAL := help
.PHONY: help build demo test needs check format vet lint vuln bench bench-quick kill fuzz image

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-11s %s\n", $$1, $$2 }'

build: ## the static binary, as bin/qingfeng
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o bin/qingfeng ./cmd/qingfeng

demo: ## the whole service with a simulated chat in the browser
	$(GO) run ./cmd/qingfeng demo $(ARGS)

# The race detector needs a C compiler and the test of the chat page a browser.
# Without them the rest is tested all the same, and the last lines say what was not.
CHROME := chromium chromium-browser google-chrome google-chrome-stable chrome microsoft-edge

needs:
	@has_browser() { for name in $(CHROME); do command -v $$name >/dev/null && return; done; return 1; }; \
	has_cc() { command -v "$$($(GO) env CC | cut -d' ' -f1)" >/dev/null; }; \
	wanted=''; has_cc || wanted='gcc libc6-dev'; has_browser || wanted="$$wanted chromium"; \
	if [ -n "$$wanted" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing $$wanted"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$wanted; } \
	    >/dev/null || echo "apt-get could not install $$wanted"; \
	fi

test: needs ## all tests; what is missing for some of them is said at the end
	@mkdir -p dist; race=-race; note=''; \
	command -v "$$($(GO) env CC | cut -d' ' -f1)" >/dev/null || \
	  { race=''; note="$$note"$$'\nnot tested: data races. Install a C compiler (Debian: apt-get install gcc libc6-dev).'; }; \
	browser=''; for name in $(CHROME); do command -v $$name >/dev/null && browser=$$name; done; \
	if [ -n "$$browser" ]; then export QINGFENG_BROWSER_REQUIRED=1; else \
	  note="$$note"$$'\nnot tested: the chat page in a browser. Install Chromium (Debian: apt-get install chromium) or Chrome.'; fi; \
	code=0; $(GO) test $$race -v -timeout 18m ./... | awk "$$SUMMARY" || code=$$?; \
	[ -z "$$note" ] || echo "$${note#?}"; exit $$code

# Of each package one line, of a failed one everything, and the sums at the end.
define SUMMARY
/^(ok  |FAIL|\?   )\t/ {
  if ($$1 == "ok") ok++
  else if ($$1 == "FAIL") { failed++; print kept }
  print; fflush(); kept = ""; next
}
/^ *--- PASS: / { pass++ }
/^ *--- FAIL: / { fail++ }
/^ *--- SKIP: / { skip++ }
{ kept = kept $$0 "\n" }
END {
  if (kept != "" && kept != "FAIL\n") print kept
  printf "\n%d packages ok, %d failed; %d tests passed, %d failed, %d skipped\n", ok, failed, pass, fail, skip
}
endef
export SUMMARY

check: format vet lint test ## what a change must pass

format:
	@unformatted="$$($(GOFUMPT) -l .)"; test -z "$$unformatted" || { echo "not formatted with gofumpt:"; echo "$$unformatted"; exit 1; }

vet:
	$(GO) vet ./...

lint:
	$(LINT) run ./...

vuln: ## known vulnerabilities in what we depend on
	$(VULN) ./...

# Where to measure: QINGFENG_BENCH_PLACE, a directory on a real disk, if the temporary
# one is in memory. ARGS='-bench.write' puts the table and the plot into docs.
TABLE := $(GO) test ./cmd/qingfeng -run '^$$' -benchtime 1x -timeout 0

bench: ## the table of docs/performance.md, up to a million people; half an hour
	$(TABLE) -bench '^BenchmarkTable$$' -args -bench.full $(ARGS)

bench-quick: ## the same at small sizes, in two minutes; PART=answers for one part
	$(TABLE) -bench '^BenchmarkTable$$/$(PART)' -args $(ARGS)

kill: ## kills the real process at random and at every named point, for KILLTIME (5m) a mode
	$(GO) test ./cmd/qingfeng -run '^TestKill(Revision)?$$' -v -kill.for $(KILLTIME) -timeout 60m

fuzz: ## each fuzz target for FUZZTIME (10s)
	@grep -rlE '^func Fuzz' --include='*_test.go' . | sort | while read -r file; do \
	  grep -oE '^func Fuzz[A-Za-z0-9_]+' "$$file" | cut -d' ' -f2 | while read -r name; do \
	    echo "$$(dirname "$$file") $$name"; \
	    $(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")"; \
	  done; \
	done

image: ## the container image, with docker or podman
	@engine="$$(command -v docker || command -v podman)" || { echo "neither docker nor podman is installed" >&2; exit 1; }; \
	"$$engine" build --build-arg VERSION='$(VERSION)' --build-arg COMMIT='$(COMMIT)' -t qingfeng:'$(VERSION)' -t qingfeng:latest .
