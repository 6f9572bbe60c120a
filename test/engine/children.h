/* SPDX-License-Identifier: GPL-2.0 */
/*
 * children.h - Children of fork: run something in one, see how it ended
 */
#ifndef TEST_CHILDREN_H
#define TEST_CHILDREN_H

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../hijack/tap.h"

/** wait_for() - Wait half a minute; return: wait status, -1: it hangs */
__attribute__((unused)) static int wait_for(pid_t pid)
{
	int status;

	for (int i = 0; i < 30000; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		usleep(1000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return -1;
}

/** ends_well() - Return: whether a child ends in time and with status 0 */
__attribute__((unused)) static bool ends_well(pid_t pid)
{
	int status = wait_for(pid);

	if (status)
		printf("# wait status 0x%x\n", status);
	return !status;
}

/* RUNS() - run code in a child; true if it ends well and is true there */
#define RUNS(code)					\
	({						\
		bool good_;				\
		pid_t pid_;				\
							\
		fflush(stdout);				\
		pid_ = fork();				\
		must(pid_ >= 0);			\
		if (!pid_) {				\
			good_ = (code);			\
			fflush(stdout);			\
			_exit(!good_);			\
		}					\
		ends_well(pid_);			\
	})

#endif /* TEST_CHILDREN_H */
