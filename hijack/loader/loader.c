// SPDX-License-Identifier: GPL-2.0
/*
 * loader.c - lkl-hijack-trap: a program that becomes another one
 *
 *	lkl-hijack-trap path name args...
 *
 * For programs that LD_PRELOAD does not work with. ld.so loads our libraries
 * here; see hijack/trap/call.c. The launcher starts it, nobody else should.
 */
#include <stdio.h>
#include <sysexits.h>

int lkl_hijack_trap(char **argv);

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: lkl-hijack-trap path name args...; start programs with lkl-hijack\n",
		      stderr);
		return EX_USAGE;
	}
	return lkl_hijack_trap(argv + 1);
}
