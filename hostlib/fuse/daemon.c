// SPDX-License-Identifier: GPL-2.0
/*
 * daemon.c - Go to the background, and tell the foreground how that went
 *
 * A kernel does not survive a fork, so the child boots it. The parent waits for
 * the outcome: the child complains on the same standard error, and sends the
 * exit status through a pipe.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuse/lklfuse.h"

/* Where the parent waits for the status, -1: there is no parent. */
static int report = -1;

/* Wait for the status. If the child died without one, do as a shell does. */
static void parent(pid_t child, int fd)
{
	unsigned char status;
	ssize_t len;
	int how;

	do {
		len = read(fd, &status, 1);
	} while (len < 0 && errno == EINTR);
	if (len == 1)
		_exit(status);
	if (waitpid(child, &how, 0) == child && WIFSIGNALED(how))
		_exit(128 + WTERMSIG(how));
	_exit(STATUS_FAILED);
}

/**
 * daemon_start() - Go on in a child, in a session of its own
 *
 * Return: in the child 0, or a negative errno: still in the foreground. The
 * parent does not return.
 */
int daemon_start(void)
{
	int fds[2];
	pid_t child;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	child = fork();
	if (child < 0)
		return -errno;
	if (child) {
		close(fds[1]);
		parent(child, fds[0]);
	}
	close(fds[0]);
	report = fds[1];
	setsid();
	/* Not to keep another mount in use. */
	if (chdir("/"))
		return -errno;
	return 0;
}

/**
 * daemon_ready() - Tell the parent, and leave its terminal
 * @status:	exit status for it
 * @log:	where standard error goes from now on, -1: nowhere
 *
 * Without a parent nothing happens.
 */
void daemon_ready(int status, int log)
{
	unsigned char byte = status;
	int null;

	if (report < 0)
		return;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(log >= 0 ? log : null, STDERR_FILENO);
		close(null);
	}
	if (write(report, &byte, 1) != 1)
		perror("lklfuse");
	close(report);
	report = -1;
}
