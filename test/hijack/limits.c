// SPDX-License-Identifier: GPL-2.0
/*
 * limits.c - The numbers of descriptors, and how many there are, are the program's
 *
 *	limits		what the limit of open files is, and all numbers below it
 *	limits -	the same, but print the figures only
 *
 * To be run with a limit that may be raised.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "net.h"

extern char **environ;
static char *self;
static int limit;

/* As many as there can be; closes them. */
static int count_files(void)
{
	static int fds[1 << 21];
	int n = 0;

	while ((fds[n] = open("/dev/null", O_RDONLY)) >= 0)
		n++;
	must(errno == EMFILE);
	for (int i = 0; i < n; i++)
		close(fds[i]);
	return n;
}

static int count_sockets(void)
{
	static int fds[1 << 21];
	int n = 0;

	while ((fds[n] = socket(AF_INET, SOCK_DGRAM, 0)) >= 0)
		n++;
	must(errno == EMFILE);
	for (int i = 0; i < n; i++)
		close(fds[i]);
	return n;
}

/* The output of a program, in pieces that posix_spawn(), exec ... start. */
static void say_limits(void)
{
	struct rlimit lim, by_number[2];

	must(!getrlimit(RLIMIT_NOFILE, &lim));
	must(!syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &by_number[0]));
	must(!syscall(SYS_getrlimit, RLIMIT_NOFILE, &by_number[1]));
	printf("%lu %lu %d %d %d %d\n", lim.rlim_cur, lim.rlim_max,
	       lim.rlim_cur == by_number[0].rlim_cur &&
	       lim.rlim_cur == by_number[1].rlim_cur &&
	       lim.rlim_max == by_number[0].rlim_max,
	       getdtablesize() == (int)lim.rlim_cur &&
	       sysconf(_SC_OPEN_MAX) == (long)lim.rlim_cur,
	       count_files(), count_sockets());
}

static void same_in_programs(void)
{
	char want[80] = "", text[80] = "", command[256];
	struct rlimit lim;
	int fds[2], status;
	FILE *f;
	pid_t pid;

	must(!getrlimit(RLIMIT_NOFILE, &lim));
	sprintf(want, "%lu %lu 1 1 %d %d\n", lim.rlim_cur, lim.rlim_max,
		limit - 3, limit - 3);
	snprintf(command, sizeof(command), "%s -", self);
	f = popen(command, "r");
	must(f && fgets(text, sizeof(text), f));
	ok(!pclose(f) && !strcmp(text, want), "popen()");
	snprintf(command, sizeof(command), "ulimit -n; exec %s -", self);
	f = popen(command, "r");
	must(f && fgets(text, sizeof(text), f));
	ok(atoi(text) == limit, "a shell in between");
	must(fgets(text, sizeof(text), f));
	ok(!pclose(f) && !strcmp(text, want), "and behind it");

	for (int way = 0; way < 2; way++) {
		must(!pipe2(fds, O_CLOEXEC));
		if (way) {
			posix_spawn_file_actions_t acts;

			posix_spawn_file_actions_init(&acts);
			posix_spawn_file_actions_adddup2(&acts, fds[1], 1);
			must(!posix_spawn(&pid, self, &acts, NULL,
					  (char *[]){ self, "-", NULL },
					  environ));
			posix_spawn_file_actions_destroy(&acts);
		} else {
			pid = fork();
			if (!pid) {
				dup2(fds[1], 1);
				execl("/nonexistent", "x", NULL);
				execl(self, self, "-", NULL);
				_exit(1);
			}
		}
		close(fds[1]);
		memset(text, 0, sizeof(text));
		must(read(fds[0], text, sizeof(text) - 1) > 0);
		close(fds[0]);
		must(waitpid(pid, &status, 0) == pid);
		ok(!strcmp(text, want), "%s", way ? "posix_spawn()" :
		   "fork() and exec");
	}
	pid = fork();
	if (!pid)
		_exit(count_files() == limit - 3 && count_sockets() == limit - 3 &&
		      count_files() == limit - 3);
	must(waitpid(pid, &status, 0) == pid);
	ok(WEXITSTATUS(status) == 1, "fork()");
}

