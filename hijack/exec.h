/* SPDX-License-Identifier: GPL-2.0 */
/*
 * exec.h - What becomes of programs that a preloaded program executes
 */
#ifndef HIJACK_EXEC_H
#define HIJACK_EXEC_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

/* The program to start one with that LD_PRELOAD does not work with. */
#define EXEC_LOADER "lkl-hijack-trap"

/* Environment variable with what a program has of the one before it. */
#define EXEC_PASSED "LKL_HIJACKED_FDS"

void exec_init(void);
bool exec_resume(void);

typedef int exec_fn(const char *path, char *const argv[], char *const envp[]);
int exec_passing(exec_fn *exec, const char *path, char *const argv[],
		 char *const envp[]);

const char *exec_library(void);
const char *exec_loader(void);

#pragma GCC visibility pop

#endif /* HIJACK_EXEC_H */
