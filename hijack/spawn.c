// SPDX-License-Identifier: GPL-2.0
/*
 * spawn.c - fork(), vfork() and posix_spawn()
 *
 * All that comes of a program is on one network, so its kernel boots before its
 * first child is made, whoever of the two will need it (kernel_for_children()).
 *
 * The child of vfork() and posix_spawn() borrows the memory of its parent until
 * it executes a program, and so cannot be a process of the parent's kernel. If
 * the program is not to share a kernel this is how it should be. Else the child
 * is forked (lkl_vfork()): it can do with descriptors whatever it likes, and
 * exec_passing() does the rest. posix_spawn() then is what libc makes of it too:
 * attributes, actions in their order, exec.
 *
 * File actions are opaque, and libc has no function to read them. The layout
 * below is glibc's since 2.2; what was added came at the end of the union. With
 * an action that we don't know libc starts the program, without our kernel.
 */
#include "environment.h"
#include "exec.h"
#include "fdtab.h"
#include "start.h"

#include <sched.h>

#define NOT_EXECUTED	127
#define KERNEL_SIGSET	8

enum {
	DO_CLOSE, DO_DUP2, DO_OPEN, DO_CHDIR, DO_FCHDIR, DO_CLOSEFROM,
	DO_TCSETPGRP, DO_ACTIONS
};

/**
 * struct __spawn_action - An action of posix_spawn(), as glibc records it
 * @what:	DO_*
 * @fd:		descriptor; of DO_CLOSEFROM the first one
 * @to:		number wanted
 * @open:	arguments of open(); the result is to be @open.fd
 * @path:	directory
 */
struct __spawn_action {
	int what;
	union {
		struct {
			int fd;
			int to;
		};
		struct {
			int fd;
			char *path;
			int flags;
			mode_t mode;
		} open;
		char *path;
	};
};

/**
 * exec_may_pass() - Could an executed program share our kernel?
 *
 * Boots it, if nobody has.
 *
 * Return: false if it is to have one of its own, or none
 */
bool exec_may_pass(void)
{
	kernel_for_children();
	return kernel_is_running() && setting_shares_kernel() &&
	       setting_follows_exec() && process_is_owner();
}

/**
 * fork() - Make a child
 *
 * Not by pthread_atfork(): what the boot registers there would not be called
 * for the fork under way.
 *
 * Return: its process id, 0 in the child, -1 with errno
 */
EXPORT pid_t fork(void)
{
	kernel_for_children();
	return HOST(fork)();
}

static pid_t forked(void)
{
	return lkl_vfork(NULL);
}

/**
 * vfork() - Make a child that executes a program
 *
 * A tail call, so that there is no frame of ours for libc's to return through
 * twice.
 *
 * Return: its process id, 0 in the child, -1 with errno
 */
EXPORT pid_t vfork(void)
{
	return (unlikely(exec_may_pass()) ? forked : HOST(vfork))();
}

/**
 * exec_passes() - Is a program to be started by us, so that it shares our kernel?
 * @acts:	what is done with descriptors, may be NULL
 *
 * Return: false also if an action is not known
 */
bool exec_passes(const posix_spawn_file_actions_t *acts)
{
	int n = acts ? acts->__used : 0;

	if (likely(!exec_may_pass()))
		return false;
	while (n && acts->__actions[n - 1].what >= 0 &&
	       acts->__actions[n - 1].what < DO_ACTIONS)
		n--;
	return !n;
}

/* A close that fails counts only if there can be no such descriptor. */
static int do_close(int fd)
{
	return close(fd) && (fd < 0 || fd >= sysconf(_SC_OPEN_MAX)) ? -1 : 0;
}

static int do_dup2(int fd, int to)
{
	int flags;

	if (fd != to)
		return dup2(fd, to);
	flags = fcntl(fd, F_GETFD);
	return flags < 0 ? -1 : fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
}

static int do_open(int to, const char *path, int flags, mode_t mode)
{
	int fd;

	close(to);
	fd = open(path, flags, mode);
	if (fd < 0 || fd == to)
		return fd;
	return dup2(fd, to) < 0 ? -1 : close(fd);
}

/**
 * act() - Do one of the actions with descriptors
 * @a:	the action
 *
 * Return: negative with errno if it fails
 */
static int act(const struct __spawn_action *a)
{
	switch (a->what) {
	case DO_CLOSE:
		return do_close(a->fd);
	case DO_DUP2:
		return do_dup2(a->fd, a->to);
	case DO_OPEN:
		return do_open(a->open.fd, a->open.path, a->open.flags,
			       a->open.mode);
	case DO_CHDIR:
		return chdir(a->path);
	case DO_FCHDIR:
		return fchdir(a->fd);
	case DO_CLOSEFROM:
		closefrom(a->fd);
		return 0;
	default:
		return tcsetpgrp(a->fd, getpgrp());
	}
}

/**
 * reset_signals() - No handler of ours may run any more
 * @defaults:	signals to be as they are by default; others stay ignored
 */
