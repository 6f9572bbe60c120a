/* SPDX-License-Identifier: GPL-2.0 */
/*
 * user.h - Memory that the program has named and that may not be there
 *
 * Linux says EFAULT where we would crash. An access that can fault has an entry
 * in a table, by which liblkl's handler of SIGSEGV finds where to go on
 * (user_fixup()). It costs nothing as long as the memory is there. The handler
 * is there once there is a kernel.
 */
#ifndef HIJACK_USER_H
#define HIJACK_USER_H

#if defined(__x86_64__)
/* FIXUP() - the instruction at label 1 may fault: then go on at %l[fault] */
#define FIXUP(fault)							\
	".pushsection lkl_fixups, \"a\"\n\t"				\
	".balign 4\n\t"							\
	".long 1b - .\n\t"						\
	".long %l[" #fault "] - .\n\t"					\
	".popsection"

/* USER_GET() - load *@from to @to, or go to the label @fault */
#define USER_GET(to, from, fault)					\
	asm goto("1:\tmov %1, %0\n\t" FIXUP(fault)			\
		 : "=r"(to) : "m"(*(from)) : : fault)

/* USER_PUT() - store @value to *@to, or go to the label @fault */
#define USER_PUT(value, to, fault)					\
	asm goto("1:\tmov %1, %0\n\t" FIXUP(fault)			\
		 : "=m"(*(to)) : "r"(value) : : fault)
#else
#define USER_GET(to, from, fault)	((to) = *(from))
#define USER_PUT(value, to, fault)	(*(to) = (value))
#endif

#pragma GCC visibility push(hidden)

unsigned long user_fixup(unsigned long ip);

#pragma GCC visibility pop

#endif /* HIJACK_USER_H */
