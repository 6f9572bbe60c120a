// SPDX-License-Identifier: GPL-2.0
/*
 * cwd.c - The current directory may be one of the LKL kernel; real names
 *
 * After chdir() to a directory that shows the network, relative names are looked
 * up in the LKL kernel, which has a current directory of its own. The host's
 * follows as far as it can: a program that is executed begins there, and takes
 * it up again (cwd_init()). What the host does not have, an interface for
 * one, ends at the directory above for that program.
 *
 * Where the way leads out of what shows the network, it leads to the host.
 *
 * A vfork() child, whose directory is its own, moves on the host only.
 */
#include "names.h"

#include <limits.h>

bool cwd_is_lkl;

/**
 * cwd_init() - Find out where the program begins
 */
void cwd_init(void)
{
	char text[PATH_MAX];

	cwd_is_lkl = RAW(SYS_getcwd, text, sizeof(text)) > 0 &&
		     name_is_net(text);
}

/**
 * cwd_begin() - Let a kernel that has just booted be where the host is
 */
void cwd_begin(void)
{
	char text[PATH_MAX];

	if (cwd_is_lkl && RAW(SYS_getcwd, text, sizeof(text)) > 0)
		LKL(SYS_chdir, text);
}

/**
 * name_for_program() - Turn a name of the LKL kernel into the program's
 * @text:	name
 * @len:	its length without the end
 * @room:	bytes there
 *
 * Process ids differ.
 *
 * Return: its length without the end, or -ENAMETOOLONG
 */
long name_for_program(char *text, size_t len, size_t room)
{
	char lkl_proc[32], proc[32];
	size_t was, is;

	was = snprintf(lkl_proc, sizeof(lkl_proc), "/proc/%ld/",
		       LKL(SYS_getpid, 0));
	is = snprintf(proc, sizeof(proc), "/proc/%d/", getpid());
	text[len] = '\0';
	if (strncmp(text, lkl_proc, was))
		return len;
	if (len - was + is >= room)
		return -ENAMETOOLONG;
	memmove(text + is, text + was, len - was + 1);
	memcpy(text, proc, is);
	return len - was + is;
}

/**
 * cwd_text() - Get the name of the current directory
 * @buf:	receives it
 * @size:	room there
 *
 * Return: its length with the end, or a negative errno (-ERANGE)
 */
long cwd_text(char *buf, size_t size)
{
	char text[PATH_MAX], own[NAME_ROOM];
	long len;

	if (!cwd_is_lkl || !name_in_kernel(".", own))
		return RAW(SYS_getcwd, buf, size);
	len = LKL(SYS_getcwd, text, sizeof(text));
	if (len > 0)
		len = name_for_program(text, len - 1, sizeof(text));
	if (len < 0)
		return len;
	if (len + 1UL > size)
		return -ERANGE;
	return user_copy(buf, text, len + 1) ? len + 1 : -EFAULT;
}

/**
 * arrived() - The LKL kernel has changed its directory: do what follows
 *
 * Return: 0, or -1 with errno
 */
static int arrived(void)
{
	char text[PATH_MAX], *end;
	long len;

	cwd_is_lkl = true;
	len = cwd_text(text, sizeof(text));
	if (len < 0)
		return libc_result(len);
	if (!name_is_net(text)) {
		cwd_is_lkl = false;
		return HOST(chdir)(text);
	}
	while (RAW(SYS_chdir, text) && (end = strrchr(text, '/')) != text)
		*end = '\0';
	return 0;
}

/* The host has changed its directory, or not. */
static int arrived_on_host(int ret)
{
	if (!ret && unlikely(cwd_is_lkl) && process_is_owner())
		cwd_is_lkl = false;
	return ret;
}

/**
 * chdir() - Change the current directory
 * @path:	name
 *
 * Return: 0, or -1 with errno
 */
EXPORT int chdir(const char *path)
{
	char own[NAME_ROOM];
	long ret;

	if (likely(!name_is_net(path)) || !process_is_owner())
		return arrived_on_host(HOST(chdir)(path));
	path = name_in_kernel(path, own);
	if (!path)
		return -1;
	ret = LKL(SYS_chdir, path);
	return ret ? libc_result(ret) : arrived();
}

/**
 * fchdir() - Change the current directory to one that is open
 * @fd:	descriptor
 *
 * Return: 0, or -1 with errno
 */
EXPORT int fchdir(int fd)
{
	int entry = fdtab_get(fd);
	long ret;

	if (likely(entry <= 0) || !process_is_owner())
		return arrived_on_host(HOST(fchdir)(fd));
	ret = LKL(SYS_fchdir, entry - 1);
	return ret ? libc_result(ret) : arrived();
}

/**
 * getcwd() - Get the name of the current directory
 * @buf:	receives it, NULL: memory is asked for
 * @size:	room there, or how much to ask for; 0: as much as it takes
 *
 * Return: the name, or NULL with errno
 */
EXPORT char *getcwd(char *buf, size_t size)
{
	char text[PATH_MAX];
	long len;

	if (likely(!cwd_is_lkl))
		return HOST(getcwd)(buf, size);
	len = size || !buf ? cwd_text(text, sizeof(text)) : -EINVAL;
	if (len > 0 && size && len > (long)size)
		len = -ERANGE;
	if (libc_result(len) < 0)
		return NULL;
	if (!buf)
		buf = malloc(size ? size : (size_t)len);
	if (buf && !user_copy(buf, text, len)) {
		errno = EFAULT;
		return NULL;
	}
	return buf;
}

/**
 * get_current_dir_name() - Get the name of the current directory
 *
 * Return: the name, to be freed, or NULL with errno
 */
EXPORT char *get_current_dir_name(void)
{
	return cwd_is_lkl ? getcwd(NULL, 0) : HOST(get_current_dir_name)();
}

/**
 * real_name() - Follow all links of a name in the LKL kernel
 * @path:	name for which name_is_net() is true
 * @real:	receives what it leads to
 *
 * Return: its length without the end, or a negative errno
 */
static long real_name(const char *path, char real[PATH_MAX])
{
	char own[NAME_ROOM], link[40];
	long fd, len;

	path = name_in_kernel(path, own);
	if (!path)
		return -errno;
	fd = LKL(SYS_openat, AT_FDCWD, path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return fd;
	snprintf(link, sizeof(link), "/proc/self/fd/%ld", fd);
	len = LKL(SYS_readlinkat, AT_FDCWD, link, real, PATH_MAX - 1);
	LKL(SYS_close, fd);
	return len < 0 ? len : name_for_program(real, len, PATH_MAX);
}

/**
 * realpath() - Find the name of a file that has no links in it
 * @path:	name
 * @real:	receives it, PATH_MAX bytes; NULL: memory is asked for
 *
 * Return: the name, or NULL with errno
 */
EXPORT char *realpath(const char *restrict path, char *restrict real)
{
	char text[PATH_MAX];
	long len;

	if (likely(!name_is_net(path)))
		return HOST(realpath)(path, real);
	len = libc_result(real_name(path, text));
	if (len < 0)
		return NULL;
	return real ? memcpy(real, text, len + 1) : strdup(text);
}

/**
 * canonicalize_file_name() - Find the name of a file that has no links in it
 * @path:	name
 *
 * Return: the name, to be freed, or NULL with errno
 */
EXPORT char *canonicalize_file_name(const char *path)
{
	return realpath(path, NULL);
}
