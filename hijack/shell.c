// SPDX-License-Identifier: GPL-2.0
/*
 * shell.c - system() and popen(), for commands that are left LKL descriptors
 *
 * libc starts the shell with functions of its own that no preloaded library
 * sees; where there are no such descriptors that is right. What is here does
 * the same with posix_spawn().
 */
#include "exec.h"
#include "fdtab.h"
#include "shell.h"

#include <sys/wait.h>

#define SHELL "/bin/sh"

/**
 * start() - Start the shell
 * @pid:	receives its process id
 * @command:	what it is to do
 * @acts:	what is done with descriptors, may be NULL
 * @attr:	attributes, may be NULL
 *
 * Return: 0 or an error number
 */
static int start(pid_t *pid, const char *command,
		 const posix_spawn_file_actions_t *acts,
		 const posix_spawnattr_t *attr)
{
	char *const argv[] = { "sh", "-c", (char *)command, NULL };

	return posix_spawn(pid, SHELL, acts, attr, argv, environ);
}

static pid_t wait_for(pid_t pid, int *status)
{
	pid_t ret;

	do
		ret = waitpid(pid, status, 0);
	while (ret < 0 && errno == EINTR);
	return ret;
}

/* Signals that the program ignores while it waits: those of the terminal. */
static const int ignored[] = { SIGINT, SIGQUIT };

/* What they did before the first of the threads that wait now. */
static struct sigaction before[ARRAY_SIZE(ignored)];
static int waiting;
static pthread_mutex_t waiting_lock = PTHREAD_MUTEX_INITIALIZER;

/**
 * ignore() - Begin to wait
 * @defaults:	receives which signals the command is not to ignore
 */
static void ignore(sigset_t *defaults)
{
	const struct sigaction none = { .sa_handler = SIG_IGN };

	sigemptyset(defaults);
	pthread_mutex_lock(&waiting_lock);
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++) {
		if (!waiting)
			sigaction(ignored[i], &none, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaddset(defaults, ignored[i]);
	}
	waiting++;
	pthread_mutex_unlock(&waiting_lock);
}

/**
 * struct command - A command that is waited for
 * @pid:	process id, 0: it has not been started
 * @mask:	signal mask of the program
 */
struct command {
	pid_t pid;
	sigset_t mask;
};

/* Undo ignore(), and the mask. */
static void restore(const struct command *c)
{
	pthread_mutex_lock(&waiting_lock);
	waiting--;
	for (size_t i = 0; !waiting && i < ARRAY_SIZE(ignored); i++)
		sigaction(ignored[i], &before[i], NULL);
	pthread_mutex_unlock(&waiting_lock);
	pthread_sigmask(SIG_SETMASK, &c->mask, NULL);
}

/* The thread has been cancelled: there will be nobody to wait for it. */
static void cancelled(void *arg)
{
	const struct command *c = arg;
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	kill(c->pid, SIGKILL);
	wait_for(c->pid, NULL);
	pthread_setcancelstate(state, NULL);
	restore(c);
}

/**
 * system() - Have the shell execute a command, and wait for it
 * @command:	the command; NULL: is there a shell?
 *
 * Return: its status, -1 with errno
 */
EXPORT int system(const char *command)
{
	struct command c = { };
	sigset_t child, defaults;
	posix_spawnattr_t attr;
	int err, status = W_EXITCODE(127, 0);

	if (!command || !exec_passes(NULL))
		return HOST(system)(command);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &child, &c.mask);
	ignore(&defaults);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &c.mask);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF |
				 POSIX_SPAWN_SETSIGMASK);
	err = start(&c.pid, command, NULL, &attr);
	posix_spawnattr_destroy(&attr);
	if (!err) {
		pthread_cleanup_push(cancelled, &c);
		if (wait_for(c.pid, &status) < 0)
			status = -1;
		pthread_cleanup_pop(0);
	}
	restore(&c);
	if (err)
		errno = err;
	return status;
}

