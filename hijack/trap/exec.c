// SPDX-License-Identifier: GPL-2.0
/*
 * exec.c - What a trapped program executes
 *
 * By the rules of the launcher: what LD_PRELOAD works with is executed with it,
 * whatever the program has made of its environment; what it does not work with
 * by our loader; and what neither can be done with fails with EACCES and a line
 * that says why.
 */
#include "exec.h"
#include "exec/preloadable.h"
#include "start.h"
#include "trap.h"

#include <lkl_config.h>

#include <limits.h>

#define PRELOAD "LD_PRELOAD="

static size_t count(char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

/* execve(), for exec_passing(). */
static int execve_raw(const char *path, char *const argv[], char *const envp[])
{
	errno = -RAW(SYS_execve, path, argv, envp);
	return -1;
}

/**
 * execute() - Execute a program with more arguments and variables
 * @self:	thread
 * @path:	program
 * @front:	arguments to put in front of the first
 * @fronts:	how many
 * @argv:	its arguments
 * @envp:	its environment; gets our library
 *
 * Return: negative errno
 */
static long execute(struct trap_thread *self, const char *path,
		    const char *const *front, size_t fronts,
		    char *const *argv, char *const *envp)
{
	size_t args = count(argv), vars = count(envp), size, at = 0;
	const char *old = NULL, *library = exec_library(), **new;
	char *text;
	long err;

	for (size_t i = 0; i < vars; i++)
		if (!strncmp(envp[i], PRELOAD, strlen(PRELOAD)))
			old = envp[i] + strlen(PRELOAD);
	size = (fronts + args + vars + 3) * sizeof(*new) + strlen(PRELOAD) +
	       strlen(library) + (old ? strlen(old) : 0) + 2;
	new = mmap(NULL, size, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (new == MAP_FAILED)
		return -ENOMEM;
	self->exec = new;
	self->exec_size = size;
	text = (char *)(new + fronts + args + vars + 3);
	for (size_t i = 0; i < fronts; i++)
		new[at++] = front[i];
	for (size_t i = 0; i < args; i++)
		new[at++] = argv[i];
	at++;
	for (size_t i = 0; i < vars; i++)
		if (strncmp(envp[i], PRELOAD, strlen(PRELOAD)))
			new[at++] = envp[i];
	if (old && strstr(old, library))
		sprintf(text, PRELOAD "%s", old);
	else
		sprintf(text, PRELOAD "%s%s%s", library,
			old && *old ? ":" : "", old ? old : "");
	new[at] = text;
	exec_passing(execve_raw, path, (char **)new,
		     (char **)new + fronts + args + 1);
	err = -errno;
	munmap(new, size);
	self->exec = NULL;
	return err;
}

/** trap_execve() - execve(path, argv, envp) */
long trap_execve(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	const char *path = trap_self_path((char *)a[0]), *why, *front[2];
	char *const *argv = (void *)a[1], *const *envp = (void *)a[2];
	char text[PATH_MAX + 128];
	long way;

	way = RAW(SYS_faccessat, AT_FDCWD, path, X_OK);
	if (way)
		return way;
	if (!setting_follows_exec())
		return RAW(SYS_execve, path, argv, envp);
	way = start_way(path, NULL, &why);
	if (way == START_PRELOAD && setting_mode() != LKL_MODE_TRAP)
		return execute(self, path, NULL, 0, argv, envp);
	if (way >= 0) {
		front[0] = EXEC_LOADER;
		front[1] = path;
		return execute(self, exec_loader(), front, 2, argv, envp);
	}
	if (way != -ENOEXEC || strstr(why, "architecture")) {
		snprintf(text, sizeof(text),
			 "lkl-hijack: %s: %s; not executed\n", path, why);
		RAW(SYS_write, STDERR_FILENO, text, strlen(text));
		way = -EACCES;
	}
	return way;
}

/** trap_execveat() - execveat(); libc does without */
long trap_execveat(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	long b[6] = { a[1], a[2], a[3] };

	if (a[4] || !a[1] || (a[0] != AT_FDCWD && *(char *)a[1] != '/'))
		return -ENOSYS;
	return trap_execve(self, uc, b);
}
