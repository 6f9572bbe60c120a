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
 * A relative name is one if it begins at an LKL directory (cwd.c), or if it leads
 * to one from a directory of the host. That takes a system call to find out, so
 * it is done for names only that have "net" in them.
 *
 * /proc/self/fd/<number> of an LKL descriptor is looked up there too, under
 * LKL's number: the host would show the placeholder.
 */
#include "names.h"

#include <limits.h>
#include <sys/mount.h>

/* Each with everything below it. */
static const char *const net_dirs[] = {
	"/proc/net",
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
 * own_proc() - Find what follows "/proc/<own pid>", or its other names
 * @path:	name
 *
 * Return: the rest, which is empty or begins with a slash, or NULL if it is
 * another name
 */
static const char *own_proc(const char *path)
{
	static const char *const dirs[] = { "/proc/self", "/proc/thread-self" };
	char *rest = NULL, *task;

	if (strncmp(path, "/proc/", 6))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (below(path, dirs[i]))
			rest = (char *)path + strlen(dirs[i]);
	if (path[6] >= '1' && path[6] <= '9' &&
	    strtol(path + 6, &rest, 10) != getpid())
		return NULL;
	if (!rest || (*rest && *rest != '/'))
		return NULL;
	if (!strncmp(rest, "/task/", 6) && strtol(rest + 6, &task, 10) > 0 &&
	    (!*task || *task == '/'))
		rest = task;
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
	const char *rest = own_proc(path);
	char *end;
	long fd;
	int entry;

	if (!strncmp(path, "/dev/fd/", 8))
		rest = path + 4;
	if (!rest || strncmp(rest, "/fd/", 4) || rest[4] < '0' || rest[4] > '9')
		return 0;
	fd = strtol(rest + 4, &end, 10);
	entry = *end || fd >= FDTAB_SIZE ? 0 : fdtab_get(fd);
	return entry > 0 ? entry : 0;
}

/**
 * is_net() - Is an absolute name one of the LKL kernel's?
 * @path:	name
 *
 * Return: true if it is
 */
static bool is_net(const char *path)
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
 * is_candidate() - May a name be one, if it is not yet?
 * @path:	name
 *
 * Return: true if it has a part "net", or ends in the number of an LKL descriptor
 */
static bool is_candidate(const char *path)
{
	const char *at = path, *last = strrchr(path, '/');
	char *end;
	long fd;

	while ((at = strstr(at, "net"))) {
		if ((at == path || at[-1] == '/') && (!at[3] || at[3] == '/'))
			return true;
		at += 3;
	}
	last = last ? last + 1 : path;
	if (*last < '0' || *last > '9')
		return false;
	fd = strtol(last, &end, 10);
	return !*end && fd < FDTAB_SIZE && fdtab_get(fd) > 0;
}

/**
 * append() - Append a name to a directory, without ".", ".." and empty parts
 * @text:	name of the directory; receives the whole
 * @path:	the name
 *
 * Return: true, or false if it is too long
 */
static bool append(char text[NAME_ROOM], const char *path)
{
	size_t len = strlen(text), part;
	bool is_dir = false;

	for (; *path; path += part + !!path[part]) {
		part = strchrnul(path, '/') - path;
		is_dir = path[part] == '/';
		if (!part)
			continue;
		if (part == 1 && path[0] == '.') {
			is_dir = true;
		} else if (part == 2 && !strncmp(path, "..", 2)) {
			is_dir = true;
			while (len && text[--len] != '/')
				;
		} else {
			if (len + part + 2 >= NAME_ROOM)
				return false;
			text[len++] = '/';
			memcpy(text + len, path, part);
			len += part;
		}
	}
	if (is_dir || !len)
		text[len++] = '/';
	text[len] = '\0';
	return true;
}

/**
 * plain_name() - Find the plain absolute form of a name
 * @dirfd:	directory of the host that it begins at, or AT_FDCWD
 * @path:	name
 * @text:	receives it
 *
 * Links are not followed: of those on the way to the LKL kernel none needs it.
 *
 * Return: true, or false if it cannot be found
 */
static bool plain_name(int dirfd, const char *path, char text[NAME_ROOM])
{
	char link[40];
	long len = 0;

	if (path[0] != '/') {
		if (dirfd == AT_FDCWD)
			strcpy(link, "/proc/thread-self/cwd");
		else
			snprintf(link, sizeof(link), "/proc/thread-self/fd/%d",
				 dirfd);
		len = RAW(SYS_readlinkat, AT_FDCWD, link, text, NAME_ROOM - 1);
		if (len <= 0 || text[0] != '/')
			return false;
		if (len == 1)
			len = 0;
	}
	text[len] = '\0';
	return append(text, path);
}

/**
 * name_is_net_slow() - The part of name_is_net() that compares
 * @dirfd:	directory that the name begins at, of the host, or AT_FDCWD
 * @path:	name that may be one
 *
 * Return: true if it is
 */
bool name_is_net_slow(int dirfd, const char *path)
{
	char text[NAME_ROOM];

	if (!user_string(path, PATH_MAX))
		return false;
	if (path[0] == '/' && is_net(path))
		return true;
	if (!is_candidate(path) ||
	    (path[0] == '/' && !strstr(path, "//") && !strstr(path, "/.")))
		return false;
	return plain_name(dirfd, path, text) && is_net(text);
}

/**
 * mount_once() - Have a kernel filesystem mounted in the LKL kernel
 * @dir:	where
 * @type:	filesystem type
 * @name:	something in it
 *
 * It may be there already: a setting has it mounted, or another process that uses
 * this kernel. Linux would mount proc once more, above what is there. Any
 * failure shows as ENOENT of the file.
 */
static void mount_once(const char *dir, const char *type, const char *name)
{
	if (!LKL(SYS_faccessat, AT_FDCWD, name, F_OK))
		return;
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
	mount_once("/proc", "proc", "/proc/self");
	mount_once("/sys", "sysfs", "/sys/class");
	if (!lkl_fork_is_shared())
		cwd_begin();
	__atomic_store_n(&mounted_by, pid, __ATOMIC_RELEASE);
}

/**
 * own_name() - Turn the program's name of a file into the LKL kernel's
 * @path:	absolute name
 * @own:	room for it
 *
 * Return: @path, if it is the same, else @own; NULL with errno (ENAMETOOLONG)
 */
static const char *own_name(const char *path, char own[NAME_ROOM])
{
	const char *rest = own_proc(path);
	int entry = own_fd(path);

	if (entry) {
		snprintf(own, NAME_ROOM, "/proc/self/fd/%d", entry - 1);
		return own;
	}
	if (!rest || !strncmp(path, "/proc/thread-self/net", 21))
		return path;
	if (snprintf(own, NAME_ROOM, "/proc/self%s", rest) >= NAME_ROOM) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return own;
}

/**
 * name_is_above() - Is there something of the LKL kernel below a directory?
 * @path:	name of the directory
 *
 * Return: true if it is one of the host's that a walk leads there from
 */
bool name_is_above(const char *path)
{
	static const char *const dirs[] = {
		"/", "/proc", "/proc/sys", "/sys", "/sys/class", "/sys/devices",
		"/sys/devices/virtual",
	};
	char text[NAME_ROOM];
	const char *rest;
	size_t len;

	if (!path || !user_string(path, PATH_MAX) || !*path ||
	    !plain_name(AT_FDCWD, path, text))
		return false;
	len = strlen(text);
	if (len > 1 && text[len - 1] == '/')
		text[len - 1] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (!strcmp(text, dirs[i]))
			return true;
	rest = own_proc(text);
	return rest && (!*rest || !strcmp(rest, "/task"));
}

/**
 * name_is_own_fds() - Is this the directory of the program's descriptors?
 * @path:	name
 *
 * Return: true if so
 */
bool name_is_own_fds(const char *path)
{
	const char *rest;

	if (!path || user_byte(path, 0) != '/' ||
	    (user_byte(path, 1) != 'p' && user_byte(path, 1) != 'd') ||
	    !user_string(path, PATH_MAX))
		return false;
	if (!strcmp(path, "/dev/fd") || !strcmp(path, "/dev/fd/"))
		return true;
	rest = own_proc(path);
	return rest && (!strcmp(rest, "/fd") || !strcmp(rest, "/fd/") ||
			!strcmp(rest, "/fdinfo"));
}

/**
 * name_leaves() - Does the way from a directory of the LKL kernel lead out?
 * @dirfd:	directory, for which name_is_net_at() is true
 * @path:	name
 * @text:	receives the name of what is there, on the host
 *
 * Return: true if it begins with ".." and leaves what shows the network
 */
bool name_leaves(int dirfd, const char *path, char text[NAME_ROOM])
{
	int entry = fdtab_get(dirfd);
	char link[40];
	long len;

	if (user_byte(path, 0) != '.' || user_byte(path, 1) != '.' ||
	    !user_string(path, PATH_MAX) ||
	    (entry <= 0 && (dirfd != AT_FDCWD || !cwd_is_lkl)))
		return false;
	if (entry > 0) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", entry - 1);
		len = LKL(SYS_readlinkat, AT_FDCWD, link, text, NAME_ROOM - 1);
	} else {
		len = LKL(SYS_getcwd, text, NAME_ROOM) - 1;
	}
	if (len > 0)
		len = name_for_program(text, len, NAME_ROOM);
	return len > 0 && append(text, path) && !is_net(text);
}

