// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - The kernel's arena, and pages of it at second addresses
 *
 * The arena is private memory: what shared memory costs at every first touch
 * (half as much again), and at a fork, nearly all programs would pay for nothing.
 * Only file systems want pages side by side that are not (vmap(), for large
 * blocks and for compression), and there are few of those.
 *
 * So a page becomes shared when it first needs a second address. The shadow is
 * shared memory, as large as the arena, that nothing touches before that. The
 * page's contents are copied to the shadow, the shadow's page takes the place of
 * the private one, and is mapped at the second address as well: mremap() with an
 * old size of 0 duplicates a shared mapping. The page stays shared. No descriptor
 * is needed, neighbours become one mapping again, and MADV_DONTFORK goes along.
 *
 * Nobody may write to the page between the copy and the exchange. The virtual
 * CPU is held, so the kernel does not; and the pages are buffers of whoever
 * called vmap(): never a stack, never one that the program has mapped.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "host.h"
#include "raw.h"

/*
 * Where the arena had best be: below is less than the kernel looks through for
 * memory at boot (every page from 0 on), and programs do not grow up to here.
 */
#define MEM_HINT	0x200000000UL

#define PAGE		4096UL

/**
 * struct arena - The memory of the kernel
 * @start:	where it is
 * @size:	its size in bytes
 * @shadow:	shared memory for it, NULL before the first alias
 * @shared:	a bit for each page: the shadow's has taken its place
 */
static struct arena {
	char *start;
	unsigned long size;
	char *shadow;
	unsigned long *shared;
} arena;

/**
 * reserve() - Memory that costs nothing before it is touched
 * @hint:	where it had best be, or NULL
 * @size:	bytes
 * @flags:	MAP_PRIVATE or MAP_SHARED
 *
 * Return: the memory, NULL if there is none
 */
static char *reserve(void *hint, unsigned long size, int flags)
{
	long mem = RAW(SYS_mmap, hint, size, PROT_READ | PROT_WRITE,
		       flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (mem < 0 && mem > -4096)
		return NULL;
	RAW(SYS_madvise, mem, size, MADV_DONTFORK);	/* see fork.c */
	return (char *)mem;
}

/**
 * host_mem_reserve() - lkl_host_ops.mem_reserve
 * @size:	bytes
 * @align:	alignment, a power of 2
 *
 * Return: the arena, NULL if there is no room
 */
void *host_mem_reserve(unsigned long size, unsigned long align)
{
	char *mem = reserve((void *)MEM_HINT, size + align, MAP_PRIVATE);
	char *start;

	if (!mem)
		return NULL;
	start = (char *)(((unsigned long)mem + align - 1) & -align);
	if (start > mem)
		RAW(SYS_munmap, mem, start - mem);
	RAW(SYS_munmap, start + size, align - (start - mem));
	arena = (struct arena){ .start = start, .size = size };
	return start;
}

/**
 * host_mem_release() - lkl_host_ops.mem_release
 * @mem:	the arena
 * @size:	bytes
 */
void host_mem_release(void *mem, unsigned long size)
{
	RAW(SYS_munmap, mem, size);
}

/** make_shadow() - Return: whether there is a shadow */
static bool make_shadow(void)
{
	unsigned long map_size = arena.size / PAGE / 8 + sizeof(long);
	char *shadow;

	if (arena.shadow)
		return true;
	shadow = reserve(NULL, arena.size, MAP_SHARED);
	if (!shadow)
		return false;
	arena.shared = (unsigned long *)reserve(NULL, map_size, MAP_PRIVATE);
	if (!arena.shared) {
		RAW(SYS_munmap, shadow, arena.size);
		return false;
	}
	arena.shadow = shadow;
	return true;
}

/**
 * duplicate() - Map a part of the shadow at one more address
 * @to:		that address; what is there goes
 * @offset:	of the part
 * @size:	bytes
 *
 * A host that has no room for more mappings says so before anything is gone.
 *
 * Return: whether the host did it
 */
static bool duplicate(char *to, unsigned long offset, unsigned long size)
{
	return RAW(SYS_mremap, arena.shadow + offset, 0, size,
		   MREMAP_MAYMOVE | MREMAP_FIXED, to) == (long)to;
}

static bool is_shared(unsigned long page)
{
	return arena.shared[page / 64] >> page % 64 & 1;
}

/**
 * share() - Let the shadow's pages take the place of the arena's
 * @offset:	of the first page
 * @end:	of the last
 *
 * Return: whether that is so now
 */
static bool share(unsigned long offset, unsigned long end)
{
	unsigned long size;

	for (; offset < end; offset += size) {
		size = PAGE;
		if (is_shared(offset / PAGE))
			continue;
		while (offset + size < end &&
		       !is_shared((offset + size) / PAGE))
			size += PAGE;
		memcpy(arena.shadow + offset, arena.start + offset, size);
		if (!duplicate(arena.start + offset, offset, size))
			return false;
		for (unsigned long i = offset; i < offset + size; i += PAGE)
			arena.shared[i / PAGE / 64] |= 1UL << i / PAGE % 64;
		/* Or the resident set counts them at this address, too. */
		RAW(SYS_madvise, arena.shadow + offset, size, MADV_DONTNEED);
	}
	return true;
}

/**
 * host_mem_alias() - lkl_host_ops.mem_alias
 * @pages:	pages of the arena
 * @count:	how many
 *
 * Return: where they are side by side, NULL if the host cannot do it
 */
void *host_mem_alias(void *const *pages, unsigned int count)
{
	char *alias;
	unsigned int n;

	if (!make_shadow())
		return NULL;
	alias = reserve(NULL, count * PAGE, MAP_PRIVATE);
	if (!alias)
		return NULL;
	for (unsigned int i = 0; i < count; i += n) {
		unsigned long offset = (char *)pages[i] - arena.start;

		for (n = 1; i + n < count; n++) {
			if ((char *)pages[i + n] !=
			    (char *)pages[i] + n * PAGE)
				break;
		}
		if (!share(offset, offset + n * PAGE) ||
		    !duplicate(alias + i * PAGE, offset, n * PAGE)) {
			host_mem_unalias(alias, count);
			return NULL;
		}
	}
	return alias;
}

/**
 * host_mem_unalias() - lkl_host_ops.mem_unalias
 * @alias:	what host_mem_alias() returned
 * @count:	the same
 */
void host_mem_unalias(void *alias, unsigned int count)
{
	RAW(SYS_munmap, alias, count * PAGE);
}
