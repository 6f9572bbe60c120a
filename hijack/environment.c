// SPDX-License-Identifier: GPL-2.0
/*
 * environment.c - What the program, and those that it executes, see of us
 *
 * They inherit the settings and LD_PRELOAD, so they are hijacked too; a mark
 * tells them that it is not them who have been launched.
 *
 * Some programs give those that they execute an environment which they have
 * written themselves (sshd, dovecot), or leave LD_PRELOAD out of it (inetd):
 * what it lacks then is added, so that nobody is on the host's network without
 * having asked for it (NO_FOLLOW_EXEC).
 */
#include "environment.h"
#include "kernel.h"

#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* Tells a program that it was executed by a hijacked one. */
#define CHILD_MARK "LKL_HIJACKED_BY"

#define LIBRARY "liblkl-hijack.so"

/**
 * is_child() - Return: true in a program that a hijacked one has executed, or
 * that marks its children
 */
bool is_child(void)
{
	return getenv(CHILD_MARK) != NULL;
}

/**
 * mark_children() - Let programs that this one executes know that it did
 *
 * The mark is the limit of open files as the program knows it: posix_spawn() and
 * others hand on the real one.
 */
void mark_children(void)
{
	static char mark[64];
	struct rlimit lim;

	if (lkl_host_nofile(NULL, &lim))
		return;
	snprintf(mark, sizeof(mark), CHILD_MARK "=%lu:%lu", lim.rlim_cur,
		 lim.rlim_max);
	putenv(mark);
}

/**
 * take_limit() - Have the limit of open files that the program is to have
 *
 * The program that has executed us may have left us its own, a little higher.
 */
void take_limit(void)
{
	const char *mark = getenv(CHILD_MARK);
	struct rlimit was, real;

	if (!mark || sscanf(mark, "%lu:%lu", &was.rlim_cur, &was.rlim_max) != 2)
		return;
	RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &real);
	if (real.rlim_cur - was.rlim_cur > 64)
		return;
	if (real.rlim_max - was.rlim_max > 64)
		was.rlim_max = real.rlim_max;
	RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, &was, NULL);
}

#define OURS "LKL_HIJACK"	/* what all of ours begin with */
#define PRELOAD "LD_PRELOAD="

/* What programs that this one executes are to have, beside the library. */
static char **kept;
static size_t kept_count;
static const char *library;

static bool begins(const char *variable, const char *with)
{
	return !strncmp(variable, with, strlen(with));
}

/**
 * keep_for_children() - Note what programs that this one executes are to have
 * @path:	of our library
 */
void keep_for_children(const char *path)
{
	size_t n = 0;

	for (char **at = environ; *at; at++)
		n += begins(*at, OURS);
	kept = calloc(n, sizeof(*kept));
	for (char **at = environ; kept && *at; at++)
		if (begins(*at, OURS))
			kept[kept_count++] = strdup(*at);
	library = path;
}

/**
 * environment_room() - How much can an environment lack that programs are to have?
 * @envp:	the environment, may be NULL
 * @text:	receives the bytes of text that takes
 *
 * Return: number of variables of the whole environment, with the NULL at the
 * end; 0: it lacks nothing
 */
size_t environment_room(char *const *envp, size_t *text)
{
	size_t n = 0;

	*text = 1;
	for (; library && envp && envp[n]; n++) {
		if (!begins(envp[n], PRELOAD))
			continue;
		if (strstr(envp[n], LIBRARY))
			return 0;
		*text = strlen(envp[n]) + 1;
	}
	*text += strlen(PRELOAD) + (library ? strlen(library) : 0) + 1;
	return library ? n + kept_count + 2 : 0;
}

/**
 * complete_environment() - Add what an environment lacks
 * @to:		receives the whole, environment_room() variables
 * @text:	room for text
 * @envp:	the environment, may be NULL
 *
 * Async-signal-safe.
 */
void complete_environment(char **to, char *text, char *const *envp)
{
	bool knows = false;
	char *end = stpcpy(stpcpy(text, PRELOAD), library);

	*to++ = text;
	for (; envp && *envp; envp++) {
		if (begins(*envp, PRELOAD)) {
			*end++ = ':';
			end = stpcpy(end, *envp + strlen(PRELOAD));
			continue;
		}
		knows |= begins(*envp, OURS);
		*to++ = *envp;
	}
	for (size_t i = 0; !knows && i < kept_count; i++)
		*to++ = kept[i];
	*to = NULL;
}

/**
 * is_for_child() - Does an environment make a program one that we execute?
 * @envp:	the environment
 *
 * Return: false if it is launched anew, with settings of its own
 */
bool is_for_child(char *const *envp)
{
	while (envp && *envp && !begins(*envp, CHILD_MARK "="))
		envp++;
	return envp && *envp;
}

/** is_us() - Return: true if @path of LD_PRELOAD is this library */
static bool is_us(const char *path)
{
	const char *slash = strrchr(path, '/');

	return !strcmp(slash ? slash + 1 : path, LIBRARY);
}

/** forget_preload() - Remove this library from LD_PRELOAD, others stay */
void forget_preload(void)
{
	const char *all = getenv("LD_PRELOAD");
	char *rest = all ? strdupa(all) : NULL;
	char *others = rest ? alloca(strlen(all) + 2) : NULL;
	char *path, *end = others;

	while ((path = strsep(&rest, ": "))) {
		if (!*path || is_us(path))
			continue;
		*end++ = ':';
		end = stpcpy(end, path);
	}
	if (end > others)
		setenv("LD_PRELOAD", others + 1, 1);
	else
		unsetenv("LD_PRELOAD");
}

/**
 * hide_from_children() - Have programs that this one executes stay on the host
 *
 * Removes all of ours from the environment, as if there had been no launcher.
 */
void hide_from_children(void)
{
	static const char prefix[] = "LKL_HIJACK_";
	char **at = environ;

	while (*at) {
		if (!strncmp(*at, prefix, sizeof(prefix) - 1))
			unsetenv(strndupa(*at, strcspn(*at, "=")));
		else
			at++;
	}
	unsetenv(CHILD_MARK);
	forget_preload();
}

/**
 * name_process() - Give a program that is run from a copy its own name
 *
 * The launcher runs a copy of one with setuid or file capabilities; Linux has
 * named the process after the descriptor.
 */
void name_process(void)
{
	const char *path = (const char *)getauxval(AT_EXECFN);

	if (path && !strncmp(path, "/proc/self/fd/", 14))
		RAW(SYS_prctl, PR_SET_NAME, program_invocation_short_name);
}