/**
 * struct stream - A stream to or from a command
 * @next:	one made before
 * @f:		the stream
 * @pid:	process id of the shell
 */
struct stream {
	struct stream *next;
	FILE *f;
	pid_t pid;
};

static struct stream *streams;
static pthread_mutex_t streams_lock = PTHREAD_MUTEX_INITIALIZER;

/* Where the record of a stream is noted; there is none if that is NULL. */
static struct stream **find(const FILE *f)
{
	struct stream **at = &streams;

	while (*at && (*at)->f != f)
		at = &(*at)->next;
	return at;
}

/**
 * shell_has() - Is it a stream to one of our commands?
 * @f:	stream, may be NULL
 */
bool shell_has(const FILE *f)
{
	bool has;

	if (likely(!__atomic_load_n(&streams, __ATOMIC_RELAXED)))
		return false;
	pthread_mutex_lock(&streams_lock);
	has = *find(f);
	pthread_mutex_unlock(&streams_lock);
	return has;
}

/**
 * start_piped() - Start the shell with one end of a pipe
 * @s:		receives its process id
 * @command:	what it is to do
 * @end:	the end, close-on-exec
 * @to:		what it is to be
 *
 * It does not get the ends of other commands, or they would not see that they
 * are closed.
 *
 * Return: 0 or an error number
 */
static int start_piped(struct stream *s, const char *command, int end, int to)
{
	posix_spawn_file_actions_t acts;
	int err;

	posix_spawn_file_actions_init(&acts);
	err = posix_spawn_file_actions_adddup2(&acts, end, to);
	pthread_mutex_lock(&streams_lock);
	for (const struct stream *o = streams; o && !err; o = o->next)
		if (fileno(o->f) != to)
			err = posix_spawn_file_actions_addclose(&acts,
								fileno(o->f));
	pthread_mutex_unlock(&streams_lock);
	if (!err)
		err = start(&s->pid, command, &acts, NULL);
	posix_spawn_file_actions_destroy(&acts);
	return err;
}

/**
 * popen() - Have the shell execute a command, and read or write a pipe to it
 * @command:	the command
 * @mode:	"r" or "w"; with "e" the stream is close-on-exec
 *
 * Return: the stream, NULL with errno
 */
EXPORT FILE *popen(const char *command, const char *mode)
{
	bool writes = *mode == 'w';
	struct stream *s;
	int ends[2], err;

	if ((!writes && *mode != 'r') || !exec_passes(NULL))
		return HOST(popen)(command, mode);
	s = malloc(sizeof(*s));
	if (!s || pipe2(ends, O_CLOEXEC)) {
		free(s);
		return NULL;
	}
	s->f = fdopen(ends[writes], writes ? "w" : "r");
	err = s->f ? start_piped(s, command, ends[!writes],
				 writes ? STDIN_FILENO : STDOUT_FILENO) : errno;
	close(ends[!writes]);
	if (err) {
		if (s->f)
			fclose(s->f);
		else
			close(ends[writes]);
		free(s);
		errno = err;
		return NULL;
	}
	if (!strchr(mode, 'e'))
		fcntl(ends[writes], F_SETFD, 0);
	pthread_mutex_lock(&streams_lock);
	s->next = streams;
	__atomic_store_n(&streams, s, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&streams_lock);
	return s->f;
}

/**
 * pclose() - Close a stream to a command, and wait for it
 * @f:	stream
 *
 * Return: status of the command, or -1 with errno
 */
EXPORT int pclose(FILE *f)
{
	struct stream **at, *s;
	int status = -1;

	pthread_mutex_lock(&streams_lock);
	at = find(f);
	s = *at;
	if (s)
		__atomic_store_n(at, s->next, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&streams_lock);
	if (f)
		fdtab_forget(f->_fileno);
	if (!s)
		return HOST(pclose)(f);
	fclose(f);
	if (wait_for(s->pid, &status) < 0)
		status = -1;
	free(s);
	return status;
}
