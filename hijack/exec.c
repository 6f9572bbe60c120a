// SPDX-License-Identifier: GPL-2.0
/*
 * exec.c - What becomes of programs that a preloaded program executes
 *
 * A child of fork that shares its parent's kernel lets a program that it
 * executes have its place, and the LKL descriptors that do not close on exec, as
 * inetd and sshd do: their numbers are in an environment variable. If there are
 * none the program boots a kernel of its own, should it need one.
 *
 * Static programs:
 * LD_PRELOAD has no effect on them: they would run on the host's network. They
 * are started by the loader that traps their system calls (trap/call.c), as
 * the launcher would. All other programs are libc's business.
 *
 * vfork() children come here: nothing is allocated, and no descriptor of the
 * table is used.
 */
#include "exec.h"
#include "exec/preloadable.h"
#include "fdtab.h"
#include "kernel.h"
#include "start.h"

#include <dlfcn.h>
#include <limits.h>
#include <spawn.h>

static char library[PATH_MAX], loader[PATH_MAX];

/**
 * exec_init() - Find out where our library and the loader are
 *
 * They are in the same folder.
 */
void exec_init(void)
{
	Dl_info info;

	if (!dladdr((void *)exec_init, &info) ||
	    !realpath(info.dli_fname, library))
		return;
	snprintf(loader, sizeof(loader), "%.*s" EXEC_LOADER,
		 (int)(strrchr(library, '/') - library + 1), library);
}

/** exec_library() - Return: path of our library */
const char *exec_library(void)
{
	return library;
}

/** exec_loader() - Return: path of the loader */
const char *exec_loader(void)
{
	return loader;
}

/**
 * exec_is_trapped() - Is a program to be started by the loader?
 * @path:	its name
 *
 * Return: true if LD_PRELOAD does not work with it, and the loader is there
 */
static bool exec_is_trapped(const char *path)
{
	const char *why;

	return path && setting_follows_exec() &&
	       start_way(path, NULL, &why) == START_TRAP &&
	       !RAW(SYS_faccessat, AT_FDCWD, path, X_OK) &&
	       !RAW(SYS_faccessat, AT_FDCWD, loader, X_OK);
}

static size_t count(char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

/* The arguments of the loader, for a program and its own. */
#define LOADER_ARGV(new, path, argv)					\
	char *new[count(argv) + 3];					\
									\
	new[0] = EXEC_LOADER;						\
	new[1] = (char *)(path);					\
	memcpy(new + 2, argv, (count(argv) + 1) * sizeof(*new))

/**
 * exec_passing() - Execute a program, which is to have our LKL descriptors
 * @exec:	libc's own function that executes it
 * @path:	its name
 * @argv:	its arguments
 * @envp:	its environment
 *
 * Return: -1 with errno
 */
int exec_passing(exec_fn *exec, const char *path, char *const argv[],
		 char *const envp[])
{
	bool may = lkl_fork_is_shared() && process_is_owner() &&
		   setting_follows_exec();
	size_t room = may ? fdtab_pass(NULL, 0) : 0;
	int ret, len;

	if (likely(!room))
		return exec(path, argv, envp);

	char text[sizeof(EXEC_PASSED "=") + 64 + room];
	char *new[count(envp) + 2];

	len = sprintf(text, EXEC_PASSED "=");
	len += lkl_guest_pass(text + len, 64);
	fdtab_pass(text + len, room + 1);
	new[0] = text;
	memcpy(new + 1, envp, count(envp) * sizeof(*new));
	new[count(envp) + 1] = NULL;
	ret = exec(path, argv, new);
	lkl_guest_keep();
	fdtab_keep();
	return ret;
}

/**
 * exec_resume() - Take what the program before us in this process has passed
 *
 * Return: true if we have its kernel
 */
bool exec_resume(void)
{
	const char *passed = getenv(EXEC_PASSED), *fds = passed;
	bool mine;

	if (likely(!passed))
		return false;
	mine = !lkl_guest_resume(passed);
	for (int colons = 0; mine && *fds && colons < 4; fds++)
		colons += fds[1] == ':';
	if (mine)
		fdtab_resume(fds);
	unsetenv(EXEC_PASSED);
	return mine;
}

/**
 * execve() - Execute a program
 * @path:	its name
 * @argv:	its arguments
 * @envp:	its environment
 *
 * Return: -1 with errno
 */
EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	if (unlikely(argv && exec_is_trapped(path))) {
		LOADER_ARGV(new, path, argv);
		return exec_passing(HOST(execve), loader, new, envp);
	}
	return exec_passing(HOST(execve), path, argv, envp);
}

/**
 * execveat() - Execute a program that is found from a directory
 * @dir:	descriptor of the directory; of the program, if @path is empty
 * @path:	its name
 * @argv:	its arguments
 * @envp:	its environment
 * @flags:	AT_*
 *
 * The loader gets a name that leads through the descriptor, which has to be
 * there still when it starts.
 *
 * Return: -1 with errno
 */
EXPORT int execveat(int dir, const char *path, char *const argv[],
		    char *const envp[], int flags)
{
	bool by_dir = path && *path != '/' && (*path || flags & AT_EMPTY_PATH) &&
		      dir != AT_FDCWD;
	const char *name = path;
	char through[PATH_MAX];
	int kept, ret;

	if (by_dir) {
		snprintf(through, sizeof(through), "/proc/self/fd/%d%s%s", dir,
			 *path ? "/" : "", path);
		name = through;
	}
	if (likely(!argv || !exec_is_trapped(name)))
		return HOST(execveat)(dir, path, argv, envp, flags);
	if (!by_dir)
		return execve(name, argv, envp);
	kept = RAW(SYS_fcntl, dir, F_GETFD);
	RAW(SYS_fcntl, dir, F_SETFD, kept & ~FD_CLOEXEC);
	ret = execve(name, argv, envp);
	RAW(SYS_fcntl, dir, F_SETFD, kept);
	return ret;
}

