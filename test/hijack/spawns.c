// SPDX-License-Identifier: GPL-2.0
/*
 * spawns.c - Programs that are left sockets, by every way to start one
 *
 *	spawns		start programs; none of it depends on hijacking
 *	spawns trapped	the same, but no errors of exec: see troubleshooting.md
 *	spawns FD WORD	be such a program: write what WORD asks for to FD
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "net.h"

#define ABSENT "/nonexistent/program"

static char *self;
static bool trapped;

/* The program that is started. */
static int say(int fd, const char *word)
{
	char text[256] = "", name[16] = "";
	struct sigaction act;
	struct sched_param p;
	sigset_t mask;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	if (!strcmp(word, "hello")) {
		strcpy(text, "hello");
	} else if (!strcmp(word, "ids")) {
		sprintf(text, "%d %d", getpgrp() == getpid(),
			getsid(0) == getpid());
	} else if (!strcmp(word, "signals")) {
		strcat(text, sigismember(&mask, SIGUSR1) ? "blocked" : "open");
		sigaction(SIGUSR2, NULL, &act);
		strcat(text, act.sa_handler == SIG_DFL ? " default" :
		       act.sa_handler == SIG_IGN ? " ignored" : " caught");
		sigaction(SIGHUP, NULL, &act);
		strcat(text, act.sa_handler == SIG_DFL ? " default" : " other");
	} else if (!strcmp(word, "folder")) {
		must(getcwd(text, sizeof(text)));
	} else if (!strcmp(word, "policy")) {
		sched_getparam(0, &p);
		sprintf(text, "%d %d", sched_getscheduler(0),
			p.sched_priority);
	} else if (!strcmp(word, "read")) {
		must(read(STDIN_FILENO, text, sizeof(text) - 1) > 0);
	} else {
		/* WORD is a list of numbers: which of them are open? */
		for (const char *at = word; *at; at += strspn(at, ",")) {
			sprintf(name, " %d", atoi(at));
			if (fcntl(atoi(at), F_GETFD) >= 0)
				strcat(text, name);
			at += strcspn(at, ",");
		}
	}
	return write(fd, text, strlen(text)) < 0;
}

/* The second one is a number that dash takes in a redirection. */
static int ours, theirs;

static void open_pair(void)
{
	int fds[2];

	net_pair(fds);
	ours = fds[0];
	theirs = 9;
	must(dup2(fds[1], theirs) == theirs && !close(fds[1]));
	fcntl(ours, F_SETFD, FD_CLOEXEC);
}

