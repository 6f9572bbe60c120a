// SPDX-License-Identifier: GPL-2.0
/*
 * epoll.c - epoll instances of the LKL kernel that hold descriptors of both
 *
 * Every epoll instance a program makes is LKL's, behind a placeholder like any
 * LKL descriptor, because it may hold LKL descriptors later. Host descriptors
 * are added under their proxies. Waiting is then one LKL call, and the
 * epoll_data of the program passes through it unseen.
 *
 * What Linux does by itself on close works here too: closing an LKL
 * descriptor removes it, closing a host descriptor closes its proxy, which
 * removes that. Linux would keep a host file that is still open under another
 * number, and report it under one that cannot be removed any more; nobody can
 * want that, and to find out takes a kcmp() with every other descriptor.
 *
 * A file that cannot be waited for (most regular files, directories, /dev/null)
 * cannot be added to an epoll instance of Linux (EPERM); its proxy could, so
 * the host is asked first.
 *
 * The LKL kernel sees events of the host while it waits. A wait that ends at
 * once, because it must or because something is ready, has the host looked at
 * first (lkl_host_look()), if there are instances with host descriptors. That
 * system call takes much longer than the rest of the wait, so what is ready
 * in the LKL kernel is returned without it when nobody can tell: the thread had
 * the host looked at in the last RECENT cycles, some microseconds, and has not
 * called the host since (host_stirred). What others do there in this time may
 * as well have come a moment later. A wait that finds nothing always looks.
 *
 * When the kernel is gone, in a guest, instances become the host's (gone.c).
 *
 * In the child of a fork, which has no LKL kernel, and for liblkl itself an
 * epoll instance is the host's: no network descriptor can be put into it.
 */
#include "wait.h"
#include "fdtab.h"
#include "gone.h"
#include "user.h"

/* Has a host descriptor ever been added to an instance? */
static bool mixed;

#if defined(__x86_64__)
#define RECENT		40000	/* 8 to 20 us, for 5 to 2 GHz */
#define cycles()	__builtin_ia32_rdtsc()
#else
#define RECENT		10000	/* ns */

static unsigned long long cycles(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}
#endif

/* When this thread last had the host looked at. */
static __thread unsigned long long looked
	__attribute__((tls_model("initial-exec")));

static void look(void)
{
	host_stirred = false;
	looked = cycles();
	lkl_host_look();
}

static bool is_mixed(void)
{
	return unlikely(__atomic_load_n(&mixed, __ATOMIC_RELAXED));
}

/**
 * epoll_look() - Let the LKL kernel know what instances hold that is ready
 *
 * Before poll() and select(), whose sets may have instances in them.
 */
void epoll_look(void)
{
	if (!is_mixed())
		return;
	lkl_host_wait_begins();
	look();
}

/**
 * take_ready() - Begin a wait; take what is ready if it can end here
 * @lkl_fd:	epoll instance
 * @evs:	receives events
 * @n:		how many at most
 *
 * Return: number of events, 0 if the wait has to go on, or a negative errno
 */
static long take_ready(int lkl_fd, struct epoll_event *evs, int n)
{
	long ret = 0;

	if (!is_mixed())
		return 0;
	if (!host_stirred && cycles() - looked <= RECENT) {
		lkl_host_wait_again();
		ret = LKL(SYS_epoll_wait, lkl_fd, evs, n, 0);
	}
	if (!ret)
		lkl_host_wait_begins();
	return ret;
}

/**
 * before_wait() - Let the LKL kernel know what is ready, if it will not wait
 * @lkl_fd:	epoll instance
 * @blocks:	may the call wait?
 *
 * Return: 0 or a negative errno: it shall not (the kernel is gone, and a signal
 * may have come before that was found)
 */
static long before_wait(int lkl_fd, bool blocks)
{
	struct pollfd p = { .fd = lkl_fd, .events = POLLIN };
	long ready = 1;

	if (!is_mixed())
		return 0;
	if (blocks)
		ready = LKL(SYS_poll, &p, 1, 0);
	if (ready > 0)
		look();
	return ready < 0 ? ready : 0;
}

/**
 * epoll_create1() - Make an epoll instance
 * @flags:	0 or EPOLL_CLOEXEC
 *
 * Return: descriptor, or -1 with errno
 */
