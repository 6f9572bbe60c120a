/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel.h - What the tests of the engine share: boot, loopback, clock, pattern
 */
#ifndef TEST_ENGINE_KERNEL_H
#define TEST_ENGINE_KERNEL_H

#include <lkl.h>
#include <lkl_posix.h>

#include <arpa/inet.h>
#include <time.h>

#include "../hijack/tap.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/** host_ns() - Return: monotonic time of the host in ns */
__attribute__((unused)) static long long host_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/** kernel_lo_up() - Bring the loopback interface up */
__attribute__((unused)) static void kernel_lo_up(void)
{
	struct lkl_ifreq ifr = { 0 };
	long fd = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_DGRAM, 0);

	must(fd >= 0);
	strcpy(ifr.lkl_ifr_name, "lo");
	ifr.lkl_ifr_flags = LKL_IFF_UP | LKL_IFF_RUNNING;
	must(!lkl_sys_ioctl(fd, LKL_SIOCSIFFLAGS, (long)&ifr));
	lkl_sys_close(fd);
}

/** kernel_boot() - Boot with a command line, loopback interface up */
__attribute__((unused)) static void kernel_boot(const char *cmdline)
{
	must(!lkl_init(&lkl_host_ops));
	must(!lkl_start_kernel("loglevel=4 %s", cmdline));
	kernel_lo_up();
}

/**
 * kernel_bound() - Make a socket bound to a free port of 127.0.0.1
 * @type:	LKL_SOCK_*
 * @sa:		receives its address
 *
 * Return: the socket, or a negative error number
 */
__attribute__((unused))
static long kernel_bound(int type, struct lkl_sockaddr_in *sa)
{
	long fd = lkl_sys_socket(LKL_AF_INET, type, 0);
	int len = sizeof(*sa);
	long err;

	memset(sa, 0, sizeof(*sa));
	sa->sin_family = LKL_AF_INET;
	sa->sin_addr.lkl_s_addr = htonl(LKL_INADDR_LOOPBACK);
	if (fd < 0)
		return fd;
	err = lkl_sys_bind(fd, (void *)sa, len);
	if (!err)
		err = lkl_sys_getsockname(fd, (void *)sa, &len);
	if (err)
		lkl_sys_close(fd);
	return err ? err : fd;
}

/**
 * kernel_tcp_pair() - Make two connected TCP sockets
 * @fds:	receives them
 *
 * Return: 0 or a negative error number
 */
__attribute__((unused)) static long kernel_tcp_pair(int fds[2])
{
	struct lkl_sockaddr_in sa;
	long listener = kernel_bound(LKL_SOCK_STREAM, &sa), err;

	if (listener < 0)
		return listener;
	err = lkl_sys_listen(listener, 1);
	fds[0] = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_STREAM, 0);
	fds[1] = -1;
	if (fds[0] < 0)
		err = fds[0];
	if (!err)
		err = lkl_sys_connect(fds[0], (void *)&sa, sizeof(sa));
	if (!err) {
		fds[1] = lkl_sys_accept(listener, NULL, NULL);
		err = fds[1] < 0 ? fds[1] : 0;
	}
	if (err && fds[0] >= 0)
		lkl_sys_close(fds[0]);
	lkl_sys_close(listener);
	return err;
}

/**
 * pattern() - The bytes of an endless stream
 * @seed:	which stream
 * @pos:	where in it
 *
 * Return: the byte there; eight in a row differ from any other eight
 */
__attribute__((unused))
static unsigned char pattern(unsigned int seed, unsigned long pos)
{
	unsigned long x = (pos / 8 + 1) * 0x9e3779b97f4a7c15UL ^ seed;

	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9UL;
	return x >> (8 * (pos % 8));
}

/** pattern_fill() - Write @len bytes of a stream to @buf */
__attribute__((unused))
static void pattern_fill(void *buf, size_t len, unsigned int seed,
			 unsigned long pos)
{
	for (size_t i = 0; i < len; i++)
		((unsigned char *)buf)[i] = pattern(seed, pos + i);
}

/** pattern_holds() - Return: true if @buf has the bytes of the stream */
__attribute__((unused))
static bool pattern_holds(const void *buf, size_t len, unsigned int seed,
			  unsigned long pos)
{
	for (size_t i = 0; i < len; i++)
		if (((const unsigned char *)buf)[i] != pattern(seed, pos + i))
			return false;
	return true;
}

#endif /* TEST_ENGINE_KERNEL_H */