/* Does what the program wrote arrive, and its end? */
static bool heard(const char *want)
{
	char text[256];
	size_t len = 0;
	ssize_t n;

	close(theirs);
	while ((n = read(ours, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	text[len] = '\0';
	close(ours);
	if (n || strcmp(text, want))
		printf("# got \"%s\" instead of \"%s\"\n", text, want);
	return !n && !strcmp(text, want);
}

static bool ended(pid_t pid, int code)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status) == code;
}

static char *number(int fd)
{
	static char text[8][12];
	static int at;

	at = (at + 1) % 8;
	snprintf(text[at], sizeof(text[at]), "%d", fd);
	return text[at];
}

static void vforks(void)
{
	volatile int shared = 0;
	int fds[2];
	pid_t pid;
	char c;

	pid = vfork();
	if (!pid) {
		shared = 1;
		_exit(3);
	}
	ok(pid > 0 && !shared, "vfork: the child has memory of its own");
	ok(ended(pid, 3), "the child ends");

	open_pair();
	must(!pipe2(fds, O_NONBLOCK));
	pid = vfork();
	if (!pid) {
		usleep(50000);
		dup2(theirs, 0);
		close(theirs);
		if (write(fds[1], "", 1) < 0)
			_exit(1);
		execl(self, self, "0", "hello", NULL);
		_exit(1);
	}
	ok(read(fds[0], &c, 1) == 1, "vfork: the parent waits for exec");
	ok(heard("hello") && ended(pid, 0), "the program has a socket as stdin");

	open_pair();
	pid = vfork();
	if (!pid) {
		usleep(50000);
		if (write(fds[1], "", 1) < 0)
			_exit(1);
		_exit(4);
	}
	ok(read(fds[0], &c, 1) == 1, "vfork: the parent waits for the end");
	ok(heard("") && ended(pid, 4), "the child ends");
	close(fds[0]);
	close(fds[1]);
}

static posix_spawn_file_actions_t acts;
static posix_spawnattr_t attr;

static void begin(void)
{
	open_pair();
	posix_spawn_file_actions_init(&acts);
	posix_spawnattr_init(&attr);
}

/* Start ourselves; return: 0 or an error number. */
static int spawn(pid_t *pid, char *fd, char *word)
{
	char *const argv[] = { self, fd, word, NULL };
	int err = posix_spawn(pid, self, &acts, &attr, argv, environ);

	posix_spawn_file_actions_destroy(&acts);
	posix_spawnattr_destroy(&attr);
	return err;
}

static bool says(char *fd, char *word, const char *want)
{
	pid_t pid;

	errno = spawn(&pid, fd, word);
	return !errno && heard(want) && ended(pid, 0);
}

static void actions(void)
{
	char word[64], want[64];
	int other[2], folder;

	begin();
	ok(says(number(theirs), "hello", "hello"), "a socket is inherited");

	begin();
	fcntl(theirs, F_SETFD, FD_CLOEXEC);
	posix_spawn_file_actions_adddup2(&acts, theirs, 0);
	ok(says("0", "hello", "hello"), "dup2 of a socket, to stdin");

	begin();
	fcntl(theirs, F_SETFD, FD_CLOEXEC);
	posix_spawn_file_actions_adddup2(&acts, theirs, theirs);
	ok(says(number(theirs), "hello", "hello"),
	   "dup2 to itself: not close-on-exec any more");

	begin();
	net_pair(other);
	posix_spawn_file_actions_adddup2(&acts, theirs, 0);
	posix_spawn_file_actions_addclose(&acts, other[0]);
	posix_spawn_file_actions_addclose(&acts, 999);
	fcntl(theirs, F_SETFD, FD_CLOEXEC);
	sprintf(word, "0,%d,%d,%d,%d", ours, theirs, other[0], other[1]);
	sprintf(want, " 0 %d", other[1]);
	ok(says("0", word, want), "close; one that is not open does no harm");

	begin();
	posix_spawn_file_actions_adddup2(&acts, theirs, 0);
	posix_spawn_file_actions_addclosefrom_np(&acts, 3);
	sprintf(word, "0,1,2,%d,%d,%d", theirs, other[0], other[1]);
	ok(says("0", word, " 0 1 2"), "closefrom");
	close(other[0]);
	close(other[1]);

	begin();
	posix_spawn_file_actions_adddup2(&acts, theirs, 1);
	posix_spawn_file_actions_addopen(&acts, 0, "/proc/self/cmdline",
					 O_RDONLY, 0);
	ok(says("1", "read", self), "open, of a number that is open");

	begin();
	posix_spawn_file_actions_adddup2(&acts, theirs, 0);
	posix_spawn_file_actions_addchdir_np(&acts, "/usr");
	ok(says("0", "folder", "/usr"), "chdir");

	begin();
	folder = open("/usr", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	posix_spawn_file_actions_addfchdir_np(&acts, folder);
	posix_spawn_file_actions_addchdir_np(&acts, "lib");
	posix_spawn_file_actions_adddup2(&acts, theirs, 0);
	ok(says("0", "folder", "/usr/lib"), "fchdir, and then chdir");
	close(folder);
}

static void handler(int sig)
{
	(void)sig;
}

static void attributes(void)
{
	const struct sched_param p = { 0 };
	sigset_t set;

	begin();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	ok(says(number(theirs), "ids", "1 0"), "SETPGROUP");
	begin();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID);
	ok(says(number(theirs), "ids", "1 1"), "SETSID");
	begin();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_RESETIDS);
	ok(says(number(theirs), "ids", "0 0"), "RESETIDS");

	signal(SIGUSR2, SIG_IGN);
	signal(SIGHUP, handler);
	begin();
	ok(says(number(theirs), "signals", "open ignored default"),
	   "what is ignored stays so, what is caught does not");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	begin();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attr, &set);
	ok(says(number(theirs), "signals", "blocked ignored default"),
	   "SETSIGMASK");
	sigaddset(&set, SIGUSR2);
	begin();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigdefault(&attr, &set);
	ok(says(number(theirs), "signals", "open default default"),
	   "SETSIGDEF");
	sigprocmask(SIG_BLOCK, &set, NULL);
	begin();
	ok(says(number(theirs), "signals", "blocked ignored default"),
	   "the mask is inherited");
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGUSR2, SIG_DFL);
	signal(SIGHUP, SIG_DFL);

	must(!sched_setscheduler(0, SCHED_BATCH, &p));
	begin();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSCHEDULER);
	ok(says(number(theirs), "policy", "0 0"), "SETSCHEDULER");
	begin();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSCHEDPARAM);
	ok(says(number(theirs), "policy", "3 0"), "SETSCHEDPARAM");
	must(!sched_setscheduler(0, SCHED_OTHER, &p));
}