/**
 * name_in_kernel_from() - Get ready to use a name in the LKL kernel
 * @dirfd:	directory of the host that it begins at, or AT_FDCWD
 * @path:	name for which name_is_net_at() is true
 * @own:	room for another form of it
 *
 * Return: the name to use, NULL with errno (ENETDOWN, ENAMETOOLONG)
 */
static const char *name_in_kernel_from(int dirfd, const char *path,
				       char own[NAME_ROOM])
{
	char text[NAME_ROOM];
	int err = kernel_need();

	if (err) {
		errno = -err;
		return NULL;
	}
	mount_both();
	if (cwd_is_lkl && dirfd == AT_FDCWD && user_byte(path, 0) != '/')
		return path;
	if (path[0] == '/' && is_net(path))
		return own_name(path, own);
	if (!plain_name(dirfd, path, text)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	path = own_name(text, own);
	return path == text ? strcpy(own, text) : path;
}

/**
 * name_in_kernel() - Get ready to use a name in the LKL kernel
 * @path:	name for which name_is_net() is true
 * @own:	room for another form of it
 *
 * Return: the name to use, NULL with errno (ENETDOWN, ENAMETOOLONG)
 */
const char *name_in_kernel(const char *path, char own[NAME_ROOM])
{
	return name_in_kernel_from(AT_FDCWD, path, own);
}

/**
 * name_in_kernel_at() - The same for the *at() calls
 * @dirfd:	directory; replaced by the LKL kernel's
 * @path:	name for which name_is_net_at() is true, replaced by the one to use;
 *		NULL stays what it is: the kernel knows what it means
 * @own:	room for another form of it
 *
 * Return: true, or false with errno, as name_in_kernel()
 */
bool name_in_kernel_at(int *dirfd, const char **path, char own[NAME_ROOM])
{
	int entry = fdtab_get(*dirfd), from = *dirfd;

	*dirfd = entry > 0 ? entry - 1 : AT_FDCWD;
	if (!*path || (entry > 0 && user_byte(*path, 0) != '/'))
		return true;
	*path = name_in_kernel_from(from, *path, own);
	return *path;
}