static void reset_signals(const sigset_t *defaults)
{
	const struct sigaction none = { .sa_handler = SIG_DFL };
	struct sigaction old;

	for (int sig = 1; sig < NSIG; sig++)
		if (!HOST(sigaction)(sig, NULL, &old) &&
		    (old.sa_handler != SIG_IGN || sigismember(defaults, sig)))
			HOST(sigaction)(sig, &none, NULL);
}

/**
 * set_attributes() - Let the process be what the attributes say
 * @attr:	attributes
 * @flags:	which
 *
 * Return: not 0 with errno if that fails
 */
static int set_attributes(const posix_spawnattr_t *attr, short flags)
{
	struct sched_param param;
	pid_t group;
	int policy;

	posix_spawnattr_getschedparam(attr, &param);
	posix_spawnattr_getschedpolicy(attr, &policy);
	posix_spawnattr_getpgroup(attr, &group);
	return (flags & POSIX_SPAWN_SETSCHEDULER ?
		sched_setscheduler(0, policy, &param) < 0 :
		flags & POSIX_SPAWN_SETSCHEDPARAM &&
		sched_setparam(0, &param)) ||
	       (flags & POSIX_SPAWN_SETSID && setsid() < 0) ||
	       (flags & POSIX_SPAWN_SETPGROUP && setpgid(0, group)) ||
	       (flags & POSIX_SPAWN_RESETIDS &&
		(seteuid(getuid()) || setegid(getgid())));
}

/**
 * struct start - A program to start
 * @file:	its name
 * @search:	in PATH
 * @acts:	what is done with descriptors, may be NULL
 * @attr:	attributes
 * @argv:	its arguments
 * @envp:	its environment
 */
struct start {
	const char *file;
	bool search;
	const posix_spawn_file_actions_t *acts;
	const posix_spawnattr_t *attr;
	char *const *argv;
	char *const *envp;
};

/**
 * become() - In the child: execute the program
 * @s:		the program
 * @mask:	signal mask of the caller
 */
static void __attribute__((noreturn)) become(const struct start *s,
					     sigset_t mask)
{
	char found[PATH_MAX];
	const char *path = s->search ? exec_find(s->file, found) : s->file;
	sigset_t defaults;
	short flags;
	int n = 0;

	posix_spawnattr_getflags(s->attr, &flags);
	sigemptyset(&defaults);
	if (flags & POSIX_SPAWN_SETSIGDEF)
		posix_spawnattr_getsigdefault(s->attr, &defaults);
	if (flags & POSIX_SPAWN_SETSIGMASK)
		posix_spawnattr_getsigmask(s->attr, &mask);
	reset_signals(&defaults);
	if (!set_attributes(s->attr, flags)) {
		while (s->acts && n < s->acts->__used &&
		       act(&s->acts->__actions[n]) >= 0)
			n++;
		if (!s->acts || n == s->acts->__used) {
			RAW(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL,
			    KERNEL_SIGSET);
			if (s->search && !strchr(path, '/'))
				HOST(execvpe)(path, s->argv, s->envp);
			else
				execve(path, s->argv, s->envp);
		}
	}
	lkl_vfork_tell(errno);
	RAW(SYS_exit_group, NOT_EXECUTED);
	__builtin_unreachable();
}

/**
 * start() - Start a program that shares our kernel
 * @pid:	receives its process id, may be NULL
 * @s:		the program
 *
 * Signals stay blocked in the child until its handlers are gone.
 *
 * Return: 0 or an error number
 */
static int start(pid_t *pid, struct start *s)
{
	const sigset_t all = { { ~0UL } };
	posix_spawnattr_t none;
	sigset_t mask;
	pid_t child;
	int err = 0;

	if (!s->attr) {
		posix_spawnattr_init(&none);
		s->attr = &none;
	}
	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask, KERNEL_SIGSET);
	child = lkl_vfork(&err);
	if (!child)
		become(s, mask);
	if (child < 0)
		err = errno;
	else if (err)
		RAW(SYS_wait4, child, NULL, 0, NULL);
	else if (pid)
		*pid = child;
	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, KERNEL_SIGSET);
	return err;
}

/**
 * posix_spawn() - Start a program
 * @pid:	receives its process id, may be NULL
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
	if (exec_passes(acts))
		return start(pid, &(struct start){ path, false, acts, attr,
						   argv, envp });
	EXEC_ENVIRONMENT(whole, envp);
	if (unlikely(argv && exec_is_trapped(path))) {
		EXEC_LOADER_ARGV(new, path, argv);
		return HOST(posix_spawn)(pid, exec_loader(), acts, attr, new,
					 whole);
	}
	return HOST(posix_spawn)(pid, path, acts, attr, argv, whole);
}

/**
 * posix_spawnp() - Find and start a program
 * @pid:	receives its process id, may be NULL
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
	const char *path;

	if (exec_passes(acts))
		return start(pid, &(struct start){ file, true, acts, attr,
						   argv, envp });
	path = exec_find(file, found);
	if (unlikely(argv && exec_is_trapped(path)))
		return posix_spawn(pid, path, acts, attr, argv, envp);
	EXEC_ENVIRONMENT(whole, envp);
	return HOST(posix_spawnp)(pid, file, acts, attr, argv, whole);
}