/* Is this how a start fails, with nothing left of it? */
static bool fails(int err, int want)
{
	errno = err;
	return (trapped ? !err && wait(NULL) > 0 : err == want) && heard("") &&
	       wait(NULL) < 0 && errno == ECHILD;
}

static void errors(void)
{
	char *const argv[] = { "absent", NULL };
	struct sched_param p = { .sched_priority = 1 };
	pid_t pid = 7;

	begin();
	ok(fails(posix_spawn(&pid, ABSENT, NULL, NULL, argv, environ),
		 ENOENT) && (trapped || pid == 7), "no such program");
	begin();
	ok(fails(posix_spawn(&pid, "/dev/null", NULL, NULL, argv, environ),
		 EACCES), "no program");
	begin();
	ok(fails(posix_spawnp(&pid, "spawns-absent", NULL, NULL, argv,
			      environ), ENOENT), "not in PATH");
	begin();
	posix_spawn_file_actions_adddup2(&acts, 999, 0);
	ok(fails(spawn(&pid, "0", "hello"), EBADF), "dup2 of nothing");
	begin();
	posix_spawn_file_actions_adddup2(&acts, 999, 999);
	ok(fails(spawn(&pid, "0", "hello"), EBADF), "dup2 of it to itself");
	begin();
	posix_spawn_file_actions_addopen(&acts, 0, ABSENT, O_RDONLY, 0);
	ok(fails(spawn(&pid, "0", "hello"), ENOENT), "open");
	begin();
	posix_spawn_file_actions_addchdir_np(&acts, ABSENT);
	ok(fails(spawn(&pid, "0", "hello"), ENOENT), "chdir");
	begin();
	posix_spawn_file_actions_addfchdir_np(&acts, theirs);
	ok(fails(spawn(&pid, "0", "hello"), ENOTDIR), "fchdir to a socket");
	begin();
	posix_spawn_file_actions_addtcsetpgrp_np(&acts, theirs);
	ok(fails(spawn(&pid, "0", "hello"), ENOTTY),
	   "tcsetpgrp of what is no terminal");
	begin();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSCHEDULER);
	posix_spawnattr_setschedparam(&attr, &p);
	ok(fails(spawn(&pid, "0", "hello"), EINVAL), "an attribute");
}

