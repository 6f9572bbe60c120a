// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl.c - Device control by descriptor, and of interfaces by any socket
 */
#include "fdtab.h"
#include "sigio.h"
#include "user.h"

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
	long lkl_fd;

	if (RAW(SYS_getsockopt, fd, SOL_SOCKET, SO_DOMAIN, &family, &len) ||
	    family != AF_UNIX)
		return false;
	*ret = kernel_need();
	if (*ret)
		return true;
	lkl_fd = LKL(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	*ret = lkl_fd;
	if (lkl_fd >= 0) {
		*ret = LKL(SYS_ioctl, lkl_fd, req, arg);
		LKL(SYS_close, lkl_fd);
	}
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
	int on;

	va_start(ap, req);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (entry > 0 && (req == FIOCLEX || req == FIONCLEX))
		return fcntl(fd, F_SETFD, req == FIOCLEX ? FD_CLOEXEC : 0);
	if (entry > 0 && sigio_ioctl(fd, entry - 1, req, arg, &ret))
		return libc_result(ret);
	if (entry > 0) {
		ret = libc_result(LKL(SYS_ioctl, entry - 1, req, arg));
		if (req == FIOASYNC && !ret && user_copy(&on, arg, sizeof(on)))
			sigio_async(fd, entry - 1, on);
		return ret;
	}
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
