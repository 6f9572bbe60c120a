// SPDX-License-Identifier: GPL-2.0
/*
 * lent.c - Packet rings that a guest has mapped
 *
 * The guest makes memory for them, whose pages the keeper puts where the ring's
 * are in its kernel (memory.c). It can never become smaller, or the keeper
 * would not touch it.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "host.h"
#include "raw.h"

#define PAGE		4096UL
#define MAPS		32

/**
 * struct lent - A mapping
 * @at:		where it is, 0: there is none
 * @len:	bytes that are left
 * @nr:		number that the kernel knows it by
 */
static struct lent {
	unsigned long at;
	unsigned long len;
	long nr;
} maps[MAPS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Memory of a size that stays. Return: its descriptor, or a negative errno */
static long make_memory(unsigned long len)
{
	long fd = RAW(SYS_memfd_create, "lkl-ring",
		      MFD_CLOEXEC | MFD_ALLOW_SEALING);
	long err = fd;

	if (fd < 0)
		return fd;
	err = RAW(SYS_ftruncate, fd, len);
	if (!err)
		err = RAW(SYS_fcntl, fd, F_ADD_SEALS, F_SEAL_SHRINK);
	if (!err)
		return fd;
	RAW(SYS_close, fd);
	return err;
}

/* Another mapping of the same rings, NULL: this is the first one */
static struct lent *find_same(const struct lent *m)
{
	struct lent *same = maps;

	while (same < maps + MAPS &&
	       (same == m || !same->at || same->nr != m->nr))
		same++;
	return same < maps + MAPS ? same : NULL;
}

/* Map what another mapping shows: an old size of 0 duplicates it. */
static long map_same(const struct lent *same, unsigned long len, int prot)
{
	long at = same->len < len ? -EBUSY :	/* in pieces */
		  RAW(SYS_mremap, same->at, 0, len, MREMAP_MAYMOVE);

	if (at > 0)
		RAW(SYS_mprotect, at, len, prot);
	return at;
}

/* Map memory that the kernel uses by now. */
static long map_memory(struct lent *m, unsigned long len, int prot, int fd)
{
	const struct lent *same = find_same(m);
	long at = same ? map_same(same, len, prot) :
		  RAW(SYS_mmap, NULL, len, prot, MAP_SHARED, fd, 0);

	if (at < 0 && at > -4096) {
		lkl_syscall(SYS_munmap, (long[6]){ m->nr });
		return at;
	}
	RAW(SYS_madvise, at, len, MADV_DONTFORK);
	m->at = at;
	m->len = len;
	return at;
}

long lkl_guest_map(unsigned long len, int prot, int lkl_fd, long off)
{
	unsigned long size = (len + PAGE - 1) & -PAGE;
	struct lent *m = maps;
	long ret, fd;

	pthread_mutex_lock(&lock);
	while (m < maps + MAPS && m->at)
		m++;
	fd = m < maps + MAPS ? make_memory(size) : -ENODEV;
	ret = fd;
	if (fd >= 0) {
		ret = lkl_syscall(SYS_mmap, (long[6]){ fd, len, prot,
						       MAP_SHARED, lkl_fd,
						       off });
		m->nr = ret;
		if (ret >= 0)
			ret = map_memory(m, size, prot, fd);
		RAW(SYS_close, fd);
	}
	pthread_mutex_unlock(&lock);
	return ret;
}

/* A part goes, from either end; a hole in the middle does not count. */
static void cut(struct lent *m, unsigned long start, unsigned long end)
{
	unsigned long m_end = m->at + m->len;

	if (!m->at || m_end <= start || m->at >= end)
		return;
	if (m->at >= start && m_end <= end) {
		m->at = 0;
		lkl_syscall(SYS_munmap, (long[6]){ m->nr });
	} else if (m->at >= start) {
		m->len = m_end - end;
		m->at = end;
	} else if (m_end <= end) {
		m->len = start - m->at;
	}
}

void lkl_guest_unmap(const void *at, unsigned long len)
{
	unsigned long start = (unsigned long)at;

	pthread_mutex_lock(&lock);
	for (struct lent *m = maps; m < maps + MAPS; m++)
		cut(m, start, start + ((len + PAGE - 1) & -PAGE));
	pthread_mutex_unlock(&lock);
}

/** host_lent_forked() - In the child of a fork: those are the parent's */
void host_lent_forked(void)
{
	pthread_mutex_init(&lock, NULL);
	for (int i = 0; i < MAPS; i++)
		maps[i].at = 0;
}
