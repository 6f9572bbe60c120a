// SPDX-License-Identifier: GPL-2.0
/*
 * self.c - What a trapped program is called
 *
 * For the host the file of the process is our loader's, and so would be its
 * name and arguments. It can be told those of the program; the file only by
 * who has CAP_SYS_ADMIN, and when nothing of the loader's is mapped any more. So
 * /proc/PID/exe is the loader's for others, and for the program what we say.
 */
#include "trap.h"

#include <limits.h>
#include <linux/prctl.h>

#define STAT_FIRST	4	/* field of /proc/self/stat behind the state */
#define STAT_FIELDS	52

static char program[PATH_MAX];

/**
 * trap_self_init() - Note which program it is
 * @path:	its absolute path
 */
void trap_self_init(const char *path)
{
	snprintf(program, sizeof(program), "%s", path);
}

/**
 * trap_self_path() - Replace the name of the process's own file
 * @path:	a name, may be NULL
 *
 * Return: the program's path if @path is /proc/self/exe or the like, else
 * @path
 */
const char *trap_self_path(const char *path)
{
	char own[32];

	if (!path || strncmp(path, "/proc/", 6))
		return path;
	snprintf(own, sizeof(own), "/proc/%ld/exe", RAW(SYS_getpid, 0));
	if (!strcmp(path, "/proc/self/exe") ||
	    !strcmp(path, "/proc/thread-self/exe") || !strcmp(path, own))
		return program;
	return path;
}

/**
 * read_map() - Get what the host knows about the memory of the process
 * @map:	receives it
 *
 * Return: true if it could be read
 */
static bool read_map(struct prctl_mm_map *map)
{
	unsigned long field[STAT_FIELDS];
	char text[2048], *at;
	int fd = RAW(SYS_openat, AT_FDCWD, "/proc/self/stat",
		     O_RDONLY | O_CLOEXEC);
	long len = RAW(SYS_read, fd, text, sizeof(text) - 1);

	if (fd >= 0)
		RAW(SYS_close, fd);
	if (len <= 0)
		return false;
	text[len] = '\0';
	at = strrchr(text, ')') + sizeof(") S") - 1;
	for (int i = STAT_FIRST; i < STAT_FIELDS; i++)
		field[i] = strtoul(at, &at, 10);
	*map = (struct prctl_mm_map) {
		.start_code = field[26], .end_code = field[27],
		.start_stack = field[28],
		.start_data = field[45], .end_data = field[46],
		.start_brk = field[47], .brk = RAW(SYS_brk, 0),
		.arg_start = field[48], .arg_end = field[49],
		.env_start = field[50], .env_end = field[51],
		.exe_fd = -1,
	};
	return true;
}

/**
 * gather() - Have the arguments in one piece, as the host shows them
 * @argv:	arguments, may be moved
 * @size:	receives their size
 *
 * Return: the piece, NULL if there is no memory
 */
static char *gather(char **argv, size_t *size)
{
	bool together = true;
	char *piece, *at;

	*size = 0;
	for (int i = 0; argv[i]; i++) {
		together &= argv[i] == argv[0] + *size;
		*size += strlen(argv[i]) + 1;
	}
	if (together)
		return argv[0];
	piece = malloc(*size);
	if (!piece)
		return NULL;
	at = piece;
	for (int i = 0; argv[i]; i++) {
		char *next = stpcpy(at, argv[i]) + 1;

		argv[i] = at;
		at = next;
	}
	return piece;
}

/**
 * trap_self_arguments() - Tell the host the arguments, for ps and the like
 * @argv:	arguments of the program, may be moved
 *
 * Without effect if the host has no PR_SET_MM_MAP (CONFIG_CHECKPOINT_RESTORE).
 */
void trap_self_arguments(char **argv)
{
	struct prctl_mm_map map;
	size_t size;
	char *piece = gather(argv, &size);

	if (!piece || !read_map(&map))
		return;
	map.arg_start = (unsigned long)piece;
	map.arg_end = map.arg_start + size;
	RAW(SYS_prctl, PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0);
}
