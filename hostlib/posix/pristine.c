// SPDX-License-Identifier: GPL-2.0
/*
 * pristine.c - The library as it was before its kernel booted
 *
 * Theory of operation
 * -------------------
 * A kernel boots once in the life of its image: nobody puts its variables back.
 * But all of them, and ours, are in one segment of the library; the rest of the
 * kernel is in memory that a child of fork does not get. So a copy of that
 * segment, made before the boot, is all that a child needs to boot a kernel of
 * its own: written back, the library is as it has just been loaded.
 *
 * Exempt is what libc, the host or the program has been told of (HOST_KEPT):
 * handlers of signals and of fork, the key of our thread-local data.
 *
 * The copy is made once; nobody writes to it, so all children share it. Only what
 * differs is written, there and back: pages that are all zero cost no memory,
 * and those that nobody has changed since the start stay those of the file.
 */
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <sys/mman.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "host.h"

/* What the linker knows of the exempt variables. */
extern char __start_lkl_kept[], __stop_lkl_kept[];

/**
 * struct pristine - The copy
 * @data:	the segment: its page-aligned start,
 * @size:	its size in bytes, whole words
 * @copy:	as it was; NULL: there is no copy
 */
static struct pristine {
	unsigned long *data;
	size_t size;
	unsigned long *copy;
} pristine HOST_KEPT;

/**
 * find_data() - Find the writable segment that we are in
 * @info:	an object that is loaded
 * @size:	size of @info
 * @data:	struct pristine that receives it
 *
 * Return: 1 when it has been found, 0 to go on, -EOPNOTSUPP: it is not ours
 * alone, we are linked into the program
 */
static int find_data(struct dl_phdr_info *info, size_t size, void *data)
{
	unsigned long us = (unsigned long)&pristine, start, end;
	struct pristine *p = data;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		start = info->dlpi_addr + ph->p_vaddr;
		end = (start + ph->p_memsz) & -sizeof(long);
		if (ph->p_type != PT_LOAD || us < start || us >= end)
			continue;
		start = (start + sizeof(long) - 1) & -sizeof(long);
		p->data = (unsigned long *)start;
		p->size = end - start;
		return *info->dlpi_name ? 1 : -EOPNOTSUPP;
	}
	return 0;
}

/**
 * copy_words() - Copy words, where they differ
 * @to:		where to
 * @from:	where from
 * @end:	and its end
 *
 * By hand: a sanitizer knows of places here that memcpy() must not touch.
 */
static __attribute__((no_sanitize("address", "undefined")))
void copy_words(volatile unsigned long *to, const volatile unsigned long *from,
		const volatile unsigned long *end)
{
	for (; from < end; to++, from++)
		if (*to != *from)
			*to = *from;
}

int lkl_fork_prepare(void)
{
	struct pristine p = { };
	int err;

	if (pristine.copy)
		return 0;
	err = dl_iterate_phdr(find_data, &p);
	if (err < 0)
		return err;
	p.copy = mmap(NULL, p.size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p.copy == MAP_FAILED)
		return -errno;
	copy_words(p.copy, p.data, p.data + p.size / sizeof(long));
	mprotect(p.copy, p.size, PROT_READ);
	pristine = p;
	return 0;
}

int lkl_fork_renew(void)
{
	size_t kept = (__start_lkl_kept - (char *)pristine.data) / sizeof(long);
	size_t more = (__stop_lkl_kept - (char *)pristine.data +
		       sizeof(long) - 1) / sizeof(long);

	if (!host_forked || !pristine.copy)
		return -EINVAL;
	copy_words(pristine.data, pristine.copy, pristine.copy + kept);
	copy_words(pristine.data + more, pristine.copy + more,
		   pristine.copy + pristine.size / sizeof(long));
	return 0;
}
