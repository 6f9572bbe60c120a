// SPDX-License-Identifier: GPL-2.0
/*
 * poll.c - poll, ppoll, select and pselect over descriptors of both kernels
 *
 * Theory of operation
 * -------------------
 * A set without an LKL descriptor is libc's business, unchanged. For any other
 * set the whole wait is one call of the LKL kernel: its own descriptors under
 * their own numbers, host descriptors under those of their proxies
 * (fdtab_proxy()), which LKL wakes like anything else. So there is one place
 * that waits, and what "ready" means is the kernel's own code.
 *
 * What the host descriptors are ready for at the start is asked in one system
 * call for all of them (lkl_host_ask()).
 *
 * In a guest whose kernel is gone the wait is the host's (gone.c).
 *
 * The sets are translated on the stack, up to SMALL descriptors; for a bigger
 * set memory is mapped (scratch.c). Nothing is kept between calls: the program may have
 * closed anything meanwhile.
 */
#include "wait.h"
#include "fdtab.h"
#include "gone.h"
#include "scratch.h"
#include "user.h"

/* Sets of up to this many descriptors are translated on the stack. */
#define SMALL 256

/* A number that no LKL descriptor has: poll() answers POLLNVAL for it. */
#define NOT_OPEN 0x7fffffff

/**
 * any_lkl() - Is one of the descriptors LKL's?
 * @fds:	set
 * @n:		how many
 *
 * Return: true if so; false also if they are not there: let the host say so
 */
static inline bool any_lkl(const struct pollfd *fds, nfds_t n)
{
	int fd;

	for (nfds_t i = 0; i < n; i++) {
		USER_GET(fd, &fds[i].fd, fault);
		if (fdtab_get(fd) > 0)
			return true;
	}
fault:
	return false;
}

/**
 * proxy_of() - LKL number of a descriptor in a set
 * @fd:		descriptor of the program
 * @hosts:	is added to if it is the host's
 * @n:		number of entries there, updated
 *
 * Return: the number, or a negative errno
 */
static int proxy_of(int fd, struct pollfd *hosts, unsigned int *n)
{
	int lkl_fd = fdtab_proxy(fd);

	if (lkl_fd >= 0 && fdtab_get(fd) < 0)
		hosts[(*n)++].fd = fd;
	return lkl_fd;
}

/**
 * before_wait() - Find out what the host descriptors of a set are ready for
 * @hosts:	the descriptors
 * @n:		how many
 */
static void before_wait(struct pollfd *hosts, unsigned int n)
{
	epoll_look();
	if (n) {
		lkl_host_wait_begins();
		lkl_host_ask(hosts, n);
	}
}

/**
 * poll_lkl() - Wait in the LKL kernel for a set that has an LKL descriptor
 * @fds:	set
 * @n:		how many
 * @ts:		how long, NULL for ever
 * @mask:	host signal mask while waiting, NULL for no change
 *
 * Return: number of descriptors that are ready, or a negative errno
 */
static __attribute__((noinline)) long
poll_lkl(struct pollfd *fds, nfds_t n, const struct timespec *ts,
	 const sigset_t *mask)
{
	struct pollfd small[2 * SMALL], *set = small, *hosts;
	long long start = gone_clock();
	struct timespec left;
	unsigned int asks = 0;
	int lkl_fd;
	long ret = -EFAULT;

	if (ts && !user_timespec(&left, ts))
		return -EFAULT;	/* the kernel writes to it, libc does not */
	if (n > SMALL) {
		set = scratch_take(2 * n * sizeof(*set));
		if (!set)
			return -ENOMEM;
	}
	hosts = set + n;
	for (nfds_t i = 0; i < n; i++) {
		USER_GET(set[i].fd, &fds[i].fd, end);
		USER_GET(set[i].events, &fds[i].events, end);
		set[i].revents = 0;
		if (set[i].fd < 0)
			continue;
		lkl_fd = proxy_of(set[i].fd, hosts, &asks);
		set[i].fd = lkl_fd < 0 ? NOT_OPEN : lkl_fd;
	}
	before_wait(hosts, asks);
	ret = WAIT_MASKED(mask, SYS_ppoll, set, n, ts ? &left : NULL, NULL, 8);
	if (gone_now(ret)) {
		gone_shorten(ts ? &left : NULL, start);
		ret = HOST(ppoll)(fds, n, ts ? &left : NULL, mask);
		ret = ret < 0 ? -errno : ret;
		goto end;
	}
	for (nfds_t i = 0; i < n && ret >= 0; i++)
		USER_PUT(set[i].revents, &fds[i].revents, fault);
end:
	if (set != small)
		scratch_give(set);
	return ret;
fault:
	ret = -EFAULT;
	goto end;
}

