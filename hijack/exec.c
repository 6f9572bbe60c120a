// SPDX-License-Identifier: GPL-2.0
/*
 * exec.c - What becomes of programs that a preloaded program executes
 *
 * A child of fork that shares its parent's kernel lets a program that it
 * executes have its place, and the LKL descriptors that do not close on exec, as
 * inetd and sshd do: their numbers are in an environment variable. So all that
 * comes of a program is on one network, as on the host. A program that is
 * launched anew (lkl-hijack in a script) has settings of its own, and boots.
 *
 * The process that the kernel is in does so as well, if there is something that
 * would be lost: LKL descriptors that do not close on exec, or children that use
 * the kernel. Then that goes to a process of its own (hostlib/posix/move.c).
 * A wrapper like nice(1) has neither: the program that it executes boots its own
 * kernel, which is faster when it is in the same process.
 *
 * Static programs:
 * LD_PRELOAD has no effect on them: they would run on the host's network. They
 * are started by the loader that traps their system calls (trap/call.c), as
 * the launcher would. All other programs are libc's business.
 *
 * vfork() children come here: nothing is allocated, and no descriptor of the
 * table is used.
 */
#include "environment.h"
#include "exec.h"
#include "exec/preloadable.h"
#include "fdtab.h"
#include "kernel.h"
#include "start.h"
#include "user.h"

#include <dlfcn.h>
#include <sys/resource.h>

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
bool exec_is_trapped(const char *path)
{
	const char *why;

	return path && setting_follows_exec() &&
	       start_way(path, NULL, &why) == START_TRAP &&
	       !RAW(SYS_faccessat, AT_FDCWD, path, X_OK) &&
	       !RAW(SYS_faccessat, AT_FDCWD, loader, X_OK);
}

/**
 * exec_count() - Count arguments or variables
 * @list:	ends with NULL; may be NULL
 *
 * Return: how many there are
 */
size_t exec_count(char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

/* The longest text that Linux takes. */
#define MAX_TEXT (32 * 4096)

/**
 * list_is_there() - Are arguments or variables where they can be read?
 * @list:	ends with NULL; may be NULL
 *
 * Return: true if so
 */
static bool list_is_there(char *const *list)
{
	const char *text;

	for (; list; list++) {
		USER_GET(text, list, fault);
		if (!text)
			return true;
		if (!user_string(text, MAX_TEXT))
			return false;
	}
	return true;
fault:
	return false;
}

/**
 * with_own_limit() - Execute a program with the limit that this one sees
 * @exec:	executes it
 * @p:		the program
 * @envp:	its environment
 *
 * Return: -1 with errno
 */
static int with_own_limit(exec_fn *exec, const struct exec_program *p,
			  char *const envp[])
{
	struct rlimit real, own;
	int ret;

	RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &real);
	if (lkl_host_nofile(NULL, &own) || own.rlim_cur == real.rlim_cur)
		return exec(p, envp);
	RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, &own, NULL);
	ret = exec(p, envp);
	RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, &real, NULL);
	return ret;
}

/* Five numbers of up to ten digits and a mask of 16: lkl_guest_pass(). */
#define GUEST_TEXT	80

/**
 * is_ours() - Will the program be one that takes what is passed?
 * @p:	the program
 *
 * Return: false if it is not there either, and all that can be spared
 */
static bool is_ours(const struct exec_program *p)
{
	char found[PATH_MAX];
	const char *path, *why;

	path = p->dir ? exec_name_at(p->dir, p->path, p->flags, found) :
			exec_find(p->path, found);
	return path && !RAW(SYS_faccessat, AT_FDCWD, path, X_OK) &&
	       start_way(path, NULL, &why) >= 0;
}

/**
 * leaves() - Is the kernel, which is in this process, to stay for the program?
 * @p:		the program
 * @fds:	does it get LKL descriptors?
 *
 * Return: true if it has gone to another process
 */
static bool leaves(const struct exec_program *p, bool fds)
{
	return (fds || LKL(LKL_NR_guests, 0) > 0) && is_ours(p) &&
	       !lkl_kernel_leave(kernel_keep);
}

