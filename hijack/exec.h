/* SPDX-License-Identifier: GPL-2.0 */
/*
 * exec.h - What becomes of programs that a preloaded program executes
 */
#ifndef HIJACK_EXEC_H
#define HIJACK_EXEC_H

#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>

#pragma GCC visibility push(hidden)

/* The program to start one with that LD_PRELOAD does not work with. */
#define EXEC_LOADER "lkl-hijack-trap"

/* Environment variable with what a program has of the one before it. */
#define EXEC_PASSED "LKL_HIJACKED_FDS"

void exec_init(void);
bool exec_resume(void);

/**
 * struct exec_program - A program to execute
 * @path:	its name
 * @argv:	its arguments
 * @dir:	of execveat(): directory that @path begins at,
 * @flags:	and AT_*
 */
struct exec_program {
	const char *path;
	char *const *argv;
	int dir;
	int flags;
};

/* EXEC_PROGRAM() - a struct exec_program; name and arguments, and the rest. */
#define EXEC_PROGRAM(path_, argv_, ...)					\
	(&(struct exec_program){ .path = (path_), .argv = (argv_),	\
				 ##__VA_ARGS__ })

/* Executes a program; returns -1 with errno. */
typedef int exec_fn(const struct exec_program *p, char *const envp[]);

int exec_passing(exec_fn *exec, const struct exec_program *p,
		 char *const envp[]);
bool exec_may_pass(void);
bool exec_passes(const posix_spawn_file_actions_t *acts);
bool exec_is_trapped(const char *path);
const char *exec_find(const char *file, char path[PATH_MAX]);
const char *exec_name_at(int dir, const char *path, int flags,
			 char through[PATH_MAX]);
size_t exec_count(char *const *list);

const char *exec_library(void);
const char *exec_loader(void);

/* EXEC_LOADER_ARGV() - arguments of the loader, for a program and its own. */
#define EXEC_LOADER_ARGV(new, path, argv)				\
	char *new[exec_count(argv) + 3];				\
									\
	new[0] = EXEC_LOADER;						\
	new[1] = (char *)(path);					\
	memcpy(new + 2, argv, (exec_count(argv) + 1) * sizeof(*new))

/* EXEC_ENVIRONMENT() - an environment with what it lacks of ours. */
#define EXEC_ENVIRONMENT(new, envp)					\
	size_t new##_size, new##_n = environment_room(envp, &new##_size); \
	char *new##_room[new##_n + 1], new##_text[new##_size];		\
	char *const *new = new##_n ? new##_room : envp;			\
									\
	if (new##_n)							\
		complete_environment(new##_room, new##_text, envp)

#pragma GCC visibility pop

#endif /* HIJACK_EXEC_H */
