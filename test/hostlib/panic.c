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
	_exit(0);
}

int main(void)
{
	static char text[1 << 16];
	size_t len = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	must(!pipe(fds));
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		dup2(fds[1], STDERR_FILENO);
		die();
	}
	close(fds[1]);
	while ((n = read(fds[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	must(waitpid(pid, &status, 0) == pid);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
	   "the process ends with SIGABRT");
	ok(strstr(text, "Linux version 6.12"),
	   "the log is printed from its beginning, whatever the log level");
	ok(strstr(text, "Kernel panic - not syncing: VFS"), "so is the reason");
	ok(strstr(text, "mount_root_generic+0x"), "the trace has symbols");
	ok(strstr(text, "handler: VFS: Unable to mount"),
	   "the handler is told");
	return tap_done();
}
