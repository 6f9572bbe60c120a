// SPDX-License-Identifier: GPL-2.0
/*
 * raw_calls.c - System calls that the program makes by number
 *
 * The routing of calls.def once more, by system call number: rows that go by
 * descriptor or by name become a table, calls with a body of their own are
 * made through our wrapper of the same meaning.
 */
#include "clone.h"
#include "exit.h"
#include "names.h"
#include "raw_calls.h"
#include "user.h"
#include "wait.h"

#include <sys/pidfd.h>
#include <sys/resource.h>

enum raw_route {
	RAW_HOST,
	RAW_FD,
	RAW_SEND,
	RAW_PATH,
	RAW_AT,
	RAW_OWN,
	RAW_CLONE,
	RAW_BORN,
	RAW_SELECT,
	RAW_OPENAT2,
	RAW_MISSING,
};

/* Several libc calls share a number and a route: send and sendto, ... */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const unsigned char raw_routes[512] = {
#define FDX(kind, ret, name, nr, params, args, kargs) [nr] = RAW_FD,
#define SENDX(ret, name, nr, flags, params, args, kargs) [nr] = RAW_SEND,
#define PATH(ret, name, nr, params, args, kargs) [nr] = RAW_PATH,
#define AT(ret, name, nr, params, args, kargs) [nr] = RAW_AT,
#include "calls.def"
	[SYS_getdents] = RAW_FD,
	[SYS_fadvise64] = RAW_FD,
	[SYS_faccessat] = RAW_AT,
	[SYS_fchmodat] = RAW_AT,
	[SYS_openat2] = RAW_OPENAT2,
	[SYS_io_uring_setup] = RAW_MISSING,
	[SYS_io_uring_enter] = RAW_MISSING,
	[SYS_io_uring_register] = RAW_MISSING,
	[SYS_socket] = RAW_OWN,
	[SYS_socketpair] = RAW_OWN,
	[SYS_pipe] = RAW_OWN,
	[SYS_pipe2] = RAW_OWN,
	[SYS_accept] = RAW_OWN,
	[SYS_accept4] = RAW_OWN,
	[SYS_sendmsg] = RAW_OWN,
	[SYS_sendmmsg] = RAW_OWN,
	[SYS_recvmsg] = RAW_OWN,
	[SYS_recvmmsg] = RAW_OWN,
	[SYS_sendfile] = RAW_OWN,
	[SYS_splice] = RAW_OWN,
	[SYS_tee] = RAW_OWN,
	[SYS_vmsplice] = RAW_OWN,
	[SYS_copy_file_range] = RAW_OWN,
	[SYS_mmap] = RAW_OWN,
	[SYS_munmap] = RAW_OWN,
	[SYS_close] = RAW_OWN,
	[SYS_close_range] = RAW_OWN,
	[SYS_dup] = RAW_OWN,
	[SYS_dup2] = RAW_OWN,
	[SYS_dup3] = RAW_OWN,
	[SYS_pidfd_getfd] = RAW_OWN,
	[SYS_fcntl] = RAW_OWN,
	[SYS_ioctl] = RAW_OWN,
	[SYS_fstat] = RAW_OWN,
	[SYS_poll] = RAW_OWN,
	[SYS_ppoll] = RAW_OWN,
	[SYS_select] = RAW_OWN,
	[SYS_pselect6] = RAW_SELECT,
	[SYS_epoll_create] = RAW_OWN,
	[SYS_epoll_create1] = RAW_OWN,
	[SYS_epoll_ctl] = RAW_OWN,
	[SYS_epoll_wait] = RAW_OWN,
	[SYS_epoll_pwait] = RAW_OWN,
	[SYS_epoll_pwait2] = RAW_OWN,
	[SYS_open] = RAW_OWN,
	[SYS_openat] = RAW_OWN,
	[SYS_creat] = RAW_OWN,
	[SYS_chdir] = RAW_OWN,
	[SYS_fchdir] = RAW_OWN,
	[SYS_getcwd] = RAW_OWN,
	[SYS_execve] = RAW_OWN,
	[SYS_execveat] = RAW_OWN,
	[SYS_clone] = RAW_CLONE,
	[SYS_exit_group] = RAW_OWN,
	[SYS_prlimit64] = RAW_OWN,
	[SYS_getrlimit] = RAW_OWN,
	[SYS_setrlimit] = RAW_OWN,
	[SYS_eventfd] = RAW_BORN,
	[SYS_eventfd2] = RAW_BORN,
	[SYS_timerfd_create] = RAW_BORN,
	[SYS_signalfd] = RAW_BORN,
	[SYS_signalfd4] = RAW_BORN,
	[SYS_inotify_init] = RAW_BORN,
	[SYS_inotify_init1] = RAW_BORN,
	[SYS_memfd_create] = RAW_BORN,
	[SYS_pidfd_open] = RAW_BORN,
};
#pragma GCC diagnostic pop

