/* SPDX-License-Identifier: GPL-2.0 */
#define LKL_RELOC
#include "vmlinux.lds.S"
