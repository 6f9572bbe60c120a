/* SPDX-License-Identifier: GPL-2.0 */
/*
 * user.h - Memory that the program has named and that may not be there
 *
 * Linux says EFAULT where we would crash. An access that can fault has an entry
 * in a table, by which liblkl's handler of SIGSEGV finds where to go on
 * (user_fixup()). It costs nothing as long as the memory is there. What the host
 * is to say itself is left to it: what cannot be read is not LKL's.
 */
#ifndef HIJACK_USER_H
#define HIJACK_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#if defined(__x86_64__)
/* volatile: gcc 12 drops an asm goto whose outputs nobody uses (PR 103979). */

/* FIXUP() - the instruction at label 1 may fault: then go on at %l[fault] */
#define FIXUP(fault)							\
	".pushsection lkl_fixups, \"a\"\n\t"				\
	".balign 4\n\t"							\
	".long 1b - .\n\t"						\
	".long %l[" #fault "] - .\n\t"					\
	".popsection"

/* USER_GET() - load *@from to @to, or go to the label @fault */
#define USER_GET(to, from, fault)					\
	asm volatile goto("1:\tmov %1, %0\n\t" FIXUP(fault)			\
		 : "=r"(to) : "m"(*(from)) : : fault)

/* USER_PUT() - store @value to *@to, or go to the label @fault */
#define USER_PUT(value, to, fault)					\
	asm volatile goto("1:\tmov %1, %0\n\t" FIXUP(fault)			\
		 : "=m"(*(to)) : "r"(value) : : fault)

/* USER_COPY() - copy @n bytes, or go to the label @fault */
#define USER_COPY(to, from, n, fault)					\
	do {								\
		const void *from_ = (from);				\
		void *to_ = (to);					\
		size_t n_ = (n);					\
									\
		asm volatile goto("1:\trep movsb\n\t" FIXUP(fault)		\
			 : "+D"(to_), "+S"(from_), "+c"(n_)		\
			 : : "memory" : fault);				\
	} while (0)
#else
#define USER_COPY(to, from, n, fault)	memcpy(to, from, n)
#define USER_GET(to, from, fault)	((to) = *(from))
#define USER_PUT(value, to, fault)	(*(to) = (value))
#endif

#pragma GCC visibility push(hidden)

unsigned long user_fixup(unsigned long ip);
bool user_copy(void *to, const void *from, size_t n);
bool user_string(const char *s, size_t max);

/**
 * user_byte() - One byte of a text
 * @s:	text
 * @i:	index of the byte; those before it are there
 *
 * Return: the byte, which is the end if it is not there
 */
static inline char user_byte(const char *s, size_t i)
{
	char c;

	USER_GET(c, s + i, fault);
	return c;
fault:
	return '\0';
}

/**
 * user_timespec() - Copy a time of the program's
 * @to:		receives it
 * @from:	where it is
 *
 * Return: false if it is not there
 */
static inline bool user_timespec(struct timespec *to,
				 const struct timespec *from)
{
	long s, ns;

	USER_GET(s, &from->tv_sec, fault);
	USER_GET(ns, &from->tv_nsec, fault);
	to->tv_sec = s;
	to->tv_nsec = ns;
	return true;
fault:
	return false;
}

#pragma GCC visibility pop

#endif /* HIJACK_USER_H */
