/* SPDX-License-Identifier: GPL-2.0 */
/* Exception-table entries: fault address, where to go on, what to return. */
#ifndef _ASM_LKL_ASM_H
#define _ASM_LKL_ASM_H

#ifdef __ASSEMBLY__
#define _ASM_EXTABLE(from, to)			\
	.pushsection __ex_table, "a";		\
	.balign 4;				\
	.long (from) - .;			\
	.long (to) - .;				\
	.popsection
#else
/* The error code is always in %edx here: the fix-up stub sets it. */
#define _ASM_EXTABLE_EFAULT(from, to)				\
	".pushsection .text.fixup, \"ax\"\n"			\
	"3:	movl $-14, %%edx\n"				\
	"	jmp " #to "\n"					\
	".popsection\n"						\
	".pushsection __ex_table, \"a\"\n"			\
	".balign 4\n"						\
	".long " #from " - .\n"					\
	".long 3b - .\n"					\
	".popsection\n"
#endif

#endif