/* Can the time of a wait be read, if there is one? libc looks at it itself. */
static bool has_time(long time)
{
	struct timespec ts;

	return !time || user_copy(&ts, (void *)time, sizeof(ts));
}

/**
 * raw_own() - A call that has a wrapper with a body of its own
 * @nr:	number, RAW_OWN in the table
 * @a:	arguments
 *
 * Return: as the wrapper: the result, or -1 with errno
 */
static long raw_own(long nr, const long a[6])
{
	switch (nr) {
	case SYS_socket:
		return socket(a[0], a[1], a[2]);
	case SYS_socketpair:
		return socketpair(a[0], a[1], a[2], (int *)a[3]);
	case SYS_pipe:
		return pipe((int *)a[0]);
	case SYS_pipe2:
		return pipe2((int *)a[0], a[1]);
	case SYS_accept:
		return accept(a[0], (void *)a[1], (void *)a[2]);
	case SYS_accept4:
		return accept4(a[0], (void *)a[1], (void *)a[2], a[3]);
	case SYS_sendmsg:
		return sendmsg(a[0], (void *)a[1], a[2]);
	case SYS_sendmmsg:
		return sendmmsg(a[0], (void *)a[1], a[2], a[3]);
	case SYS_recvmsg:
		return recvmsg(a[0], (void *)a[1], a[2]);
	case SYS_recvmmsg:
		return recvmmsg(a[0], (void *)a[1], a[2], a[3], (void *)a[4]);
	case SYS_sendfile:
		return sendfile(a[0], a[1], (void *)a[2], a[3]);
	case SYS_splice:
		return splice(a[0], (void *)a[1], a[2], (void *)a[3], a[4],
			      a[5]);
	case SYS_tee:
		return tee(a[0], a[1], a[2], a[3]);
	case SYS_vmsplice:
		return vmsplice(a[0], (void *)a[1], a[2], a[3]);
	case SYS_copy_file_range:
		return copy_file_range(a[0], (void *)a[1], a[2], (void *)a[3],
				       a[4], a[5]);
	case SYS_mmap:
		return (long)mmap((void *)a[0], a[1], a[2], a[3], a[4], a[5]);
	case SYS_munmap:
		return munmap((void *)a[0], a[1]);
	case SYS_close:
		return close(a[0]);
	case SYS_close_range:
		return close_range(a[0], a[1], a[2]);
	case SYS_dup:
		return dup(a[0]);
	case SYS_dup2:
		return dup2(a[0], a[1]);
	case SYS_dup3:
		return dup3(a[0], a[1], a[2]);
	case SYS_pidfd_getfd:
		return pidfd_getfd(a[0], a[1], a[2]);
	case SYS_fcntl:
		return fcntl(a[0], a[1], a[2]);
	case SYS_ioctl:
		return ioctl(a[0], a[1], a[2]);
	case SYS_fstat:
		return fstat(a[0], (void *)a[1]);
	case SYS_poll:
		return poll((void *)a[0], a[1], a[2]);
	case SYS_ppoll:
		if (!has_time(a[2]))
			return libc_result(-EFAULT);
		return ppoll((void *)a[0], a[1], (void *)a[2], (void *)a[3]);
	case SYS_select:
		if (!has_time(a[4]))
			return libc_result(-EFAULT);
		return select(a[0], (void *)a[1], (void *)a[2], (void *)a[3],
			      (void *)a[4]);
	case SYS_epoll_create:
		return epoll_create(a[0]);
	case SYS_epoll_create1:
		return epoll_create1(a[0]);
	case SYS_epoll_ctl:
		return epoll_ctl(a[0], a[1], a[2], (void *)a[3]);
	case SYS_epoll_wait:
		return epoll_wait(a[0], (void *)a[1], a[2], a[3]);
	case SYS_epoll_pwait:
		return epoll_pwait(a[0], (void *)a[1], a[2], a[3],
				   (void *)a[4]);
	case SYS_epoll_pwait2:
		return epoll_pwait2(a[0], (void *)a[1], a[2], (void *)a[3],
				    (void *)a[4]);
	case SYS_open:
		return open((void *)a[0], a[1], a[2]);
	case SYS_openat:
		return openat(a[0], (void *)a[1], a[2], a[3]);
	case SYS_creat:
		return creat((void *)a[0], a[1]);
	case SYS_chdir:
		return chdir((void *)a[0]);
	case SYS_fchdir:
		return fchdir(a[0]);
	case SYS_getcwd:
		return libc_result(cwd_text((void *)a[0], a[1]));
	case SYS_execve:
		return execve((void *)a[0], (void *)a[1], (void *)a[2]);
	case SYS_execveat:
		return execveat(a[0], (void *)a[1], (void *)a[2],
				(void *)a[3], a[4]);
	case SYS_prlimit64:
		return prlimit(a[0], a[1], (void *)a[2], (void *)a[3]);
	case SYS_getrlimit:
		return getrlimit(a[0], (void *)a[1]);
	case SYS_setrlimit:
		return setrlimit(a[0], (void *)a[1]);
	default:	/* SYS_exit_group */
		_exit(a[0]);
	}
}

