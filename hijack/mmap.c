// SPDX-License-Identifier: GPL-2.0
/*
 * mmap.c - Mappings of LKL descriptors
 *
 * What can be mapped are the rings of packet sockets; Linux's own answers tell
 * what is wrong with the rest. The LKL kernel knows where a ring is mapped, so it
 * has to hear of every munmap() from the first mapping on: it unmaps what has to
 * do with a ring, and leaves the rest to the host. A child of fork() does not
 * inherit rings; one that uses its parent's kernel maps them in a way of its own
 * (lkl_guest_map()).
 */
#include "fdtab.h"

/* Has anything of LKL been mapped? */
static bool has_mapped;

/**
 * map_lkl() - Map an LKL descriptor
 * @len:	bytes
 * @prot:	PROT_*
 * @flags:	MAP_*
 * @lkl_fd:	LKL descriptor
 * @off:	where in it
 *
 * A private mapping would be a copy in LKL's memory. Linux has none of these
 * files and sockets.
 *
 * Return: the address, or a negative errno
 */
static long map_lkl(size_t len, int prot, int flags, int lkl_fd, off_t off)
{
	long at;

	if (!process_is_owner() || (flags & MAP_TYPE) == MAP_PRIVATE)
		return -ENODEV;
	if (lkl_is_guest())
		at = flags & MAP_FIXED ? -EINVAL :
		     lkl_guest_map(len, prot, lkl_fd, off);
	else
		at = LKL(SYS_mmap, NULL, len, prot, flags, lkl_fd, off);
	if (at < 0 && at > -4096)
		return at;
	__atomic_store_n(&has_mapped, true, __ATOMIC_RELEASE);
	if (prot != (PROT_READ | PROT_WRITE))
		RAW(SYS_mprotect, at, len, prot);
	return at;
}

/**
 * mmap() - Map a descriptor
 * @addr:	hint, or with MAP_FIXED where; not for LKL descriptors
 * @len:	bytes
 * @prot:	PROT_*
 * @flags:	MAP_*
 * @fd:		descriptor
 * @off:	where in it
 *
 * Return: the address, or MAP_FAILED with errno
 */
EXPORT void *mmap(void *addr, size_t len, int prot, int flags, int fd,
		  off_t off)
{
	int entry = fdtab_get(fd);

	if (likely(entry <= 0) || flags & MAP_ANONYMOUS)
		return HOST(mmap)(addr, len, prot, flags, fd, off);
	return (void *)libc_result(map_lkl(len, prot, flags, entry - 1, off));
}

/* Tell the kernel of a munmap(). Return: true if that was all there is to do */
static bool unmapped(void *addr, size_t len)
{
	if (!lkl_is_guest())
		return !LKL(SYS_munmap, addr, len);
	lkl_guest_unmap(addr, len);
	return false;
}

/**
 * munmap() - Unmap a range of addresses
 * @addr:	of the range
 * @len:	bytes
 *
 * Return: 0, or -1 with errno
 */
EXPORT int munmap(void *addr, size_t len)
{
	if (unlikely(__atomic_load_n(&has_mapped, __ATOMIC_ACQUIRE)) &&
	    kernel_is_running() && process_is_owner() &&
	    !CALLED_BY_HOSTLIB() && unmapped(addr, len))
		return 0;
	return HOST(munmap)(addr, len);
}
