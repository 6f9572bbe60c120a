// SPDX-License-Identifier: GPL-2.0
/* ops.c - The host operations of POSIX systems, and the life of the kernel */
#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "fds.h"
#include "host.h"
#include "raw.h"
#include "virtio/mmio.h"

/* Longest kernel command line, with its end. */
#define CMDLINE_MAX	4096

static const struct lkl_host_ops *host_ops HOST_KEPT = &lkl_host_ops;

static void (*panic_handler)(const char *msg) HOST_KEPT;

/* The image boots once in the life of the process. */
static bool started;

static unsigned long long now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static unsigned long long realtime(void)
{
	return now(CLOCK_REALTIME);
}

/** host_time() - Return: monotonic time in ns */
unsigned long long host_time(void)
{
	return now(CLOCK_MONOTONIC);
}

static void park(unsigned int *word, unsigned int val, long long timeout)
{
	struct timespec ts = { timeout / 1000000000, timeout % 1000000000 };

	RAW(SYS_futex, word, FUTEX_WAIT_PRIVATE, val, timeout < 0 ? NULL : &ts);
}

static void wake(unsigned int *word)
{
	RAW(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1);
}

static void random_bytes(void *buf, unsigned long len)
{
	while (len) {
		long n = RAW(SYS_getrandom, buf, len, 0);

		if (n <= 0)
			continue;
		buf = (char *)buf + n;
		len -= n;
	}
}

static void print(const char *str, int len)
{
	RAW(SYS_write, STDERR_FILENO, str, len);
}

static void panic(const char *msg)
{
	static const char head[] = "lkl: kernel panic: ";

	if (panic_handler)
		panic_handler(msg);
	RAW(SYS_write, STDERR_FILENO, head, sizeof(head) - 1);
	RAW(SYS_write, STDERR_FILENO, msg, strlen(msg));
	RAW(SYS_write, STDERR_FILENO, "\n", 1);
	abort();
}

void lkl_set_panic_handler(void (*handler)(const char *msg))
{
	panic_handler = handler;
}

static void halted(void)
{
}

const struct lkl_host_ops lkl_host_ops = {
	.mem_reserve	= host_mem_reserve,
	.mem_release	= host_mem_release,
	.mem_alias	= host_mem_alias,
	.mem_unalias	= host_mem_unalias,
	.mem_lend	= host_mem_lend,
	.mem_return	= host_mem_return,
	.time		= host_time,
	.realtime	= realtime,
	.timer_set	= host_timer_set,
	.wait		= host_wait,
	.kick		= host_kick,
	.park		= park,
	.wake		= wake,
	.watch		= host_watch,
	.unwatch	= host_unwatch,
	.fd_poll	= host_fd_poll,
	.wait_begins	= host_wait_begins,
	.guest_fd	= host_guest_fd,
	.guest_drop	= host_fd_drop,
	.guest_map	= host_guest_map,
	.guest_unmap	= host_guest_unmap,
	.guest_life	= host_guest_life,
	.guest_copy	= host_guest_copy,
	.guest_wake	= host_guest_wake,
	.guest_tell	= host_guest_tell,
	.mmio_read	= virtio_mmio_read,
	.mmio_write	= virtio_mmio_write,
	.spin_poll	= virtio_spin_poll,
	.idle		= virtio_idle,
	.cpus		= host_cpus,
	.random		= random_bytes,
	.print		= print,
	.panic		= panic,
	.halted		= halted,
};

int lkl_init(const struct lkl_host_ops *ops)
{
	if (lkl_image_running())
		return -EBUSY;
	host_ops = ops ? ops : &lkl_host_ops;
	return 0;
}

int lkl_start_kernel(const char *fmt, ...)
{
	struct lkl_thread *self = lkl_host_thread_self();
	char cmdline[CMDLINE_MAX];
	va_list ap;
	int err, n;

	va_start(ap, fmt);
	n = vsnprintf(cmdline, sizeof(cmdline), fmt, ap);
	va_end(ap);
	if (n < 0 || n >= (int)sizeof(cmdline))
		return -E2BIG;
	if (__atomic_exchange_n(&started, true, __ATOMIC_SEQ_CST))
		return -EBUSY;
	if (!self)
		return -ENOMEM;
	err = host_signals_init();
	if (!err)
		err = host_fork_init();
	if (!err && host_ops->wait == host_wait)
		err = host_wait_init();
	if (!err)
		err = virtio_boot_devices(cmdline + n, sizeof(cmdline) - n);
	if (err)
		return err;
	self->inside = 1;
	err = lkl_image_start(host_ops, self, cmdline);
	self->inside = 0;
	if (host_self->deferred)
		host_deliver(host_self);
	return err ? err : host_thread_start(lkl_image_helper);
}

int lkl_is_running(void)
{
	return host_is_guest || (!host_forked && lkl_image_running());
}

long lkl_sys_halt(void)
{
	return lkl_syscall(LKL_NR_halt, (long[6]){ 0 });
}

void lkl_cleanup(void)
{
	if (lkl_is_running() && !host_is_guest)
		lkl_sys_halt();
}

int lkl_printf(const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n > 0)
		host_ops->print(text, n < (int)sizeof(text) ? n :
				(int)sizeof(text) - 1);
	return n;
}