static void by_name(void)
{
	char *const argv[] = { "sh", "-c", "echo hello >&$FD", NULL };
	pid_t pid;

	open_pair();
	setenv("FD", number(theirs), 1);
	errno = posix_spawnp(&pid, "sh", NULL, NULL, argv, environ);
	ok(!errno && heard("hello\n") && ended(pid, 0), "posix_spawnp");
	open_pair();
	setenv("FD", number(theirs), 1);
	errno = posix_spawnp(NULL, "sh", NULL, NULL, argv, environ);
	ok(!errno && heard("hello\n") && wait(NULL) > 0, "nobody asks for its pid");
}

static void by_descriptor(void)
{
	int fd = open(self, O_RDONLY | O_CLOEXEC);
	int folder = open("/bin", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	pid_t pid;

	must(fd >= 0 && folder >= 0);
	open_pair();
	pid = fork();
	if (!pid) {
		fexecve(fd, (char *[]){ self, number(theirs), "hello", NULL },
			environ);
		_exit(1);
	}
	ok(heard("hello") && ended(pid, 0), "fexecve");
	open_pair();
	setenv("FD", number(theirs), 1);
	pid = fork();
	if (!pid) {
		execveat(folder, "sh",
			 (char *[]){ "sh", "-c", "echo hello >&$FD", NULL },
			 environ, 0);
		_exit(1);
	}
	ok(heard("hello\n") && ended(pid, 0), "execveat");
	close(fd);
	close(folder);
}

static void *endless(void *arg)
{
	system(arg);
	return NULL;
}

/* gcc knows better than to close with fclose() what popen() made. */
static int (*volatile close_stream)(FILE *f) = fclose;

static void shells(void)
{
	char command[128], line[64] = "";
	struct sigaction act;
	pthread_t thread;
	int status;
	FILE *f, *g;

	open_pair();
	sprintf(command, "kill -INT $PPID; echo hello >&%d; exit 5", theirs);
	status = system(command);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 5, "system");
	ok(heard("hello\n"), "its command has the socket");
	sigaction(SIGINT, NULL, &act);
	ok(act.sa_handler == SIG_DFL, "afterwards SIGINT is as before");

	open_pair();
	sprintf(command, "echo hello >&%d; exec sleep 600", theirs);
	must(!pthread_create(&thread, NULL, endless, command));
	must(read(ours, line, sizeof(line)) == 6);
	ok(!pthread_cancel(thread) && !pthread_join(thread, NULL) &&
	   heard(""), "cancelled, it ends its command");

	open_pair();
	sprintf(command, "echo hello >&%d; echo read me; exit 6", theirs);
	f = popen(command, "r");
	ok(f && fgets(line, sizeof(line), f) && !strcmp(line, "read me\n"),
	   "popen, to read");
	ok(f && WEXITSTATUS(pclose(f)) == 6 && heard("hello\n"),
	   "its command has the socket");

	open_pair();
	sprintf(command, "cat >&%d", theirs);
	f = popen(command, "w");
	g = popen("cat", "we");
	ok(f && fputs("this\n", f) >= 0 && !fflush(f), "popen, to write");
	ok(g && fcntl(fileno(g), F_GETFD) == FD_CLOEXEC &&
	   !(fcntl(fileno(f), F_GETFD) & FD_CLOEXEC), "close-on-exec with \"e\"");
	ok(f && !close_stream(f), "fclose() waits, too; nobody else has the pipe");
	ok(g && !pclose(g), "pclose");
	ok(heard("this\n"), "its command has the socket");
	errno = 0;
	ok(!popen("true", "x") && errno == EINVAL, "what is no mode");
}

int main(int argc, char **argv)
{
	self = argv[0];
	if (argc > 2)
		return say(atoi(argv[1]), argv[2]);
	trapped = argc > 1;
	vforks();
	actions();
	attributes();
	errors();
	by_name();
	by_descriptor();
	shells();
	return tap_done();
}
