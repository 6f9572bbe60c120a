// SPDX-License-Identifier: GPL-2.0
/*
 * exec.c - What a trapped program executes
 *
 * By the rules of the launcher: what LD_PRELOAD works with is executed with it;
 * what it does not work with by our loader; and what neither can be done with
 * fails with EACCES and a line that says why.
 */
#include "exec.h"
#include "exec/preloadable.h"
#include "start.h"
#include "trap.h"

#include <lkl_config.h>

/* execve(), for exec_passing(). */
static int execve_raw(const struct exec_program *p, char *const envp[])
{
	errno = -RAW(SYS_execve, p->path, p->argv, envp);
	return -1;
}

/**
 * execute() - Execute a program with more arguments
 * @self:	thread
 * @path:	program
 * @front:	arguments to put in front of the first
 * @fronts:	how many
 * @argv:	its arguments
 * @envp:	its environment
 *
 * Return: negative errno
 */
static long execute(struct trap_thread *self, const char *path,
		    const char *const *front, size_t fronts,
		    char *const *argv, char *const *envp)
{
	size_t args = exec_count(argv);
	size_t size = (fronts + args + 1) * sizeof(*argv);
	const char **new;
	long err;

	new = mmap(NULL, size, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (new == MAP_FAILED)
		return -ENOMEM;
	self->exec = new;
	self->exec_size = size;
	for (size_t i = 0; i < fronts; i++)
		new[i] = front[i];
	for (size_t i = 0; i < args; i++)
		new[fronts + i] = argv[i];
	exec_passing(execve_raw, EXEC_PROGRAM(path, (char **)new), envp);
	err = -errno;
	munmap(new, size);
	self->exec = NULL;
	return err;
}

/**
 * execute_any() - Execute a program by the rules
 * @self:	thread
 * @path:	the program
 * @argv:	its arguments
 * @envp:	its environment
 *
 * Return: negative errno
 */
static long execute_any(struct trap_thread *self, const char *path,
			char *const *argv, char *const *envp)
{
	char text[PATH_MAX + 128];
	const char *why, *front[2];
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

/**
 * trap_execve() - execve(path, argv, envp)
 *
 * The mask is inherited: it has to be the program's.
 */
long trap_execve(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	long ret;

	trap_open_window(uc->mask);
	ret = execute_any(self, trap_self_path((char *)a[0]), (char **)a[1],
			  (char **)a[2]);
	trap_close_window();
	return ret;
}

/** trap_execveat() - execveat(dir, path, argv, envp, flags) */
long trap_execveat(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	const char *path = (char *)a[1];
	char through[PATH_MAX];
	const char *name = exec_name_at(a[0], path, a[4], through);
	long b[6] = { (long)name, a[2], a[3] }, kept, ret;

	if (name == path)
		return trap_execve(self, uc, b);
	kept = RAW(SYS_fcntl, a[0], F_GETFD);
	RAW(SYS_fcntl, a[0], F_SETFD, kept & ~FD_CLOEXEC);
	ret = trap_execve(self, uc, b);
	RAW(SYS_fcntl, a[0], F_SETFD, kept);
	return ret;
}
