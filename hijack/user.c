// SPDX-License-Identifier: GPL-2.0
/* user.c - Where to go on after a fault at memory that is not there */
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