/**
 * fexecve() - Execute the program that a descriptor refers to
 * @fd:		descriptor
 * @argv:	its arguments
 * @envp:	its environment
 *
 * Return: -1 with errno
 */
EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	return execveat(fd, "", argv, envp, AT_EMPTY_PATH);
}

/**
 * execv() - Execute a program in our own environment
 * @path:	its name
 * @argv:	its arguments
 *
 * Return: -1 with errno
 */
EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

/**
 * find() - Find a program in PATH
 * @file:	its name
 * @path:	receives where it is
 *
 * Return: the path, or @file if it has one or is not found
 */
static const char *find(const char *file, char path[PATH_MAX])
{
	const char *search = getenv("PATH") ?: "/bin:/usr/bin";
	size_t len;

	if (!file || strchr(file, '/'))
		return file;
	for (; ; search += len + 1) {
		len = strcspn(search, ":");
		if (snprintf(path, PATH_MAX, "%.*s%s%s", (int)len, search,
			     len ? "/" : "", file) < PATH_MAX &&
		    !RAW(SYS_faccessat, AT_FDCWD, path, X_OK))
			return path;
		if (!search[len])
			return file;
	}
}

/**
 * execvpe() - Find and execute a program
 * @file:	its name
 * @argv:	its arguments
 * @envp:	its environment
 *
 * Return: -1 with errno
 */
EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	char found[PATH_MAX];
	const char *path = find(file, found);

	if (unlikely(argv && exec_is_trapped(path)))
		return execve(path, argv, envp);
	return exec_passing(HOST(execvpe), file, argv, envp);
}

/**
 * execvp() - Find and execute a program in our own environment
 * @file:	its name
 * @argv:	its arguments
 *
 * Return: -1 with errno
 */
EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

/* EXECL() - the body of a call whose arguments are listed */
#define EXECL(call, arg, name, ...)					\
	({								\
		size_t n_ = 1;						\
		va_list ap_;						\
									\
		va_start(ap_, arg);					\
		while (va_arg(ap_, char *))				\
			n_++;						\
		va_end(ap_);						\
									\
		char *argv_[n_ + 1];					\
									\
		argv_[0] = (char *)arg;					\
		va_start(ap_, arg);					\
		for (size_t i_ = 1; i_ <= n_; i_++)			\
			argv_[i_] = va_arg(ap_, char *);		\
		call(name, argv_, __VA_ARGS__);				\
	})

/**
 * execl() - Execute a program with listed arguments
 * @path:	its name
 * @arg:	its first argument, and so on to a NULL
 *
 * Return: -1 with errno
 */
EXPORT int execl(const char *path, const char *arg, ...)
{
	return EXECL(execve, arg, path, environ);
}

/**
 * execlp() - Find and execute a program with listed arguments
 * @file:	its name
 * @arg:	its first argument, and so on to a NULL
 *
 * Return: -1 with errno
 */
EXPORT int execlp(const char *file, const char *arg, ...)
{
	return EXECL(execvpe, arg, file, environ);
}

/**
 * execle() - Execute a program with listed arguments and an environment
 * @path:	its name
 * @arg:	its first argument, and so on to a NULL; behind it the environment
 *
 * Return: -1 with errno
 */
EXPORT int execle(const char *path, const char *arg, ...)
{
	return EXECL(execve, arg, path, va_arg(ap_, char *const *));
}

/**
 * posix_spawn() - Start a program
 * @pid:	receives its process id
 * @path:	its name
 * @acts:	what is done with descriptors, may be NULL
 * @attr:	attributes, may be NULL
 * @argv:	its arguments
 * @envp:	its environment
 *
 * Return: 0 or an error number
 */
EXPORT int posix_spawn(pid_t *restrict pid, const char *restrict path,
		       const posix_spawn_file_actions_t *acts,
		       const posix_spawnattr_t *restrict attr,
		       char *const argv[restrict], char *const envp[restrict])
{
	if (unlikely(argv && exec_is_trapped(path))) {
		LOADER_ARGV(new, path, argv);
		return HOST(posix_spawn)(pid, loader, acts, attr, new, envp);
	}
	return HOST(posix_spawn)(pid, path, acts, attr, argv, envp);
}

/**
 * posix_spawnp() - Find and start a program
 * @pid:	receives its process id
 * @file:	its name
 * @acts:	what is done with descriptors, may be NULL
 * @attr:	attributes, may be NULL
 * @argv:	its arguments
 * @envp:	its environment
 *
 * Return: 0 or an error number
 */
EXPORT int posix_spawnp(pid_t *restrict pid, const char *restrict file,
			const posix_spawn_file_actions_t *acts,
			const posix_spawnattr_t *restrict attr,
			char *const argv[restrict], char *const envp[restrict])
{
	char found[PATH_MAX];
	const char *path = find(file, found);

	if (unlikely(argv && exec_is_trapped(path)))
		return posix_spawn(pid, path, acts, attr, argv, envp);
	return HOST(posix_spawnp)(pid, file, acts, attr, argv, envp);
}
