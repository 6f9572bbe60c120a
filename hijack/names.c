// SPDX-License-Identifier: GPL-2.0
/*
 * names.c - File names that show the network are the LKL kernel's
 *
 * The program's /proc/net, /proc/sys/net and /sys/class/net must show the
 * network it is on. A name under one of them is looked up in the LKL kernel,
 * where /proc and /sys are mounted the first time somebody asks.
 *
 * /proc/<own pid>/net is the same directory as /proc/self/net, which is the
 * form LKL understands: process ids differ between the kernels.
 *
 * A relative name is one if it begins at an LKL directory (cwd.c).
 *
 * /proc/self/fd/<number> of an LKL descriptor is looked up there too, under
 * LKL's number: the host would show the placeholder.
 */
#include "names.h"

#include <sys/mount.h>

/* Each with everything below it. */
static const char *const net_dirs[] = {
	"/proc/net",
	"/proc/self/net",
	"/proc/thread-self/net",
	"/proc/sys/net",
	"/sys/class/net",
	"/sys/devices/virtual/net",
};

/* Where the links of its interfaces lead. */
static const char devices[] = "/sys/devices/platform/virtio-mmio.";

/**
 * below() - Is a name that of a directory, or below it?
 * @path:	name
 * @dir:	directory without a slash at the end
 *
 * Return: true if so
 */
static bool below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && (!path[len] || path[len] == '/');
}

/**
 * own_proc() - Find what follows "/proc/<own pid>"
 * @path:	name
 *
 * Return: the rest, beginning with a slash, or NULL if it is another name
 */
static const char *own_proc(const char *path)
{
	char *rest;

	if (strncmp(path, "/proc/", 6) || path[6] < '1' || path[6] > '9')
		return NULL;
	if (strtol(path + 6, &rest, 10) != getpid() || *rest != '/')
		return NULL;
	return rest;
}

/**
 * own_fd() - Find the LKL descriptor that a name is about
 * @path:	name
 *
 * Return: its entry in the table, or 0 if it is another name
 */
static int own_fd(const char *path)
{
	static const char *const dirs[] = { "/proc/self", "/proc/thread-self" };
	const char *rest = own_proc(path);
	char *end;
	long fd;
	int entry;

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (below(path, dirs[i]))
			rest = path + strlen(dirs[i]);
	if (!strncmp(path, "/dev/fd/", 8))
		rest = path + 4;
	if (!rest || strncmp(rest, "/fd/", 4) || rest[4] < '0' || rest[4] > '9')
		return 0;
	fd = strtol(rest + 4, &end, 10);
	entry = *end || fd >= FDTAB_SIZE ? 0 : fdtab_get(fd);
	return entry > 0 ? entry : 0;
}

/**
 * name_is_net_slow() - The part of name_is_net() that compares
 * @path:	name that may be one
 *
 * Return: true if it is
 */
bool name_is_net_slow(const char *path)
{
	const char *rest;

	for (size_t i = 0; i < ARRAY_SIZE(net_dirs); i++)
		if (below(path, net_dirs[i]))
			return true;
	if (!strncmp(path, devices, sizeof(devices) - 1))
		return true;
	rest = own_proc(path);
	return (rest && below(rest, "/net")) || own_fd(path);
}

/**
 * mount_once() - Have a kernel filesystem mounted in the LKL kernel
 * @dir:	where
 * @type:	filesystem type
 *
 * Already there is fine; any other failure shows as ENOENT of the file.
 */
static void mount_once(const char *dir, const char *type)
{
	LKL(SYS_mkdir, dir, 0555);
	LKL(SYS_mount, type, dir, type, 0, NULL);
}

/* Once in each process: the child of a fork may have a kernel of its own. */
static void mount_both(void)
{
	static int mounted_by;
	int pid = RAW(SYS_getpid, 0);

	if (__atomic_load_n(&mounted_by, __ATOMIC_ACQUIRE) == pid)
		return;
	mount_once("/proc", "proc");
	mount_once("/sys", "sysfs");
	if (!lkl_fork_is_shared())
		cwd_begin();
	__atomic_store_n(&mounted_by, pid, __ATOMIC_RELEASE);
}

/**
 * name_in_kernel() - Get ready to use a name in the LKL kernel
 * @path:	name for which name_is_net() is true
 * @own:	room for another form of it
 *
 * Return: the name to use, NULL with errno set (ENETDOWN, ENAMETOOLONG)
 */
const char *name_in_kernel(const char *path, char own[NAME_ROOM])
{
	const char *rest = own_proc(path);
	int entry = own_fd(path);
	int err = kernel_need();

	if (err) {
		errno = -err;
		return NULL;
	}
	mount_both();
	if (entry) {
		snprintf(own, NAME_ROOM, "/proc/self/fd/%d", entry - 1);
		return own;
	}
	if (!rest)
		return path;
	if (snprintf(own, NAME_ROOM, "/proc/self%s", rest) >= NAME_ROOM) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return own;
}

/**
 * name_in_kernel_at() - The same for the *at() calls
 * @dirfd:	directory; replaced by the LKL kernel's
 * @path:	name for which name_is_net_at() is true
 * @own:	room for another form of it
 *
 * Return: as name_in_kernel()
 */
const char *name_in_kernel_at(int *dirfd, const char *path,
			      char own[NAME_ROOM])
{
	int entry = fdtab_get(*dirfd);

	*dirfd = entry > 0 ? entry - 1 : AT_FDCWD;
	if (path && (path[0] == '/' || entry <= 0))
		return name_in_kernel(path, own);
	return path ? path : "";
}
