#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# wrap.sh - Put what tsc does not into the build directory; usage: wrap.sh BUILD

set -e
mkdir -p "$1/bin"
here=$(dirname "$0")
cp "$here/lkl-hijack.sh" "$1/bin/lkl-hijack"
for tool in fs2tar cptofs cpfromfs; do
	cp "$here/tool.sh" "$1/bin/$tool"
done
chmod 755 "$1/bin/"*
# What runs from here is ESM, and knows its version, wherever it is installed.
cp "$here/../docs/lkl-hijack.schema.json" "$1/js/"
sed 's,"\./build/js/,"./,' "$here/../package.json" > "$1/js/package.json"
