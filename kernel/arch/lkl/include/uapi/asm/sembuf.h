/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* The host's own ABI. */
#include <../arch/x86/include/uapi/asm/sembuf.h>