/* Every number can be had, and is the program's. */
static void every_number(void)
{
	int file = open("/dev/null", O_RDWR), sock, good = 0, closed = 0;

	sock = socket(AF_INET, SOCK_DGRAM, 0);
	must(file == 3 && sock == 4);
	for (int fd = 5; fd < limit; fd++) {
		good += dup2(file, fd) == fd;
		good += dup2(sock, fd) == fd;
		good += dup3(file, fd, O_CLOEXEC) == fd;
		closed += !close(fd);
		good += fcntl(file, F_DUPFD, fd) == fd;
		closed += !close(fd);
	}
	ok(good == 4 * (limit - 5) && closed == 2 * (limit - 5),
	   "dup2(), dup3() and F_DUPFD take every number (%d, %d)", good,
	   closed);
	ok(dup2(file, limit) == -1 && errno == EBADF, "dup2(): EBADF above");
	ok(dup2(sock, limit) == -1 && errno == EBADF, "of a socket, too");
	ok(dup3(sock, limit + 5, 0) == -1 && errno == EBADF, "dup3()");
	ok(fcntl(file, F_DUPFD, limit) == -1 && errno == EINVAL,
	   "F_DUPFD: EINVAL");
	ok(fcntl(sock, F_DUPFD, limit) == -1 && errno == EINVAL,
	   "of a socket, too");
	ok(close(limit) == -1 && errno == EBADF, "nor is it open");
	ok(poll((struct pollfd *)&(struct { int fd; long e; }){ limit, 0 }, 1, 0)
	   == 1, "poll(): POLLNVAL");
	close(file);
	close(sock);
}

static void changes(void)
{
	struct rlimit lim, low, now;

	must(!getrlimit(RLIMIT_NOFILE, &lim));
	low = (struct rlimit){ 20, lim.rlim_max };
	ok(!setrlimit(RLIMIT_NOFILE, &low) && !getrlimit(RLIMIT_NOFILE, &now) &&
	   now.rlim_cur == 20 && now.rlim_max == lim.rlim_max,
	   "a lower limit");
	ok(count_files() == 17 && count_sockets() == 17, "counts");
	ok(!setrlimit(RLIMIT_NOFILE, &lim) && count_files() == limit - 3,
	   "and the one before");
	ok(setrlimit(RLIMIT_NOFILE, (void *)8) == -1 && errno == EFAULT &&
	   getrlimit(RLIMIT_NOFILE, (void *)8) == -1 && errno == EFAULT,
	   "bad addresses");
	low = (struct rlimit){ 30, 20 };
	ok(setrlimit(RLIMIT_NOFILE, &low) == -1 && errno == EINVAL,
	   "over the hard one");
	low = (struct rlimit){ 3000, lim.rlim_max < 3000 ? 3000 : lim.rlim_max };
	if (setrlimit(RLIMIT_NOFILE, &low))
		return;
	ok(count_files() == 2997 && count_sockets() == 2997, "a higher one");
	must(!setrlimit(RLIMIT_NOFILE, &lim));
	ok(!getrlimit(RLIMIT_NOFILE, &now) && now.rlim_cur == lim.rlim_cur,
	   "and back");
}

/* The set is of the usual size, whatever the limit. */
static void selects(void)
{
	struct rlimit lim, high;
	struct { fd_set set; char behind[128]; } r;
	struct timeval now = { 0, 0 };
	int fds[2];

	must(!getrlimit(RLIMIT_NOFILE, &lim) && !pipe(fds));
	high = (struct rlimit){ 4096, lim.rlim_max < 4096 ? 4096 : lim.rlim_max };
	if (setrlimit(RLIMIT_NOFILE, &high))
		return;
	close(socket(AF_INET, SOCK_DGRAM, 0));
	memset(&r, 0xff, sizeof(r));
	FD_ZERO(&r.set);
	FD_SET(fds[1], &r.set);
	ok(select(4096, NULL, &r.set, NULL, &now) == 1 && r.behind[5] == -1,
	   "select() of more than the set has room for");
	setrlimit(RLIMIT_NOFILE, &lim);
	close(fds[0]);
	close(fds[1]);
}

int main(int argc, char **argv)
{
	struct rlimit lim;

	self = argv[0];
	closefrom(3);
	must(!getrlimit(RLIMIT_NOFILE, &lim));
	limit = lim.rlim_cur;
	if (argc > 1) {
		say_limits();
		return 0;
	}
	selects();
	ok(count_files() == limit - 3, "the limit counts");
	ok(count_sockets() == limit - 3, "sockets as well");
	ok(count_files() == limit - 3, "and files, when the kernel runs");
	every_number();
	changes();
	same_in_programs();
	return tap_done();
}
