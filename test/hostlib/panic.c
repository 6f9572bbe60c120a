// SPDX-License-Identifier: GPL-2.0
/*
 * panic.c - The end of a kernel that panics: log, trace, handler, SIGABRT
 */
#include <lkl.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../hijack/tap.h"

static void handler(const char *msg)
{
	fprintf(stderr, "handler: %s\n", msg);
}

/* Boot a kernel that is told to use an init that is not there. */
static void die(void)
{
	lkl_set_panic_handler(handler);
	lkl_init(&lkl_host_ops);
	lkl_start_kernel("loglevel=1 rdinit=/nosuch");
}

/* Write to the log what a checker of a debug kernel would. */
static void complain(void)
{
	static const char line[] = "WARNING: not really\n";
	long fd;

	lkl_init(&lkl_host_ops);
	lkl_start_kernel("loglevel=1");
	if (lkl_mount_fs("debugfs") < 0)
		_exit(77);
	lkl_sys_mknod("/kmsg", LKL_S_IFCHR | 0600, 1 << 8 | 11);
	fd = lkl_sys_open("/kmsg", LKL_O_WRONLY, 0);
	lkl_sys_write(fd, (char *)line, sizeof(line) - 1);
}

static char text[1 << 18];

/**
 * end_of() - Run a function in a child, collect in @text what it prints
 * @fn:	the function
 *
 * Return: status of the child
 */
static int end_of(void (*fn)(void))
{
	size_t len = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	must(!pipe(fds));
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		dup2(fds[1], STDERR_FILENO);
		fn();
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	text[len] = 0;
	close(fds[0]);
	must(waitpid(pid, &status, 0) == pid);
	return status;
}

static bool aborted(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

int main(void)
{
	int status;

	ok(aborted(end_of(die)), "the process ends with SIGABRT");
	ok(strstr(text, "Linux version 6.12"),
	   "the log is printed from its beginning, whatever the log level");
	ok(strstr(text, "Kernel panic - not syncing: VFS"), "so is the reason");
	ok(strstr(text, "mount_root_generic+0x"), "the trace has symbols");
	ok(strstr(text, "handler: VFS: Unable to mount"),
	   "the handler is told");
	status = end_of(complain);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		ok(true, "# SKIP complaints of checkers: no debug kernel");
	else
		ok(aborted(status) && strstr(text, "WARNING: not really"),
		   "a complaint of a checker is a panic");
	return tap_done();
}
