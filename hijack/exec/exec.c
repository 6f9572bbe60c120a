// SPDX-License-Identifier: GPL-2.0
/*
 * exec.c - lkl-hijack-exec: start a program with settings checked before
 *
 *	lkl-hijack env --null --net slirp > settings
 *	lkl-hijack-exec settings program args...
 *
 * For scripts that start programs by the thousand: no Node, no checks but
 * whether the preload library can be loaded. The library checks the settings
 * again in the program.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sysexits.h>
#include <unistd.h>

#include "preloadable.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x10u
#endif

#define PREFIX "LKL_HIJACK_"
#define PRELOAD "LD_PRELOAD"
#define LOADER "lkl-hijack-trap"

/* The preload library; the loader is in the same folder. */
static char *library_path;

/* The preload library marks what a hijacked program executes; ours is new. */
#define CHILD_MARK "LKL_HIJACKED_BY"

/* Statuses of the shell. */
#define NOT_EXECUTABLE	126
#define NOT_FOUND	127

static void __attribute__((noreturn, format(printf, 2, 3)))
fail(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("lkl-hijack-exec: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputs("\n", stderr);
	va_end(ap);
	exit(status);
}

/** forget_settings() - Remove what the environment says of settings */
static void forget_settings(void)
{
	char **at = environ;

	while (*at) {
		if (!strncmp(*at, PREFIX, strlen(PREFIX)))
			unsetenv(strndupa(*at, strcspn(*at, "=")));
		else
			at++;
	}
	unsetenv(CHILD_MARK);
}

/**
 * preload() - Have a library loaded, before those that are loaded anyway
 * @library:	its path
 */
static void preload(const char *library)
{
	const char *others = getenv(PRELOAD);
	char *all;

	if (access(library, R_OK))
		fail(EX_CONFIG, "%s: %m", library);
	if (asprintf(&all, "%s%s%s", library, others && *others ? ":" : "",
		     others ? others : "") < 0)
		fail(EX_OSERR, "out of memory");
	setenv(PRELOAD, all, 1);
	library_path = strdup(library);
}

/**
 * load() - Read the settings
 * @path:	file that "lkl-hijack env --null" has written
 */
static void load(const char *path)
{
	FILE *file = fopen(path, "re");
	char *variable = NULL, *value;
	bool has_library = false;
	size_t room = 0;

	if (!file)
		fail(EX_CONFIG, "%s: %m", path);
	while (getdelim(&variable, &room, '\0', file) > 0) {
		value = strchr(variable, '=');
		if (value)
			*value++ = '\0';
		if (value && !strcmp(variable, PRELOAD)) {
			preload(value);
			has_library = true;
		} else if (value && !strncmp(variable, PREFIX,
					     strlen(PREFIX))) {
			setenv(variable, value, 1);
		} else {
			break;
		}
	}
	if (!has_library || !feof(file))
		fail(EX_CONFIG,
		     "%s: expected what 'lkl-hijack env --null' prints", path);
	free(variable);
	fclose(file);
}

/**
 * find() - Find a program as the shell does
 * @name:	its name, or its path
 *
 * Return: its path, malloc()ed; does not return if there is none
 */
static char *find(const char *name)
{
	const char *search = getenv("PATH");
	size_t len;
	char *path;

	if (strchr(name, '/'))
		return strdup(name);
	if (!search)
		search = "/usr/local/bin:/usr/bin:/bin";
	for (; *name; search += len + 1) {
		len = strcspn(search, ":");
		if (asprintf(&path, "%.*s%s/%s", (int)len, search,
			     len ? "" : ".", name) < 0)
			fail(EX_OSERR, "out of memory");
		if (!access(path, X_OK))
			return path;
		free(path);
		if (!search[len])
			break;
	}
	fail(NOT_FOUND, "%s: program not found in PATH", name);
}

/**
 * private_copy() - Copy a program: nobody else sees it, it goes with its process
 * @path:	the program
 *
 * Return: path of the copy, malloc()ed; does not return if that fails
 */
static char *private_copy(const char *path)
{
	const char *name = strrchr(path, '/');
	int from = open(path, O_RDONLY | O_CLOEXEC);
	int to = memfd_create(name ? name + 1 : path, MFD_CLOEXEC | MFD_EXEC);
	char *copy;
	ssize_t n;

	/* Linux before 6.3 does not know the second flag, nor needs it. */
	if (to < 0)
		to = memfd_create(path, MFD_CLOEXEC);
	if (from < 0 || to < 0)
		fail(EX_OSERR, "%s: cannot be copied: %m", path);
	do
		n = sendfile(to, from, NULL, 1 << 20);
	while (n > 0);
	if (n < 0)
		fail(EX_OSERR, "%s: cannot be copied: %m", path);
	if (asprintf(&copy, "/proc/self/fd/%d", to) < 0)
		fail(EX_OSERR, "out of memory");
	return copy;
}

/**
 * start() - Become the program
 * @path:	its path
 * @argv:	its name and arguments
 */
static void __attribute__((noreturn)) start(const char *path, char **argv)
{
	const char *mode = getenv(PREFIX "MODE"), *why;
	bool copied = false;
	int way = start_way(path, &copied, &why);
	char *loader, *name;

	if (!mode)
		mode = "auto";
	if (way < 0)
		fail(NOT_EXECUTABLE, "%s: %s, so it cannot be started", path,
		     why);
	if (way == START_TRAP && !strcmp(mode, "preload"))
		fail(NOT_EXECUTABLE, "%s: %s, so a preloaded library has no effect; mode trap would do",
		     path, why);
	if (way == START_PRELOAD && strcmp(mode, "trap")) {
		execv(copied ? private_copy(path) : path, argv);
		fail(NOT_EXECUTABLE, "%s: %m", path);
	}
	name = strrchr(library_path, '/');
	if (asprintf(&loader, "%.*s" LOADER,
		     name ? (int)(name - library_path + 1) : 0,
		     library_path) < 0)
		fail(EX_OSERR, "out of memory");
	/* What is in front of argv is not needed any more. */
	argv[-1] = (char *)path;
	argv[-2] = LOADER;
	execv(loader, argv - 2);
	fail(EX_SOFTWARE, "%s: %m", loader);
}

int main(int argc, char **argv)
{
	char *path;

	if (argc < 3 || argv[1][0] == '-')
		fail(EX_USAGE, "usage: lkl-hijack-exec SETTINGS program "
		     "args...; SETTINGS: lkl-hijack env --null > SETTINGS");
	forget_settings();
	load(argv[1]);
	path = find(argv[2]);
	if (access(path, F_OK))
		fail(NOT_FOUND, "%s: program not found", path);
	start(path, argv + 2);
}