/**
 * raw_routed() - Make a call that is, or may be, not for the host alone
 * @nr:		number, any
 * @a:		arguments, may be changed
 * @host:	makes a call on the host; its result, or a negative errno
 * @ret:	receives the result, or -1 with errno
 *
 * Return: false if the call is the host's, and has not been made
 */
bool raw_routed(long nr, long a[6], raw_host_fn *host, long *ret)
{
	enum raw_route route = RAW_HOST;
	char own[NAME_ROOM];
	const char *path;
	int fd;

	if ((unsigned long)nr < ARRAY_SIZE(raw_routes))
		route = raw_routes[nr];
	switch (route) {
	case RAW_HOST:
		return false;
	case RAW_FD:
	case RAW_SEND:
		fd = fdtab_get(a[0]) - 1;
		if (fd < 0)
			return false;
		a[0] = fd;
		*ret = send_result(fd, lkl_call(nr, a),
				   route == RAW_FD ? MSG_NOSIGNAL :
				   nr == SYS_sendto ? a[3] : 0);
		return true;
	case RAW_PATH:
		if (!name_is_net((char *)a[0]))
			return false;
		path = name_in_kernel((char *)a[0], own);
		a[0] = (long)path;
		*ret = path ? libc_result(lkl_call(nr, a)) : -1;
		return true;
	case RAW_AT:
		if (!name_is_net_at(a[0], (char *)a[1]))
			return false;
		fd = a[0];
		path = (char *)a[1];
		if (name_in_kernel_at(&fd, &path, own)) {
			a[0] = fd;
			a[1] = (long)path;
			*ret = libc_result(lkl_call(nr, a));
		} else {
			*ret = -1;
		}
		return true;
	case RAW_CLONE:
		if (!clone_is_fork(a))
			return false;
		*ret = clone_fork(a[0]);
		return true;
	case RAW_BORN:
		*ret = fdtab_born(libc_result(host(nr, a)));
		return true;
	case RAW_SELECT:
		return pselect6_routed(a, ret);
	case RAW_MISSING:
		*ret = libc_result(-ENOSYS);
		return true;
	case RAW_OPENAT2:
		if (!openat2_routed(a, ret))
			*ret = fdtab_born(libc_result(host(nr, a)));
		return true;
	default:
		*ret = raw_own(nr, a);
		return true;
	}
}

/* The host itself. */
static long on_host(long nr, const long a[6])
{
	host_stirred = true;
	return raw_syscall6(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/**
 * syscall() - Make a system call by number
 * @nr:	number
 *
 * Return: the result, or -1 with errno
 */
EXPORT long syscall(long nr, ...)
{
	long a[6], ret;
	va_list ap;

	va_start(ap, nr);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);

	if ((unsigned long)nr < ARRAY_SIZE(raw_routes) && raw_routes[nr] &&
	    !CALLED_BY_HOSTLIB() && raw_routed(nr, a, on_host, &ret))
		return ret;
	return libc_result(on_host(nr, a));
}
