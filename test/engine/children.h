/* SPDX-License-Identifier: GPL-2.0 */
/*
 * children.h - Children of fork: run something in one, see how it ended
 */
#ifndef TEST_CHILDREN_H
#define TEST_CHILDREN_H

#include <signal.h>
#include <sys/wait.h>

#include "../hijack/net.h"

/** wait_for() - Wait ten seconds; return: wait status, -1: it hangs */
__attribute__((unused)) static int wait_for(pid_t pid)
{
	int status;

	for (int i = 0; i < 10000; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		usleep(1000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return -1;
}

/* RUNS() - run code in a child; true if its exit status is 0 */
#define RUNS(code)					\
	({						\
		pid_t pid_;				\
							\
		fflush(stdout);				\
		pid_ = fork();				\
		must(pid_ >= 0);			\
		if (!pid_)				\
			_exit((code) ? 0 : 1);		\
		wait_for(pid_) == 0;			\
	})

#endif /* TEST_CHILDREN_H */
