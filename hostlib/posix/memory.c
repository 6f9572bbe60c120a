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
 * What a guest has mapped, a packet ring, is memory that it has made. It takes
 * the place of the ring's pages for as long: the guest sees nothing else.
 *
 * Nobody may write to the page between the copy and the exchange. The virtual
 * CPU is held, so the kernel does not; and the pages are buffers of whoever
 * called vmap(): never a stack, never one that the program has mapped.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "fds.h"
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
 * @lent:	and: that of a guest has; NULL before the first
 * @aliases:	how many second addresses there are
 */
static struct arena {
	char *start;
	unsigned long size;
	char *shadow;
	unsigned long *shared;
	unsigned long *lent;
	unsigned int aliases;
} arena;

/**
 * reserve() - Memory that costs nothing before it is touched
 * @hint:	where it had best be, or NULL
 * @size:	bytes
 * @flags:	MAP_PRIVATE or MAP_SHARED, and MAP_FIXED to replace what is there
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

/* Bytes of a bit for each page of the arena. */
static unsigned long bits_size(void)
{
	return arena.size / PAGE / 8 + sizeof(long);
}

/* Return: a bit for each page of the arena, NULL if there is no room */
static unsigned long *make_bits(void)
{
	return (unsigned long *)reserve(NULL, bits_size(), MAP_PRIVATE);
}

