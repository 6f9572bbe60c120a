# SPDX-License-Identifier: GPL-2.0
# lkl-hijack: `make demo` shows it, `make test` tests everything.

B := build
CC := gcc
HOSTCC_RUN = $(if $(shell command -v ccache),ccache )$(CC)
PREFIX ?= /usr/local
TS := $(shell find config bin test hostlib/scripts -name '*.ts' 2>/dev/null)
JS := $(B)/js/.stamp

all: lib

include kernel/build.mk
include hostlib/build.mk
include hijack/build.mk

.PHONY: all lib js setup demo test lint bench install clean
lib: hostlib hijack js
js: $(JS)

node_modules/.stamp: package.json package-lock.json
	npm ci --no-audit --no-fund
	touch $@

$(JS): node_modules/.stamp $(TS) tsconfig.json
	npm run --silent build
	touch $@
