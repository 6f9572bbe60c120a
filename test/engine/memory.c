// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - When the arena is full, and memory that has no page in it
 *
 * Each part runs in a child that boots a kernel of its own, so a panic is a
 * failed check and not the end. What the kernel does with pages of the caller
 * (O_DIRECT, MSG_ZEROCOPY, vmsplice, registered buffers) either works, byte for
 * byte, or fails with an error that is shown.
 */
#include "children.h"
#include "kernel.h"

#include <lkl/linux/io_uring.h>
#include <lkl/linux/loop.h>
#include <lkl/linux/mman.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#define PAGE		4096
#define CONNECTIONS	1000
#define ANSWER		16384

/** rss_kb() - Return: resident memory of this process in KiB */
static long rss_kb(void)
{
	long pages = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f && fscanf(f, "%ld %ld", &pages, &resident) != 2)
		resident = 0;
	if (f)
		fclose(f);
	return resident * 4;
}

static bool holds(const char *cmdline, bool (*part)(void))
{
	prctl(PR_SET_DUMPABLE, 0);
	kernel_boot(cmdline);
	return part();
}

/* A part in a child: all of its checks hold, and it comes back. */
static void run(const char *name, const char *cmdline, bool (*part)(void))
{
	ok(RUNS(holds(cmdline, part)), "%s", name);
}

/* Full */

static bool full_of_files(void)
{
	static char buf[1 << 20];
	long n = 0, fd, total = 0;

	for (int i = 0; i < 64 && n >= 0; i++) {
		char name[16];

		snprintf(name, sizeof(name), "/f%d", i);
		fd = lkl_sys_open(name, LKL_O_CREAT | LKL_O_RDWR, 0600);
		if (fd < 0)
			n = fd;
		else
			n = lkl_sys_write(fd, buf, sizeof(buf));
		if (n > 0)
			total += n;
		lkl_sys_close(fd);
	}
	printf("# files: %ld KiB, then %s\n", total >> 10, lkl_strerror(n));
	for (int i = 0; i < 64; i++) {
		char name[16];

		snprintf(name, sizeof(name), "/f%d", i);
		lkl_sys_unlink(name);
	}
	fd = lkl_sys_open("/after", LKL_O_CREAT | LKL_O_RDWR, 0600);
	return (n == -LKL_ENOSPC || n == -LKL_ENOMEM) && fd >= 0 &&
	       lkl_sys_write(fd, buf, sizeof(buf)) == sizeof(buf);
}

static bool full_of_sockets(void)
{
	static char buf[65536];
	static int fds[20000][2];
	int count = 0, pair[2];
	long n = 0;

	lkl_set_fd_limit(1 << 16);
	while (count < 20000) {
		n = lkl_sys_socketpair(LKL_AF_UNIX,
				       LKL_SOCK_STREAM | LKL_SOCK_NONBLOCK, 0,
				       fds[count]);
		if (n)
			break;
		count++;
		n = lkl_sys_send(fds[count - 1][0], buf, sizeof(buf),
				 LKL_MSG_DONTWAIT);
		if (n < 0)
			break;
	}
	printf("# %d socket pairs, then %s\n", count, lkl_strerror(n));
	while (count--) {
		lkl_sys_close(fds[count][0]);
		lkl_sys_close(fds[count][1]);
	}
	return n < 0 && !kernel_tcp_pair(pair) &&
	       lkl_sys_send(pair[0], buf, 100, 0) == 100;
}

static bool huge(void)
{
	long map = lkl_sys_mmap(0, 1UL << 40, LKL_PROT_READ | LKL_PROT_WRITE,
				LKL_MAP_PRIVATE | LKL_MAP_ANONYMOUS, -1, 0);
	int size = 1 << 30, fds[2];
	long pipe_size;

	must(!lkl_sys_pipe(fds));
	pipe_size = lkl_sys_fcntl(fds[0], LKL_F_SETPIPE_SZ, 1 << 30);
	must(!kernel_tcp_pair(fds));
	lkl_sys_setsockopt(fds[0], LKL_SOL_SOCKET, LKL_SO_SNDBUF, (char *)&size,
			   sizeof(size));
	printf("# mmap of 1 TiB: %s; pipe of 1 GiB: %s\n", lkl_strerror(map),
	       lkl_strerror(pipe_size));
	return map == -LKL_ENOMEM && pipe_size < 0;
}

/* Room for many connections */

static bool connections(void)
{
	static int fds[CONNECTIONS][2];
	static char out[ANSWER], in[ANSWER];
	long before, empty, n, got;

	lkl_set_fd_limit(1 << 16);
	before = rss_kb();
	for (int i = 0; i < CONNECTIONS; i++)
		if (kernel_tcp_pair(fds[i]))
			return false;
	empty = rss_kb();
	for (int i = 0; i < CONNECTIONS; i++) {
		pattern_fill(out, ANSWER, i, 0);
		if (lkl_sys_send(fds[i][1], out, ANSWER, 0) != ANSWER)
			return false;
	}
	printf("# RSS: %ld KiB, with %d connections %ld, each with 16 KiB %ld\n",
	       before, CONNECTIONS, empty, rss_kb());
	for (int i = 0; i < CONNECTIONS; i++) {
		for (got = 0; got < ANSWER; got += n) {
			n = lkl_sys_recv(fds[i][0], in + got, ANSWER - got, 0);
			if (n <= 0)
				return false;
		}
		if (!pattern_holds(in, ANSWER, i, 0))
			return false;
	}
	return true;
}

