/* SPDX-License-Identifier: GPL-2.0 */
/*
 * calls.h - What every wrapper of the library is made of
 *
 * Includes the libc headers whose functions we define, gives every call of
 * calls.def a number, and HOST(name), libc's own function of that name.
 */
#ifndef HIJACK_CALLS_H
#define HIJACK_CALLS_H

#ifndef _GNU_SOURCE
#error "compile with -D_GNU_SOURCE"
#endif

#include <aio.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <termios.h>
#include <unistd.h>
#include <utime.h>

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* A symbol the program is to find instead of libc's. */
#define EXPORT __attribute__((visibility("default")))

/* Exported by glibc for old or fortified programs, but in no header. */
int __fxstat(int ver, int fd, struct stat *st);
int __fxstat64(int ver, int fd, struct stat64 *st);
int __xstat(int ver, const char *path, struct stat *st);
int __xstat64(int ver, const char *path, struct stat64 *st);
int __lxstat(int ver, const char *path, struct stat *st);
int __lxstat64(int ver, const char *path, struct stat64 *st);
int __fxstatat(int ver, int dirfd, const char *path, struct stat *st, int fl);
int __fxstatat64(int ver, int dirfd, const char *path, struct stat64 *st,
		 int fl);
void __chk_fail(void) __attribute__((noreturn));

#pragma GCC visibility push(hidden)

/* One number per call of the table: the index of libc's own function. */
enum host_call {
#define FDX(kind, ret, name, nr, params, args, kargs) HOST_##name,
#define SENDX(ret, name, nr, flags, params, args, kargs) HOST_##name,
#define AT(ret, name, nr, params, args, kargs) HOST_##name,
#define PATH(ret, name, nr, params, args, kargs) HOST_##name,
#define BORN(name, params, args) HOST_##name,
#define STIRS(name, params, args) HOST_##name,
#define OWN(name) HOST_##name,
#include "calls.def"
	HOST_CALLS
};

extern void *host_calls[HOST_CALLS];
void *host_resolve(enum host_call id);

/* Has this thread called the host since it had it looked at? See epoll.c. */
extern __thread bool host_stirred __attribute__((tls_model("initial-exec")));

/**
 * host_fn() - Address of libc's own function, which is about to be called
 * @id:	number of the call
 *
 * Return: the address; calls made before our constructor has run resolve
 * what they need
 */
static inline void *host_fn(enum host_call id)
{
	void *fn = __atomic_load_n(&host_calls[id], __ATOMIC_RELAXED);

	host_stirred = true;
	return likely(fn) ? fn : host_resolve(id);
}

/* HOST(name) - libc's own @name, with its type. */
#define HOST(name) ((__typeof__(&name))host_fn(HOST_##name))

void host_resolve_all(void);
bool host_is_caller(const void *addr);
bool host_is_slirp(const void *addr);

/* CALLED_BY_HOSTLIB() - is the wrapper called by our own host side? */
#define CALLED_BY_HOSTLIB() host_is_caller(__builtin_return_address(0))

/* CALLED_BY_SLIRP() - is it called by libslirp, which opens its own sockets? */
#define CALLED_BY_SLIRP() host_is_slirp(__builtin_return_address(0))

#pragma GCC visibility pop

#endif /* HIJACK_CALLS_H */
