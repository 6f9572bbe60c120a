# SPDX-License-Identifier: GPL-2.0
# lkl-hijack: `make demo` shows it, `make test` tests everything.
#
#   make          build build/lib/*, build/include, build/bin/lkl-hijack
#   make setup    install what is missing (asks sudo only then)
#   make demo     ip and curl on a Linux kernel of their own; no root needed
#   make test     all tests
#   make debug    tests on a kernel that checks itself: lockdep and others
#   make asan     tests of the host side under AddressSanitizer and UBSan
#   make ubsan    all of those tests, and the preload library's, under UBSan alone
#   make fuzz     500 damaged images and 50 kills for each file system (half an hour),
#                 and 20 million damaged answers of name servers (one minute)
#   make lint     checkpatch, eslint
#   make profile  the profile that the kernel's network is compiled with
#   make bench    figures, as ratios to the host
#   make compat   try many programs, write docs/compatibility.md
#   make install  to PREFIX (/usr/local)
#   make clean    remove build/ (ccache keeps the kernel's objects)

B := build
CC := gcc
# Objects are the same in every clone.
export CCACHE_BASEDIR := $(CURDIR)
# An object that is compiled tells what it depends on: no pass of cpp before.
export CCACHE_DEPEND := 1
# V=1 shows the commands.
Q := $(if $(V),,@)
CCACHE := $(if $(shell command -v ccache),ccache )
PREFIX ?= /usr/local
TS = $(shell find config bin test hostlib -name '*.ts')
JS := build/js/.stamp

.PHONY: all setup demo test debug asan ubsan fuzz lint bench profile compat install clean
all: hostlib hijack $(JS) $(B)/lib/kernel.json

include kernel/build.mk
include hostlib/build.mk
include hijack/build.mk
include test/engine/build.mk
include test/bench/build.mk

setup:
	sh bin/setup.sh

# A recipe of its own, so that what setup installs is there for every rule.
demo: setup
	$(MAKE) all
	node build/js/bin/demo.js

test: setup
	$(MAKE) all hostlib-tests hijack-tests engine-tests
	node build/js/test/run.js

# Builds of another kind, each in its directory, and the tests that load them.
PROGRAMS := hostlib hijack hostlib-tests hijack-tests engine-tests
debug: setup
	$(MAKE) B=build/debug DEBUG_KERNEL=1 $(PROGRAMS)
	LKL_BUILD=build/debug node build/js/test/run.js \
		'build/js/test/{engine,hostlib,hijack}/!(refusals).test.js'

asan: setup
	$(MAKE) B=build/asan SANITIZE=-fsanitize=address,undefined \
		hostlib hijack hostlib-tests engine-tests
	ASAN_OPTIONS=handle_segv=0 LKL_BUILD=build/asan node build/js/test/run.js \
		'build/js/test/{hostlib/programs,engine/engine}.test.js'

ubsan: setup
	$(MAKE) B=build/ubsan $(PROGRAMS) \
		SANITIZE='-fsanitize=undefined -fsanitize-undefined-trap-on-error'
	LKL_BUILD=build/ubsan node build/js/test/run.js \
		'build/js/test/{engine,hostlib,hijack}/!(refusals).test.js'

fuzz: setup
	$(MAKE) all hostlib-tests hijack-tests
	build/test/hijack/fuzz/dns 20000000 $$(date +%s)
	node build/js/test/fs/fuzz.js $(FUZZ)

lint: setup
	$(MAKE) $(LINUX)/.stamp $(JS)
	perl $(LINUX)/scripts/checkpatch.pl --quiet -f \
		$$(git ls-files '*.c' '*.h' '*.S')
	npm run --silent lint

bench: setup
	$(MAKE) all bench-programs hijack-tests
	node build/js/test/bench/bench.js $(BENCH)

# Root, a machine that does nothing else, and some minutes.
profile: setup
	rm -rf build/counts
	$(MAKE) B=build/counts PROFILE_GENERATE=1 hostlib hijack bench-programs
	LKL_BUILD=build/counts node build/js/test/bench/bench.js --quick \
		'_RR one-cpu' TCP_STREAM TCP_MAERTS
	$(MAKE) B=build/counts PROFILE_GENERATE=1 profile-pack

compat:
	LKL_SETUP_COMPAT=yes sh bin/setup.sh
	$(MAKE) all
	node build/js/test/compat/write-page.js docs/compatibility.md

# What the launcher checks names of sysctls and the like against.
$(B)/lib/kernel.json: $(B)/lib/liblkl.so $(JS)
	$(Q)node build/js/bin/kernel-features.js $< > $@.tmp
	$(Q)mv $@.tmp $@

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/lkl-hijack \
		$(DESTDIR)$(PREFIX)/include
	install -m 755 $(B)/bin/* $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(B)/lib/*.so $(TRAP_LOADER) $(DESTDIR)$(PREFIX)/lib/
	install -m 644 $(B)/lib/liblkl.a $(B)/lib/kernel.json $(DESTDIR)$(PREFIX)/lib/
	cp -r $(B)/include/* $(DESTDIR)$(PREFIX)/include/
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 docs/lkl-hijack.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -d $(DESTDIR)$(PREFIX)/lib/lkl-hijack/hostlib
	cp -r build/js/hostlib/node $(DESTDIR)$(PREFIX)/lib/lkl-hijack/hostlib/
	cp -r build/js/bin build/js/config build/js/package.json \
		build/js/lkl-hijack.schema.json package-lock.json \
		$(DESTDIR)$(PREFIX)/lib/lkl-hijack/
	cd $(DESTDIR)$(PREFIX)/lib/lkl-hijack && $(NODE_HEADERS) npm ci --omit=dev --no-audit \
		--no-fund

clean:
	rm -rf $(B)

# Add-ons are built against the headers that came with node, if they did.
NODE_PREFIX = $(shell node -p 'path.resolve(process.execPath, "../..")')
NODE_HEADERS = $(if $(wildcard $(NODE_PREFIX)/include/node/node.h), \
	npm_config_nodedir=$(NODE_PREFIX))

node_modules/.stamp: package.json package-lock.json
	$(NODE_HEADERS) npm ci --no-audit --no-fund
	touch $@

$(JS): node_modules/.stamp $(TS) tsconfig.json
	npm run --silent build
	touch $@
