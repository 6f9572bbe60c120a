// SPDX-License-Identifier: GPL-2.0
/*
 * range.c - The addresses whose system calls Linux lets pass
 *
 * From the lowest to the highest code of our libraries, which ld.so has mapped
 * side by side. What is free between them is made unusable, so that no code of
 * the program gets there.
 */
#include "trap.h"

#include <link.h>
#include <sys/prctl.h>

#define PR_SET_SYSCALL_USER_DISPATCH_ 59
#define PR_SYS_DISPATCH_ON_ 1

static unsigned long first = ~0UL, end;

/* The program that loads us makes no calls, and is far from the libraries. */
static int add_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	unsigned long from, to;

	if (!info->dlpi_name[0] || !strchr(info->dlpi_name, '/'))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
			continue;
		from = (info->dlpi_addr + p->p_vaddr) & ~4095UL;
		to = (info->dlpi_addr + p->p_vaddr + p->p_memsz + 4095) &
		     ~4095UL;
		first = from < first ? from : first;
		end = to > end ? to : end;
	}
	return 0;
}

/* Take what is free between two addresses. */
static void fill(unsigned long from, unsigned long to)
{
	if (from < first)
		from = first;
	if (to > end)
		to = end;
	if (from < to)
		mmap((void *)from, to - from, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
		     MAP_FIXED_NOREPLACE, -1, 0);
}

/**
 * trap_range_init() - Find the range
 *
 * Return: 0 or a negative errno
 */
int trap_range_init(void)
{
	unsigned long from, to, last = 0;
	char line[512];
	FILE *maps;

	dl_iterate_phdr(add_object, NULL);
	maps = fopen("/proc/self/maps", "re");
	if (!maps)
		return -errno;
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) != 2)
			continue;
		fill(last, from);
		last = to;
	}
	fclose(maps);
	return 0;
}

/**
 * trap_arm() - From now on calls of this thread outside the range are trapped
 *
 * Return: 0 or a negative errno (-EINVAL: Linux cannot do that)
 */
int trap_arm(void)
{
	return RAW(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH_,
		   PR_SYS_DISPATCH_ON_, first, end - first, NULL);
}