/**
 * poll() - Wait until a descriptor is ready
 * @fds:	set
 * @n:		how many
 * @ms:		how long in milliseconds, negative for ever
 *
 * Return: number of descriptors that are ready, or -1 with errno
 */
EXPORT int poll(struct pollfd *fds, nfds_t n, int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	if (likely(!any_lkl(fds, n)))
		return HOST(poll)(fds, n, ms);
	cancellation_point();
	return libc_result(poll_lkl(fds, n, ms < 0 ? NULL : &ts, NULL));
}

/**
 * ppoll() - poll() with nanoseconds and a signal mask
 * @fds:	set
 * @n:		how many
 * @ts:		how long, NULL for ever
 * @mask:	signal mask while waiting, NULL for no change
 *
 * Return: number of descriptors that are ready, or -1 with errno
 */
EXPORT int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *ts,
		 const sigset_t *mask)
{
	if (likely(!any_lkl(fds, n)))
		return HOST(ppoll)(fds, n, ts, mask);
	cancellation_point();
	return libc_result(poll_lkl(fds, n, ts, mask));
}

/* The three sets of a select(), as the words they are made of. */
#define WORD_BITS	(8 * (int)sizeof(long))
#define WORDS(n)	(((n) + WORD_BITS - 1) / WORD_BITS)
#define SETS		3

static inline bool bit_get(const long *set, int n)
{
	return set && (set[n / WORD_BITS] >> (n % WORD_BITS) & 1);
}

static inline void bit_set(long *set, int n)
{
	set[n / WORD_BITS] |= 1UL << (n % WORD_BITS);
}

/**
 * word_of() - Descriptors of one word that are in any of the sets
 * @sets:	sets, each may be NULL
 * @w:		index of the word
 * @n:		number of descriptors in the sets
 *
 * Return: their bits, 0 if a set is not there: the host says so, or can_write()
 */
static unsigned long word_of(long *const sets[SETS], int w, int n)
{
	unsigned long bits = 0, word;

	for (int s = 0; s < SETS; s++) {
		if (!sets[s])
			continue;
		USER_GET(word, (unsigned long *)sets[s] + w, fault);
		bits |= word;
	}
	if (n - w * WORD_BITS < WORD_BITS)
		bits &= ~(~0UL << (n - w * WORD_BITS));
	return bits;
fault:
	return 0;
}

/**
 * can_write() - Are sets where results can be written?
 * @sets:	sets, each may be NULL
 * @n:		number of descriptors in them
 *
 * Return: true if so
 */
static bool can_write(long *const sets[SETS], int n)
{
	long word;

	for (int i = 0; i < SETS * WORDS(n); i++) {
		if (!sets[i % SETS])
			continue;
		USER_GET(word, sets[i % SETS] + i / SETS, fault);
		USER_PUT(word, sets[i % SETS] + i / SETS, fault);
	}
	return true;
fault:
	return false;
}

/* for_each_fd() - every descriptor @fd below @n that is in any of @sets */
#define for_each_fd(fd, sets, n)					\
	for (int w_ = 0; w_ < WORDS(n); w_++)				\
		for (unsigned long b_ = word_of(sets, w_, n);		\
		     b_ && (fd = w_ * WORD_BITS + __builtin_ctzl(b_), 1); \
		     b_ &= b_ - 1)

/**
 * any_lkl_in_sets() - Is one of the descriptors LKL's?
 * @sets:	sets, each may be NULL
 * @n:		number of descriptors in them
 *
 * Return: true if so
 */
