// SPDX-License-Identifier: GPL-2.0
/*
 * daemon.c - What libc does with the standard descriptors inside itself
 *
 * libc's own daemon() would end the process that has the kernel without us, and
 * its login_tty() would leave what was LKL's at the standard numbers. These do
 * the same with calls that are ours.
 */
#include "calls.h"

#include <pty.h>
#include <sys/sysmacros.h>
#include <utmp.h>

/**
 * be_standard() - Put a descriptor at all three standard numbers
 * @fd:	descriptor; closed, if it is another
 */
static void be_standard(int fd)
{
	for (int to = STDIN_FILENO; to <= STDERR_FILENO; to++)
		dup2(fd, to);
	if (fd > STDERR_FILENO)
		close(fd);
}

/**
 * daemon() - Go on in the background
 * @nochdir:	stay in the current directory
 * @noclose:	keep the standard descriptors
 *
 * Return: 0, or -1 with errno (ENODEV: /dev/null is something else)
 */
EXPORT int daemon(int nochdir, int noclose)
{
	struct stat st;
	int fd;

	switch (fork()) {
	case -1:
		return -1;
	case 0:
		break;
	default:
		_exit(0);
	}
	if (setsid() < 0)
		return -1;
	if (!nochdir && chdir("/"))
		return -1;
	if (noclose)
		return 0;
	fd = open("/dev/null", O_RDWR);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) || !S_ISCHR(st.st_mode) ||
	    st.st_rdev != makedev(1, 3)) {
		close(fd);
		errno = ENODEV;
		return -1;
	}
	be_standard(fd);
	return 0;
}

/**
 * login_tty() - Make a terminal that of a session of its own
 * @fd:	terminal; closed, if it is no standard descriptor
 *
 * Return: 0, or -1 with errno
 */
EXPORT int login_tty(int fd)
{
	setsid();
	if (ioctl(fd, TIOCSCTTY, NULL))
		return -1;
	be_standard(fd);
	return 0;
}

/**
 * forkpty() - Fork a child that has a terminal of its own
 * @amaster:	receives the other end of it
 * @name:	receives its name, or NULL
 * @termp:	settings of it, or NULL
 * @winp:	its size, or NULL
 *
 * Return: process id of the child, 0 there, or -1 with errno
 */
EXPORT int forkpty(int *amaster, char *name, const struct termios *termp,
		   const struct winsize *winp)
{
	int master, terminal, pid;

	if (openpty(&master, &terminal, name, termp, winp))
		return -1;
	pid = fork();
	if (pid < 0) {
		close(master);
		close(terminal);
		return -1;
	}
	if (pid) {
		*amaster = master;
		close(terminal);
		return pid;
	}
	close(master);
	if (login_tty(terminal))
		_exit(1);
	return 0;
}
