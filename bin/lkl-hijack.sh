#!/bin/bash -p
# SPDX-License-Identifier: GPL-2.0
# lkl-hijack.sh - Start the launcher, and tell it what Node is about to change
#
# Before a script runs, Node has set all signals to default but SIGPIPE and
# SIGXFSZ, which it ignores, has raised the limit of open files and has marked
# the descriptors it inherited close-on-exec. The program shall get what we got,
# so that is written down here: LKL_LAUNCHER="LIMIT BLOCKED IGNORED DESCRIPTOR...",
# the signals as the hexadecimal masks of /proc.
#
# Bash, because sh drops variables that it cannot name (functions that a bash has
# exported, for one); -p, so that it leaves such functions and BASH_ENV alone.

# Not from our own status: bash ignores SIGQUIT, but its children do not.
signals=$(sed -n 's/^Sig\(Blk\|Ign\):\s*//p' /proc/self/status)

inherited=
for fd in /proc/self/fd/*; do
	# One is of the directory (closed by now), one of this script.
	if [[ -e $fd && ! $fd -ef $0 ]]; then
		inherited="$inherited ${fd##*/}"
	fi
done

top=$(dirname "$(readlink -f "$0")")/..
script=$top/js/bin/lkl-hijack.js
[[ -e $script ]] || script=$top/lib/lkl-hijack/bin/lkl-hijack.js

LKL_LAUNCHER="$(ulimit -Sn) ${signals/$'\n'/ }$inherited" exec node "$script" "$@"
