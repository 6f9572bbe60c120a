// SPDX-License-Identifier: GPL-2.0
/* user.c - Memory that may not be there, and where to go on after a fault */
#include "kernel.h"
#include "user.h"

#if defined(__x86_64__)
/**
 * struct fixup - An instruction that may fault
 * @ip:		its address, and
 * @next:	where to go on; both relative to where they are written
 */
struct fixup {
	int32_t ip;
	int32_t next;
};

extern const struct fixup __start_lkl_fixups[], __stop_lkl_fixups[];

/**
 * user_fixup() - Is this the address of an access that may fault?
 * @ip:	faulting instruction
 *
 * Return: where to go on, 0 if it is none. Async-signal-safe.
 */
unsigned long user_fixup(unsigned long ip)
{
	const struct fixup *f = __start_lkl_fixups;

	for (; f < __stop_lkl_fixups; f++)
		if ((unsigned long)&f->ip + f->ip == ip)
			return (unsigned long)&f->next + f->next;
	return 0;
}
#else
unsigned long user_fixup(unsigned long ip)
{
	return 0;
}
#endif

/**
 * user_copy() - Copy from or to memory of the program
 * @to:		destination
 * @from:	source
 * @n:		bytes
 *
 * Return: false if either is not there
 */
bool user_copy(void *to, const void *from, size_t n)
{
	USER_COPY(to, from, n, fault);
	return true;
fault:
	return false;
}

#define PAGE 4096

/**
 * user_string() - Is a text there, up to its end?
 * @s:		text
 * @max:	as long as it may be, with the end
 *
 * Return: true if so
 */
bool user_string(const char *s, size_t max)
{
	size_t here, len;
	char c;

	for (; max; s += here, max -= here) {
		USER_GET(c, s, fault);
		here = PAGE - (uintptr_t)s % PAGE;
		if (here > max)
			here = max;
		len = c ? strnlen(s, here) : 0;
		if (len < here)
			return true;
	}
fault:
	return false;
}
