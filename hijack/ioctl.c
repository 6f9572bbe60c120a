// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl.c - Device control by descriptor, and of interfaces by any socket
 */
#include "fdtab.h"

#include <linux/sockios.h>

/**
 * is_net_config() - Is this request about interfaces, routes or neighbours?
 * @req:	request number
 *
 * Linux takes these on a socket of any family.
 *
 * Return: true if so
 */
static bool is_net_config(unsigned long req)
{
	return req >= SIOCADDRT && req <= SIOCPROTOPRIVATE + 15;
}

/**
 * control_socket() - LKL socket for requests that came on a host socket
 *
 * Return: LKL descriptor, or a negative errno
 */
static long control_socket(void)
{
	static int socket_plus_1;
	int none = 0;
	long fd;

	fd = __atomic_load_n(&socket_plus_1, __ATOMIC_ACQUIRE);
	if (fd)
		return fd - 1;
	fd = kernel_need();
	if (fd)
		return fd;
	fd = LKL(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
	    !__atomic_compare_exchange_n(&socket_plus_1, &none, fd + 1, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		LKL(SYS_close, fd);
		fd = none - 1;
	}
	return fd;
}

/**
 * on_host_socket() - A request about the network on a host descriptor
 * @fd:		host descriptor
 * @req:	request for which is_net_config() is true
 * @arg:	its argument
 * @ret:	receives the result, or a negative errno
 *
 * libpcap, for one, asks an AF_UNIX socket. Only the caller's network counts,
 * and that is LKL's.
 *
 * Return: true if the request was for LKL; false if @fd is no socket
 */
static bool on_host_socket(int fd, unsigned long req, void *arg, long *ret)
{
	socklen_t len = sizeof(int);
	int family;

	if (RAW(SYS_getsockopt, fd, SOL_SOCKET, SO_DOMAIN, &family, &len) ||
	    family != AF_UNIX)
		return false;
	*ret = control_socket();
	if (*ret >= 0)
		*ret = LKL(SYS_ioctl, *ret, req, arg);
	return true;
}

/**
 * ioctl() - Device control
 * @fd:		descriptor
 * @req:	request
 *
 * Return: depends on @req; -1 with errno for an error
 */
EXPORT int ioctl(int fd, unsigned long req, ...)
{
	int entry = fdtab_get(fd);
	va_list ap;
	void *arg;
	long ret;

	va_start(ap, req);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (entry > 0)
		return libc_result(LKL(SYS_ioctl, entry - 1, req, arg));
	if (unlikely(is_net_config(req)) && !CALLED_BY_HOSTLIB() &&
	    on_host_socket(fd, req, arg, &ret))
		return libc_result(ret);
	return HOST(ioctl)(fd, req, arg);
}

/**
 * isatty() - Is this descriptor a terminal?
 * @fd:	descriptor
 *
 * Return: 1, or 0 with errno
 */
EXPORT int isatty(int fd)
{
	int entry = fdtab_get(fd);
	struct termios t;

	if (entry <= 0)
		return HOST(isatty)(fd);
	return libc_result(LKL(SYS_ioctl, entry - 1, TCGETS, &t)) == 0;
}