/** make_shadow() - Return: whether there is a shadow */
static bool make_shadow(void)
{
	char *shadow;

	if (arena.shadow)
		return true;
	shadow = reserve(NULL, arena.size, MAP_SHARED);
	if (!shadow)
		return false;
	arena.shared = make_bits();
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

static bool is_lent(unsigned long page)
{
	return arena.lent && arena.lent[page / 64] >> page % 64 & 1;
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
		if (is_lent(offset / PAGE))
			return false;
		while (offset + size < end &&
		       !is_shared((offset + size) / PAGE) &&
		       !is_lent((offset + size) / PAGE))
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

/* How many of @count pages lie side by side from the first one on. */
static unsigned int run_of(void *const *pages, unsigned int count)
{
	unsigned int n = 1;

	while (n < count && (char *)pages[n] == (char *)pages[0] + n * PAGE)
		n++;
	return n;
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

		n = run_of(pages + i, count - i);
		if (!share(offset, offset + n * PAGE) ||
		    !duplicate(alias + i * PAGE, offset, n * PAGE)) {
			RAW(SYS_munmap, alias, count * PAGE);
			return NULL;
		}
	}
	arena.aliases++;
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
	arena.aliases--;
}

/**
 * host_mem_is_fixed() - Must the memory stay in this process?
 *
 * Return: true as long as pages have second addresses, of which there is no list
 */
bool host_mem_is_fixed(void)
{
	return __atomic_load_n(&arena.aliases, __ATOMIC_RELAXED);
}

static void inherit_area(void *area, unsigned long size)
{
	RAW(SYS_madvise, area, size, MADV_DOFORK);
}

static void disinherit_area(void *area, unsigned long size)
{
	RAW(SYS_madvise, area, size, MADV_DONTFORK);
}

/**
 * host_mem_inherit() - Is a child of fork to get the memory of the kernel?
 * @inherit:	true or, as ever, false
 *
 * And what it shares with guests. The kernel is held.
 */
void host_mem_inherit(bool inherit)
{
	void (*set)(void *, unsigned long) = inherit ? inherit_area :
						       disinherit_area;

	set(arena.start, arena.size);
	if (arena.shadow) {
		set(arena.shadow, arena.size);
		set(arena.shared, bits_size());
	}
	if (arena.lent)
		set(arena.lent, bits_size());
	lkl_image_areas(set);
}

static void set_bit_to(unsigned long *bits, unsigned long i, bool on)
{
	if (on)
		bits[i / 64] |= 1UL << i % 64;
	else
		bits[i / 64] &= ~(1UL << i % 64);
}

/* Note that pages side by side have been lent, or are back. */
static void mark_lent(const char *page, unsigned int count, bool lent)
{
	unsigned long i = (page - arena.start) / PAGE;

	for (; count--; i++) {
		set_bit_to(arena.lent, i, lent);
		if (arena.shadow)
			set_bit_to(arena.shared, i, false);
	}
}

/* Is it memory that cannot be taken away from us, and large enough? */
static bool is_lasting(int fd, unsigned long size)
{
	struct stat st;

	long seals = RAW(SYS_fcntl, fd, F_GET_SEALS);

	return seals > 0 && seals & F_SEAL_SHRINK &&
	       !RAW(SYS_fstat, fd, &st) && st.st_size >= (off_t)size;
}

static bool any_lent(void *const *pages, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (is_lent(((char *)pages[i] - arena.start) / PAGE))
			return true;
	return false;
}

/**
 * lend() - Let pages of a file take the place of the arena's
 * @fd:		the file
 * @pages:	pages of the arena
 * @count:	how many
 *
 * Return: how many have been replaced
 */
static unsigned int lend(int fd, void *const *pages, unsigned int count)
{
	unsigned int i, n;

	for (i = 0; i < count; i += n) {
		char *there, *here = pages[i];
		unsigned long size;

		n = run_of(pages + i, count - i);
		size = n * PAGE;
		there = (char *)RAW(SYS_mmap, NULL, size,
				    PROT_READ | PROT_WRITE, MAP_SHARED, fd,
				    i * PAGE);
		if ((long)there < 0 && (long)there > -4096)
			break;
		RAW(SYS_madvise, there, size, MADV_DONTFORK);
		memcpy(there, here, size);
		if (RAW(SYS_mremap, there, size, size,
			MREMAP_MAYMOVE | MREMAP_FIXED, here) != (long)here) {
			RAW(SYS_munmap, there, size);
			break;
		}
		mark_lent(here, n, true);
	}
	return i;
}

/**
 * host_mem_lend() - lkl_host_ops.mem_lend
 * @pid:	process of a guest
 * @fd:		its descriptor of shared memory
 * @pages:	pages of the arena
 * @count:	how many
 *
 * Return: 0 or a negative errno
 */
int host_mem_lend(int pid, int fd, void *const *pages, unsigned int count)
{
	unsigned int done;
	int mem;

	if (!arena.lent)
		arena.lent = make_bits();
	if (!arena.lent)
		return -ENOMEM;
	if (any_lent(pages, count))
		return -EBUSY;
	mem = host_guest_fd(pid, fd);
	if (mem < 0)
		return mem;
	if (!is_lasting(mem, count * PAGE)) {
		host_fd_drop(mem);
		return -EINVAL;
	}
	done = lend(mem, pages, count);
	host_fd_drop(mem);
	if (done == count)
		return 0;
	host_mem_return(pages, done);
	return -ENOMEM;
}

/**
 * host_mem_return() - lkl_host_ops.mem_return
 * @pages:	pages that host_mem_lend() was given
 * @count:	how many
 *
 * Where the host has no room for a copy the contents go: they are frames, and
 * the guest must not have a page that the kernel may use for something else.
 */
void host_mem_return(void *const *pages, unsigned int count)
{
	unsigned int n;

	for (unsigned int i = 0; i < count; i += n) {
		char *private, *here = pages[i];

		n = run_of(pages + i, count - i);
		mark_lent(here, n, false);
		private = reserve(NULL, n * PAGE, MAP_PRIVATE);
		if (!private) {
			reserve(here, n * PAGE, MAP_PRIVATE | MAP_FIXED);
			continue;
		}
		memcpy(private, here, n * PAGE);
		RAW(SYS_mremap, private, n * PAGE, n * PAGE,
		    MREMAP_MAYMOVE | MREMAP_FIXED, here);
	}
}
