/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_EXTABLE_H
#define _ASM_LKL_EXTABLE_H

#define ARCH_HAS_RELATIVE_EXTABLE

/* Both relative to their own address. */
struct exception_table_entry {
	int insn, fixup;
};

static inline unsigned long ex_fixup_addr(const struct exception_table_entry *e)
{
	return (unsigned long)&e->fixup + e->fixup;
}

#endif