/* Pages of the caller */

static void *own_pages(size_t len)
{
	void *mem = mmap(NULL, len, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(mem != MAP_FAILED);
	return mem;
}

/** loop_device() - A block device of 1 MiB over a file; return: descriptor */
static long loop_device(int flags)
{
	long file, dev;

	lkl_sys_mkdir("/dev", 0755);
	lkl_sys_mknod("/dev/loop0", 0060600, 7 << 8);
	file = lkl_sys_open("/backing", LKL_O_CREAT | LKL_O_RDWR, 0600);
	must(file >= 0 && !lkl_sys_ftruncate(file, 1 << 20));
	dev = lkl_sys_open("/dev/loop0", LKL_O_RDWR, 0);
	if (dev < 0)
		printf("# /dev/loop0: %s\n", lkl_strerror(dev));
	must(dev >= 0 && !lkl_sys_ioctl(dev, LKL_LOOP_SET_FD, file));
	return lkl_sys_open("/dev/loop0", LKL_O_RDWR | flags, 0);
}

static bool direct(void)
{
	char *out = own_pages(4 * PAGE), *in = own_pages(4 * PAGE);
	long fd = loop_device(LKL_O_DIRECT), n, m;

	pattern_fill(out, 4 * PAGE, 1, 0);
	if (fd < 0)
		return printf("# open: %s\n", lkl_strerror(fd)) && false;
	n = lkl_sys_pwrite64(fd, out, 4 * PAGE, PAGE);
	m = lkl_sys_pread64(fd, in, 4 * PAGE, PAGE);
	printf("# O_DIRECT write: %ld, read: %ld\n", n, m);
	if (n < 0 && m < 0)
		return true;
	return n == 4 * PAGE && m == n && pattern_holds(in, m, 1, 0);
}

static bool zerocopy(void)
{
	char *out = own_pages(1 << 20), *in = malloc(1 << 20);
	int fds[2], one = 1;
	long n, m, got = 0;

	must(!kernel_tcp_pair(fds));
	n = lkl_sys_setsockopt(fds[0], LKL_SOL_SOCKET, LKL_SO_ZEROCOPY,
			       (char *)&one, sizeof(one));
	pattern_fill(out, 1 << 20, 2, 0);
	m = lkl_sys_send(fds[0], out, 1 << 20,
			 LKL_MSG_ZEROCOPY | LKL_MSG_DONTWAIT);
	printf("# SO_ZEROCOPY: %ld, MSG_ZEROCOPY: %ld\n", n, m);
	if (m < 0)
		return true;
	while (got < m) {
		n = lkl_sys_recv(fds[1], in + got, m - got, 0);
		if (n <= 0)
			return false;
		got += n;
	}
	return pattern_holds(in, m, 2, 0);
}

static bool vmsplice(void)
{
	char *out = own_pages(4 * PAGE), in[4 * PAGE];
	struct lkl_iovec iov = { out, 4 * PAGE };
	int fds[2];
	long n, m;

	must(!lkl_sys_pipe(fds));
	pattern_fill(out, 4 * PAGE, 3, 0);
	n = lkl_sys_vmsplice(fds[1], (void *)&iov, 1, 0);
	if (n < 0)
		return printf("# vmsplice: %s\n", lkl_strerror(n)) > 0;
	m = lkl_sys_read(fds[0], in, sizeof(in));
	printf("# vmsplice: %ld, read: %ld\n", n, m);
	return m == n && pattern_holds(in, m, 3, 0);
}

static bool uring(void)
{
	struct lkl_io_uring_params p = { 0 };
	char *mem = own_pages(PAGE);
	struct lkl_iovec iov = { mem, PAGE };
	long fd, reg, map;

	fd = lkl_sys_io_uring_setup(8, &p);
	if (fd < 0)
		return printf("# io_uring_setup: %s\n", lkl_strerror(fd)) > 0;
	reg = lkl_sys_io_uring_register(fd, LKL_IORING_REGISTER_BUFFERS, &iov,
					1);
	map = lkl_sys_mmap(0, p.sq_off.array + p.sq_entries * 4,
			   LKL_PROT_READ | LKL_PROT_WRITE, LKL_MAP_SHARED, fd,
			   LKL_IORING_OFF_SQ_RING);
	printf("# io_uring: registered buffers: %s; map of the ring: %s\n",
	       lkl_strerror(reg), map < 0 && map > -4096 ? lkl_strerror(map) :
	       "works");
	return true;
}

static bool aio(void)
{
	unsigned long ctx = 0;
	long err = lkl_sys_io_setup(8, (void *)&ctx);

	printf("# io_setup: %s\n", lkl_strerror(err));
	return true;
}

int main(void)
{
	run("mem=32M full of files", "mem=32M", full_of_files);
	run("mem=32M full of sockets", "mem=32M", full_of_sockets);
	run("huge requests fail", "mem=32M", huge);
	run("1000 connections in the default arena", "", connections);
	run("O_DIRECT", "", direct);
	run("MSG_ZEROCOPY", "", zerocopy);
	run("vmsplice", "", vmsplice);
	run("io_uring, registered buffers", "", uring);
	run("aio", "", aio);
	return tap_done();
}
