#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# tool.sh - Start the tool of our own name
name=$(basename "$0")
top=$(dirname "$(readlink -f "$0")")/..
script=$top/js/bin/$name.js
[ -e "$script" ] || script=$top/lib/lkl-hijack/bin/$name.js
exec node "$script" "$@"