static bool any_lkl_in_sets(long *const sets[SETS], int n)
{
	int fd;

	if (n > fdtab_limit())
		n = fdtab_limit();
	for_each_fd(fd, sets, n)
		if (fdtab_get(fd) > 0)
			return true;
	return false;
}

/**
 * struct translation - Numbers of a select() in both kernels
 * @fd:		number of the program
 * @lkl_fd:	number in the LKL kernel
 */
struct translation {
	int fd;
	int lkl_fd;
};

/**
 * select_translated() - Wait with sets in LKL's numbers, and give the result
 * @map:	descriptors
 * @count:	how many
 * @top:	highest LKL number
 * @sets:	the program's sets, in and out
 * @n:		number of descriptors in them
 * @ts:		how long, updated; NULL for ever
 * @mask:	host signal mask while waiting, NULL for no change
 *
 * Return: number of bits set, or a negative errno
 */
static long select_translated(const struct translation *map, int count,
			      int top, long *const sets[SETS], int n,
			      struct timespec *ts, const sigset_t *mask)
{
	size_t words = WORDS(top + 1);
	long small[SETS * WORDS(1024)];
	long *buf = small, *mine[SETS];
	long ret;

	if (SETS * words > ARRAY_SIZE(small)) {
		buf = scratch_take(SETS * words * sizeof(*buf));
		if (!buf)
			return -ENOMEM;
	}
	memset(buf, 0, SETS * words * sizeof(*buf));
	for (int s = 0; s < SETS; s++) {
		mine[s] = sets[s] ? buf + s * words : NULL;
		for (int i = 0; i < count; i++)
			if (bit_get(sets[s], map[i].fd))
				bit_set(mine[s], map[i].lkl_fd);
	}
	ret = WAIT_MASKED(mask, SYS_pselect6, top + 1, mine[0], mine[1],
			  mine[2], ts, NULL);
	for (int s = 0; s < SETS && ret >= 0; s++) {
		if (!sets[s])
			continue;
		memset(sets[s], 0, WORDS(n) * sizeof(long));
		for (int i = 0; i < count; i++)
			if (bit_get(mine[s], map[i].lkl_fd))
				bit_set(sets[s], map[i].fd);
	}
	if (buf != small)
		scratch_give(buf);
	return ret;
}

/**
 * select_host() - The kernel is gone: wait on the host
 * @sets:	the program's sets, in and out
 * @n:		number of descriptors in them
 * @ts:		how long, updated; NULL for ever
 * @mask:	host signal mask while waiting, NULL for no change
 * @start:	gone_clock() at the beginning
 *
 * Return: number of bits set, or a negative errno
 */
static __attribute__((cold)) long
select_host(long *const sets[SETS], int n, struct timespec *ts,
	    const sigset_t *mask, long long start)
{
	long long again = gone_clock();
	long ret;

	gone_shorten(ts, start);
	ret = HOST(pselect)(n, (fd_set *)sets[0], (fd_set *)sets[1],
			    (fd_set *)sets[2], ts, mask);
	ret = ret < 0 ? -errno : ret;
	gone_shorten(ts, again);
	return ret;
}

/**
 * select_lkl() - Wait in the LKL kernel for sets that have an LKL descriptor
 * @sets:	the program's sets, in and out
 * @n:		number of descriptors in them
 * @ts:		how long, updated; NULL for ever
 * @mask:	host signal mask while waiting, NULL for no change
 *
 * Return: number of bits set, or a negative errno
 */
