#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# wrap.sh - Put what tsc does not into the build directory; usage: wrap.sh BUILD

set -e
mkdir -p "$1/bin"
cp "$(dirname "$0")/lkl-hijack.sh" "$1/bin/lkl-hijack"
chmod 755 "$1/bin/lkl-hijack"
# What runs from here is ESM, and knows its version, wherever it is installed.
cp "$(dirname "$0")/../package.json" "$(dirname "$0")/../docs/lkl-hijack.schema.json" \
	"$1/js/"
