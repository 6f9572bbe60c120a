// SPDX-License-Identifier: GPL-2.0
/* asm-offsets.c - Kbuild wants it; our assembler code needs no offsets */