/**
 * exec_passing() - Execute a program, which is to have our kernel and settings
 * @exec:	executes it
 * @p:		the program
 * @envp:	its environment
 *
 * Return: -1 with errno
 */
int exec_passing(exec_fn *exec, const struct exec_program *p,
		 char *const envp[])
{
	/* Else the host is to say what is wrong. */
	if (!list_is_there(envp) || !list_is_there(p->argv) ||
	    !user_string(p->path, PATH_MAX))
		return exec(p, envp);

	EXEC_ENVIRONMENT(whole, envp);
	bool guest = lkl_fork_is_shared();
	int ret, len, err;

	if (!kernel_is_running() || !process_is_owner() ||
	    !setting_shares_kernel() || !setting_follows_exec() ||
	    !is_for_child(whole))
		return with_own_limit(exec, p, whole);

	size_t room = fdtab_pass(NULL, 0);
	char text[sizeof(EXEC_PASSED "=") + GUEST_TEXT + room], fds[room + 1];
	char *new[exec_count(whole) + 2];

	/* Before the kernel stands still: it is asked. */
	fds[0] = '\0';
	fdtab_pass(fds, sizeof(fds));
	if (guest || leaves(p, room)) {
		len = sprintf(text, EXEC_PASSED "=");
		len += lkl_guest_pass(text + len, GUEST_TEXT);
		memcpy(text + len, fds, sizeof(fds));
		new[0] = text;
		memcpy(new + 1, whole, exec_count(whole) * sizeof(*new));
		new[exec_count(whole) + 1] = NULL;
		ret = with_own_limit(exec, p, new);
		err = errno;
		if (!guest)
			lkl_kernel_return();
		lkl_guest_keep();
		errno = err;
	} else {
		ret = with_own_limit(exec, p, whole);
	}
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
	for (int colons = 0; mine && *fds && colons < 6; fds++)
		colons += fds[1] == ':';
	if (mine)
		fdtab_resume(fds);
	unsetenv(EXEC_PASSED);
	return mine;
}

static int by_path(const struct exec_program *p, char *const envp[])
{
	return HOST(execve)(p->path, p->argv, envp);
}

static int by_name(const struct exec_program *p, char *const envp[])
{
	return HOST(execvpe)(p->path, p->argv, envp);
}

static int by_directory(const struct exec_program *p, char *const envp[])
{
	return HOST(execveat)(p->dir, p->path, p->argv, envp, p->flags);
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
	if (unlikely(argv && exec_is_trapped(path) && list_is_there(argv))) {
		EXEC_LOADER_ARGV(new, path, argv);
		return exec_passing(by_path, EXEC_PROGRAM(loader, new), envp);
	}
	return exec_passing(by_path, EXEC_PROGRAM(path, argv), envp);
}

/**
 * exec_name_at() - What is a program called that is found from a directory?
 * @dir:	as for execveat(), like the following
 * @path:	name
 * @flags:	AT_*
 * @through:	room for a name that leads through the descriptor
 *
 * Return: that one, or @path if it does not begin at @dir
 */
const char *exec_name_at(int dir, const char *path, int flags,
			 char through[PATH_MAX])
{
	if (dir == AT_FDCWD || !path || !user_string(path, PATH_MAX) ||
	    *path == '/' || (!*path && !(flags & AT_EMPTY_PATH)))
		return path;
	snprintf(through, PATH_MAX, "/proc/self/fd/%d%s%s", dir,
		 *path ? "/" : "", path);
	return through;
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
	char through[PATH_MAX];
	const char *name = exec_name_at(dir, path, flags, through);
	int kept, ret;

	if (likely(!argv || !exec_is_trapped(name)))
		return exec_passing(by_directory,
				    EXEC_PROGRAM(path, argv, .dir = dir,
						 .flags = flags), envp);
	if (name == path)
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
 * exec_find() - Find a program in PATH
 * @file:	its name
 * @path:	receives where it is
 *
 * Return: the path, or @file if it has one or is not found
 */
const char *exec_find(const char *file, char path[PATH_MAX])
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
	const char *path = exec_find(file, found);

	if (unlikely(argv && exec_is_trapped(path)))
		return execve(path, argv, envp);
	return exec_passing(by_name, EXEC_PROGRAM(file, argv), envp);
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
