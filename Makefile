# make demo    the main job, played with fictional people: villages offline, hub, centre, an answer
# make test    all tests
# make histories   2,000 random histories of faults, with their invariants; HISTORIES=N, SIMPUL_SEED=N for one
# make check   format and lint
# make attack  public attack tools against a scratch server: a quarter of an hour; not part of make test
# make sbom    what the program is made of: CycloneDX and docs/dependencies.md
# make bench   measurements, as ratios in one run; with QUICK=1 rougher, in about two minutes
# make help    this list

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON := /usr/bin/python3
BUILD := swift build --build-tests

.PHONY: help build demo demo-serve screenshots test test-swift histories test-protocol test-browser check format attack sbom bench \
	install clean

help:
	@sed -n 's/^# //p' Makefile

build:
	@.ci/prepare build
	@swift build --product simpul

demo:
	@.ci/prepare demo
	@swift build --product simpul
	@$(PYTHON) fixtures/demo/play.py --simpul "$$(swift build --show-bin-path)/simpul"

demo-serve:
	@.ci/prepare demo
	@swift build --product simpul
	@$(PYTHON) fixtures/demo/play.py --simpul "$$(swift build --show-bin-path)/simpul" --serve

test: test-swift test-protocol test-browser

# Three runs, one after the other: servers inside the tests' own process answer late beside tests that keep its threads
# busy, and the tests of the program start many processes.
test-swift:
	@.ci/prepare test
	@$(BUILD)
	@swift test --skip-build --skip '^(ServerTests|TransportTests|CommandTests)\.'
	@swift test --skip-build --filter '^(ServerTests|TransportTests)\.'
	@swift test --skip-build --filter '^CommandTests\.'

# In memory where there is room: no history asks for a disk that survives.
HISTORIES ?= 2000
histories:
	@.ci/prepare test
	@$(BUILD)
	@TMPDIR=$$(test -w /dev/shm && echo /dev/shm || echo "$${TMPDIR:-/tmp}") SIMPUL_HISTORIES=$(HISTORIES) \
	swift test --skip-build --filter '^SimulationTests\.'

test-protocol:
	@.ci/prepare demo
	@$(PYTHON) protocol/verify/simpul_verify.py vectors
	@cd protocol/verify && $(PYTHON) -m unittest discover -q -s tests -t .

test-browser:
	@.ci/prepare test
	@swift build --product simpul
	@Tests/browser/run

check:
	@.ci/prepare build
	@.ci/check

format:
	@swift format --in-place --parallel --recursive Package.swift Sources Tests

attack:
	@.ci/prepare demo
	@swift build --product simpul
	@Tests/security/run

sbom:
	@.ci/prepare build
	@.ci/sbom .build/sbom.cdx.json

bench:
	@.ci/prepare bench
	@swift build -c release --product simpul
	@swift build -c release --product bench
	@"$$(swift build -c release --show-bin-path)/bench" $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY))

screenshots:
	@.ci/prepare test
	@swift build --product simpul
	@Tests/browser/run screenshots

# make install PREFIX=/usr/local
PREFIX ?= /usr/local
install:
	@swift build -c release --product simpul
	@bin="$$(swift build -c release --show-bin-path)"; \
	install -D -m 755 "$$bin/simpul" "$(DESTDIR)$(PREFIX)/bin/simpul"; \
	mkdir -p "$(DESTDIR)$(PREFIX)/share/simpul"; \
	cp -r "$$bin/simpul_Catalogue.resources/Resources" "$(DESTDIR)$(PREFIX)/share/simpul/catalogue"

clean:
	@swift package clean