EXPORT int epoll_create1(int flags)
{
	long fd, lkl_fd;

	if (CALLED_BY_HOSTLIB() || !kernel_usable())
		return fdtab_born(HOST(epoll_create1)(flags));
	fd = kernel_need();
	if (fd)
		return libc_result(fd);
	fd = fdtab_reserve(0);
	if (fd < 0)
		return libc_result(fd);
	lkl_fd = LKL(SYS_epoll_create1, flags);
	if (lkl_fd < 0) {
		fdtab_unreserve(fd);
		return gone_now(lkl_fd) ?
		       fdtab_born(HOST(epoll_create1)(flags)) :
		       libc_result(lkl_fd);
	}
	fdtab_install(fd, lkl_fd);
	gone_note_epoll(fd);
	return fd;
}

/**
 * epoll_create() - Make an epoll instance
 * @size:	any positive number
 *
 * Return: descriptor, or -1 with errno
 */
EXPORT int epoll_create(int size)
{
	if (size <= 0)
		return libc_result(-EINVAL);
	if (CALLED_BY_HOSTLIB())
		return fdtab_born(HOST(epoll_create)(size));
	return epoll_create1(0);
}

/**
 * try_host() - Would the host take a descriptor into an instance of its own?
 * @fd:	host descriptor, may be invalid
 *
 * Return: 0 or a negative errno (-EBADF, -EPERM)
 */
static long try_host(int fd)
{
	struct epoll_event ev = { 0 };
	struct stat st;
	long ep, ret;

	ret = RAW(SYS_fstat, fd, &st);
	if (ret || S_ISSOCK(st.st_mode) || S_ISFIFO(st.st_mode))
		return ret;
	ep = RAW(SYS_epoll_create1, EPOLL_CLOEXEC);
	if (ep < 0)	/* There is no number left: let it be. */
		return 0;
	ret = RAW(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, fd, &ev);
	RAW(SYS_close, ep);
	return ret;
}

/**
 * host_target() - LKL descriptor to use for a host descriptor
 * @op:	EPOLL_CTL_*
 * @fd:	host descriptor, may be invalid
 *
 * Return: LKL descriptor, or a negative errno as Linux would give it
 */
static long host_target(int op, int fd)
{
	int entry = fdtab_get(fd);
	long ret;

	if (op != EPOLL_CTL_ADD) {
		if (entry < 0)
			return -entry - 1;
		ret = RAW(SYS_fcntl, fd, F_GETFD);
		return ret < 0 ? ret : -ENOENT;
	}
	ret = try_host(fd);
	if (ret)
		return ret;
	__atomic_store_n(&mixed, true, __ATOMIC_RELAXED);
	return fdtab_proxy(fd);
}

/* Can the mask of a wait be read? Linux does so first. */
static inline bool has_mask(const sigset_t *mask)
{
	unsigned long bits;

	if (mask)
		USER_GET(bits, (const unsigned long *)mask, fault);
	return true;
fault:
	return false;
}

/* Is there what the kernel reads before it looks at a descriptor? */
static bool is_there(int op, const struct epoll_event *ev)
{
	struct epoll_event copy;

	return op == EPOLL_CTL_DEL || user_copy(&copy, ev, sizeof(copy));
}

/**
 * is_hosts_now() - Is the kernel gone, and an instance the host's therefore?
 * @ret:	what a call of the kernel has returned
 * @ep:		the instance
 */
static inline bool is_hosts_now(long ret, int ep)
{
	return gone_now(ret) && fdtab_get(ep) <= 0;
}

/* Milliseconds of a wait that are left; negative: it is for ever. */
static int ms_left(int ms, long long start)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000L };

	if (ms < 0)
		return ms;
	gone_shorten(&left, start);
	return left.tv_sec * 1000 + (left.tv_nsec + 999999) / 1000000;
}

/**
 * epoll_ctl() - Change what an epoll instance holds
 * @ep:		epoll instance
 * @op:		EPOLL_CTL_*
 * @fd:		descriptor it is about
 * @ev:		events and data
 *
 * Return: 0, or -1 with errno
 */
