/* SPDX-License-Identifier: GPL-2.0 */
/*
 * preloadable.h - Does LD_PRELOAD work with a program?
 */
#ifndef EXEC_PRELOADABLE_H
#define EXEC_PRELOADABLE_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

/* Ways to start a program. */
#define START_PRELOAD	0	/* with LD_PRELOAD */
#define START_TRAP	1	/* its system calls have to be trapped */

int start_way(const char *path, bool *copied, const char **why);

#pragma GCC visibility pop

#endif /* EXEC_PRELOADABLE_H */