static __attribute__((noinline)) long
select_lkl(long *const sets[SETS], int n, struct timespec *ts,
	   const sigset_t *mask)
{
	struct translation small[SMALL], *map = small;
	struct pollfd few[SMALL], *hosts = few;
	long long start = gone_clock();
	int fd, count = 0, top = 0, i = 0;
	unsigned int asks = 0;
	long ret = 0;

	if (!can_write(sets, n))
		return -EFAULT;
	for_each_fd(fd, sets, n)
		count++;
	if (count > SMALL) {
		map = scratch_take(count * (sizeof(*map) + sizeof(*hosts)));
		if (!map)
			return -ENOMEM;
		hosts = (struct pollfd *)(map + count);
	}
	for_each_fd(fd, sets, n) {
		map[i].fd = fd;
		map[i].lkl_fd = proxy_of(fd, hosts, &asks);
		if (map[i].lkl_fd < 0)
			ret = map[i].lkl_fd;
		if (map[i].lkl_fd > top)
			top = map[i].lkl_fd;
		i++;
	}
	if (!ret)
		before_wait(hosts, asks);
	if (!ret)
		ret = select_translated(map, count, top, sets, n, ts, mask);
	if (gone_now(ret))
		ret = select_host(sets, n, ts, mask, start);
	if (map != small)
		scratch_give(map);
	return ret;
}

/**
 * select() - Wait until a descriptor is ready
 * @n:		number of descriptors in the sets
 * @in:		to read from, or NULL
 * @out:	to write to, or NULL
 * @ex:		with urgent data, or NULL
 * @tv:		how long, updated; NULL for ever
 *
 * Return: number of bits set, or -1 with errno
 */
EXPORT int select(int n, fd_set *restrict in, fd_set *restrict out,
		  fd_set *restrict ex, struct timeval *restrict tv)
{
	long *const sets[SETS] = { (long *)in, (long *)out, (long *)ex };
	struct timespec ts;
	long ret, s, us;

	n = fdtab_host_room(n);
	if (likely(!any_lkl_in_sets(sets, n)))
		return HOST(select)(n, in, out, ex, tv);
	cancellation_point();
	if (!tv)
		return libc_result(select_lkl(sets, n, NULL, NULL));
	USER_GET(s, &tv->tv_sec, fault);
	USER_GET(us, &tv->tv_usec, fault);
	if (s < 0 || us < 0)
		return libc_result(-EINVAL);
	ts.tv_sec = s + us / 1000000;
	ts.tv_nsec = us % 1000000 * 1000;
	ret = select_lkl(sets, n, &ts, NULL);
	USER_PUT(ts.tv_sec, &tv->tv_sec, end);
	USER_PUT(ts.tv_nsec / 1000, &tv->tv_usec, end);
end:
	return libc_result(ret);
fault:
	return libc_result(-EFAULT);
}

/**
 * pselect() - select() with nanoseconds and a signal mask
 * @n:		number of descriptors in the sets
 * @in:		to read from, or NULL
 * @out:	to write to, or NULL
 * @ex:		with urgent data, or NULL
 * @ts:		how long, NULL for ever
 * @mask:	signal mask while waiting, NULL for no change
 *
 * Return: number of bits set, or -1 with errno
 */
EXPORT int pselect(int n, fd_set *restrict in, fd_set *restrict out,
		   fd_set *restrict ex, const struct timespec *restrict ts,
		   const sigset_t *restrict mask)
{
	long *const sets[SETS] = { (long *)in, (long *)out, (long *)ex };
	struct timespec left;

	n = fdtab_host_room(n);
	if (likely(!any_lkl_in_sets(sets, n)))
		return HOST(pselect)(n, in, out, ex, ts, mask);
	cancellation_point();
	if (ts && !user_timespec(&left, ts))
		return libc_result(-EFAULT);
	return libc_result(select_lkl(sets, n, ts ? &left : NULL, mask));
}

/**
 * pselect6_routed() - The system call, which updates the time left
 * @a:		its arguments, may be changed
 * @ret:	receives its result, or -1 with errno
 *
 * Return: false if it is the host's, and has not been made
 */
bool pselect6_routed(long a[6], long *ret)
{
	long *const sets[SETS] = { (long *)a[1], (long *)a[2], (long *)a[3] };
	const sigset_t *mask = NULL;

	a[0] = fdtab_host_room(a[0]);
	if (!any_lkl_in_sets(sets, a[0]))
		return false;
	if (a[5])
		USER_GET(mask, (const sigset_t **)a[5], fault);
	*ret = libc_result(select_lkl(sets, a[0], (void *)a[4], mask));
	return true;
fault:
	*ret = libc_result(-EFAULT);
	return true;
}