EXPORT int epoll_ctl(int ep, int op, int fd, struct epoll_event *ev)
{
	int ep_entry = fdtab_get(ep), entry = fdtab_get(fd);
	long lkl_fd, ret;

	if (ep_entry <= 0) {
		if (entry <= 0 || gone_now(-ENODEV))
			return HOST(epoll_ctl)(ep, op, fd, ev);
		if (!is_there(op, ev))
			return libc_result(-EFAULT);
		return libc_result(RAW(SYS_fcntl, ep, F_GETFD) < 0 ?
				   -EBADF : -EINVAL);
	}
	lkl_fd = entry > 0 ? entry - 1 : host_target(op, fd);
	ret = lkl_fd;
	if (lkl_fd < 0 && !is_there(op, ev))
		ret = -EFAULT;
	if (lkl_fd >= 0) {
		if (entry <= 0)	/* it asks what is ready now */
			lkl_host_wait_begins();
		ret = LKL(SYS_epoll_ctl, ep_entry - 1, op, lkl_fd, ev);
	}
	if (is_hosts_now(ret, ep))
		return HOST(epoll_ctl)(ep, op, fd, ev);
	if (!ret)
		gone_note_ctl(ep, op, fd, ev);
	return libc_result(ret);
}

/**
 * epoll_wait() - Wait for events
 * @ep:		epoll instance
 * @evs:	receives events
 * @n:		how many at most
 * @ms:		how long in milliseconds, negative for ever
 *
 * Return: number of events, or -1 with errno
 */
EXPORT int epoll_wait(int ep, struct epoll_event *evs, int n, int ms)
{
	long long start = gone_clock();
	int entry = fdtab_get(ep);
	long ret;

	if (unlikely(entry <= 0))
		return HOST(epoll_wait)(ep, evs, n, ms);
	cancellation_point();
	ret = take_ready(entry - 1, evs, n);
	if (!ret)
		ret = before_wait(entry - 1, ms);
	if (!ret)
		ret = LKL(SYS_epoll_wait, entry - 1, evs, n, ms);
	if (is_hosts_now(ret, ep))
		return HOST(epoll_wait)(ep, evs, n, ms_left(ms, start));
	return libc_result(ret);
}

/**
 * epoll_pwait() - epoll_wait() with a signal mask
 * @ep:		epoll instance
 * @evs:	receives events
 * @n:		how many at most
 * @ms:		how long in milliseconds, negative for ever
 * @mask:	signal mask while waiting, NULL for no change
 *
 * Return: number of events, or -1 with errno
 */
EXPORT int epoll_pwait(int ep, struct epoll_event *evs, int n, int ms,
		       const sigset_t *mask)
{
	long long start = gone_clock();
	int entry = fdtab_get(ep);
	long ret;

	if (unlikely(entry <= 0))
		return HOST(epoll_pwait)(ep, evs, n, ms, mask);
	cancellation_point();
	if (!has_mask(mask))
		return libc_result(-EFAULT);
	ret = take_ready(entry - 1, evs, n);
	if (!ret)
		ret = before_wait(entry - 1, ms);
	if (!ret)
		ret = WAIT_MASKED(mask, SYS_epoll_wait, entry - 1, evs, n, ms);
	if (is_hosts_now(ret, ep))
		return HOST(epoll_pwait)(ep, evs, n, ms_left(ms, start), mask);
	return libc_result(ret);
}

/**
 * epoll_pwait2() - epoll_pwait() with nanoseconds
 * @ep:		epoll instance
 * @evs:	receives events
 * @n:		how many at most
 * @ts:		how long, NULL for ever
 * @mask:	signal mask while waiting, NULL for no change
 *
 * Return: number of events, or -1 with errno
 */
EXPORT int epoll_pwait2(int ep, struct epoll_event *evs, int n,
			const struct timespec *ts, const sigset_t *mask)
{
	long long start = gone_clock();
	int entry = fdtab_get(ep);
	struct timespec left = { 0 };
	long ret;

	if (unlikely(entry <= 0))
		return HOST(epoll_pwait2)(ep, evs, n, ts, mask);
	cancellation_point();
	if ((ts && !user_timespec(&left, ts)) || !has_mask(mask))
		return libc_result(-EFAULT);
	ret = take_ready(entry - 1, evs, n);
	if (!ret)
		ret = before_wait(entry - 1, !ts || left.tv_sec || left.tv_nsec);
	if (!ret)
		ret = WAIT_MASKED(mask, SYS_epoll_pwait2, entry - 1, evs, n, ts,
				  NULL, 8);
	if (is_hosts_now(ret, ep)) {
		if (ts) {
			USER_GET(left.tv_sec, &ts->tv_sec, fault);
			USER_GET(left.tv_nsec, &ts->tv_nsec, fault);
			gone_shorten(&left, start);
		}
		return HOST(epoll_pwait2)(ep, evs, n, ts ? &left : NULL, mask);
	}
	return libc_result(ret);
fault:
	return libc_result(-EFAULT);
}
