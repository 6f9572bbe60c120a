// SPDX-License-Identifier: GPL-2.0
/*
 * inside.c - Functions of libc that make system calls inside themselves
 *
 *	inside		call them; LKL_HIJACK_NAMESERVER is to be 127.0.0.1
 *	inside daemon	go to the background, and say what a socket brings there
 *
 * The host gives this program no sockets of a network. The name server, and the
 * other machine, are threads on the loopback interface of LKL.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <utmp.h>

#include "net.h"

int isfdtype(int fd, int type);

/* From here on the host has no sockets but local ones. */
static void refuse_host_sockets(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { sizeof(code) / sizeof(*code), code };

	must(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	must(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog));
}

static void start(void *(*run)(void *), int fd)
{
	pthread_t thread;

	must(!pthread_create(&thread, NULL, run, (void *)(intptr_t)fd));
	pthread_detach(thread);
}

/* Everybody's address is 127.0.0.1; slow.test takes its time. */
static void *name_server(void *arg)
{
	static const unsigned char answer[] = {
		0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 1,
	};
	unsigned char msg[512 + sizeof(answer)];
	struct sockaddr_in from;
	int fd = (intptr_t)arg;
	socklen_t len;
	ssize_t n;

	for (;;) {
		len = sizeof(from);
		n = recvfrom(fd, msg, 512, 0, (struct sockaddr *)&from, &len);
		must(n > 16);
		if (!memcmp(msg + 12, "\4slow", 5))
			usleep(300000);
		msg[2] |= 0x80;
		if (msg[n - 3] == 1) {	/* for an A record */
			msg[7] = 1;
			memcpy(msg + n, answer, sizeof(answer));
			n += sizeof(answer);
		}
		sendto(fd, msg, n, 0, (struct sockaddr *)&from, len);
	}
	return NULL;
}

static void start_name_server(void)
{
	struct sockaddr_in sa = {
		.sin_family = AF_INET, .sin_port = htons(53),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	must(fd >= 0 && !bind(fd, (struct sockaddr *)&sa, sizeof(sa)));
	start(name_server, fd);
}

/* Has a request brought the one address? Frees it. */
static bool found(struct gaicb *cb)
{
	const struct sockaddr_in *in;
	bool good = !gai_error(cb) && cb->ar_result;

	if (!good)
		return false;
	in = (void *)cb->ar_result->ai_addr;
	good = in->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
	freeaddrinfo(cb->ar_result);
	cb->ar_result = NULL;
	return good;
}

static pthread_mutex_t told_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t told_cond = PTHREAD_COND_INITIALIZER;
static int told;

static void tell(union sigval value)
{
	pthread_mutex_lock(&told_lock);
	told = value.sival_int;
	pthread_cond_signal(&told_cond);
	pthread_mutex_unlock(&told_lock);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void lookups(void)
{
	struct addrinfo hints = {
		.ai_family = AF_INET, .ai_socktype = SOCK_STREAM,
	};
	struct gaicb a = { .ar_name = "a.test", .ar_request = &hints };
	struct gaicb b = { .ar_name = "b.test", .ar_request = &hints };
	struct gaicb slow = { .ar_name = "slow.test", .ar_request = &hints };
	struct gaicb *both[] = { &a, NULL, &b };
	struct gaicb *late[] = { &slow }, *first[] = { &slow, &a };
	const struct gaicb *const *wait = (const struct gaicb *const *)first;
	struct sigaction act = { .sa_handler = on_alarm };
	struct timespec ts = { 0, 20000000 }, long_time = { 60, 0 };
	struct sigevent sig = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1,
		.sigev_value.sival_int = 7,
	};
	siginfo_t info;
	sigset_t set;

	ok(!getaddrinfo_a(GAI_WAIT, both, 3, NULL) && found(&a) && found(&b),
	   "getaddrinfo_a() waits for all");
	ok(gai_error(&a) == 0 && gai_cancel(&a) == EAI_ALLDONE,
	   "what is done cannot be cancelled");
	ok(gai_suspend(wait, 2, &ts) == EAI_ALLDONE,
	   "nor waited for");

	ok(!getaddrinfo_a(GAI_NOWAIT, late, 1, NULL) &&
	   gai_error(&slow) == EAI_INPROGRESS, "a look-up in progress");
	ok(gai_suspend(wait, 1, &ts) == EAI_AGAIN, "has its time");
	sigaction(SIGALRM, &act, NULL);
	ualarm(20000, 0);
	ok(gai_suspend(wait, 1, &long_time) == EAI_INTR, "or a signal");
	usleep(100000);
	ok(gai_cancel(&slow) == EAI_NOTCANCELED,
	   "and is not cancelled once it runs");
	ok(!getaddrinfo_a(GAI_NOWAIT, &both[0], 1, NULL) &&
	   !gai_suspend(wait, 2, NULL) &&
	   (gai_error(&a) == 0 || gai_error(&slow) == 0),
	   "one of two is enough");
	while (gai_error(&a) == EAI_INPROGRESS ||
	       gai_error(&slow) == EAI_INPROGRESS)
		usleep(1000);
	ok(found(&a) && found(&slow), "both come in the end");

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(!getaddrinfo_a(GAI_NOWAIT, both, 3, &sig));
	ok(sigtimedwait(&set, &info, &long_time) == SIGUSR1 &&
	   info.si_value.sival_int == 7 && info.si_code == SI_ASYNCNL &&
	   found(&a) && found(&b), "a signal tells of the end");

	sig.sigev_notify = SIGEV_THREAD;
	sig.sigev_notify_function = tell;
	sig.sigev_notify_attributes = NULL;
	must(!getaddrinfo_a(GAI_NOWAIT, both, 3, &sig));
	pthread_mutex_lock(&told_lock);
	while (!told)
		pthread_cond_wait(&told_cond, &told_lock);
	pthread_mutex_unlock(&told_lock);
	ok(told == 7 && found(&a) && found(&b), "a thread does");
	ok(!getaddrinfo_a(GAI_NOWAIT, NULL, 0, &sig), "nothing is asked for");
	ok(getaddrinfo_a(9, both, 3, NULL) == EAI_SYSTEM && errno == EINVAL,
	   "no such mode");

	/* More than there are threads. */
	enum { MANY = 50 };
	static struct gaicb cbs[MANY];
	struct gaicb *list[MANY];
	int good = 0, cancelled = 0;

	for (int i = 0; i < MANY; i++) {
		cbs[i] = slow;
		list[i] = &cbs[i];
	}
	must(!getaddrinfo_a(GAI_NOWAIT, list, MANY, NULL));
	ok(gai_cancel(&cbs[MANY - 1]) == EAI_CANCELED &&
	   gai_error(&cbs[MANY - 1]) == EAI_CANCELED,
	   "one that has not begun is cancelled");
	for (int i = 0; i < MANY - 3; i++)
		cancelled += gai_cancel(&cbs[i]) == EAI_CANCELED;
	for (int i = 0; i < MANY; i++) {
		while (gai_error(&cbs[i]) == EAI_INPROGRESS)
			usleep(1000);
		good += found(&cbs[i]);
	}
	ok(cancelled > 0 && good + cancelled == MANY - 1,
	   "%d are, the others are found", cancelled);
}

static void gets_string(int fd, char *text)
{
	do
		must(read(fd, text, 1) == 1);
	while (*text++);
}

/* rshd and rexecd, as far as the protocol goes. */
static void *command_server(void *arg)
{
	int listener = (intptr_t)arg, fd, second, port;
	char text[64], user[64], command[64];
	struct sockaddr_in sa;
	socklen_t len;

	for (;;) {
		len = sizeof(sa);
		fd = accept(listener, (struct sockaddr *)&sa, &len);
		must(fd >= 0);
		second = -1;
		gets_string(fd, text);
		if (atoi(text)) {
			port = 900;
			second = rresvport(&port);
			sa.sin_port = htons(atoi(text));
			must(!connect(second, (struct sockaddr *)&sa, len));
		}
		gets_string(fd, user);
		gets_string(fd, text);
		gets_string(fd, command);
		if (strcmp(command, "refuse")) {
			must(write(fd, "", 1) == 1);
			dprintf(fd, "%s %s %s", user, text, command);
			if (second >= 0)
				dprintf(second, "oops");
		} else {
			dprintf(fd, "\1Permission denied.\n");
		}
		close(fd);
		if (second >= 0)
			close(second);
	}
	return NULL;
}

static bool brings(int fd, const char *want)
{
	char text[128];
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return false;
	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	text[len] = '\0';
	close(fd);
	return !strcmp(text, want);
}

static void commands(void)
{
	struct sockaddr_in sa, own = { .sin_family = AF_INET };
	int listener = net_listen(&sa), fd, fd2 = -1, port = 700;
	char *host = "machine.test";
	socklen_t len = sizeof(own);

	start(command_server, listener);
	fd = rcmd(&host, sa.sin_port, "me", "you", "go", NULL);
	ok(brings(fd, "me you go") && !strcmp(host, "machine.test"), "rcmd()");
	host = "machine.test";
	fd = rcmd_af(&host, sa.sin_port, "me", "you", "go", &fd2, AF_UNSPEC);
	ok(brings(fd, "me you go") && brings(fd2, "oops"),
	   "rcmd() with its second connection");
	ok(rcmd(&host, sa.sin_port, "me", "you", "refuse", NULL) == -1,
	   "rcmd() is refused");
	host = "machine.test";
	fd = rexec(&host, sa.sin_port, "me", "secret", "go", &fd2);
	ok(brings(fd, "me secret go") && brings(fd2, "oops"), "rexec()");

	fd = rresvport(&port);
	ok(fd >= 0 && port == 700 &&
	   !getsockname(fd, (struct sockaddr *)&own, &len) &&
	   own.sin_port == htons(700), "rresvport()");
	fd2 = rresvport(&port);
	ok(fd2 >= 0 && port == 699, "takes the next if one is in use");
	close(fd);
	close(fd2);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	ok(!bindresvport(fd, NULL) &&
	   !getsockname(fd, (struct sockaddr *)&own, &len) &&
	   ntohs(own.sin_port) >= 512 && ntohs(own.sin_port) < 1024,
	   "bindresvport()");
	close(fd);
	ok(ruserok("machine.test", 0, "nobody", "nobody") == -1, "ruserok()");
	ok(!getnetbyname("nowhere.test"), "getnetbyname()");
}

static void host_number(void)
{
	long want = INADDR_LOOPBACK;

	if (!access("/etc/hostid", F_OK) || unshare(CLONE_NEWUTS) ||
	    sethostname("machine.test", 12))
		return;
	want = (int32_t)(htonl(want) << 16 | htonl(want) >> 16);
	ok(gethostid() == want, "gethostid() (%lx)", gethostid());
}

static void multicast(void)
{
	struct in_addr any = { 0 }, group = { inet_addr("239.1.2.3") }, from[2];
	struct in_addr senders[] = { { inet_addr("10.0.0.1") },
				     { inet_addr("10.0.0.2") } };
	struct sockaddr_storage more[2];
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr = group };
	struct ip_mreq mreq = { group, { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	uint32_t mode = 9, n = 2;

	must(!setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq,
			 sizeof(mreq)));
	any.s_addr = htonl(INADDR_LOOPBACK);
	ok(!setipv4sourcefilter(fd, any, group, MCAST_INCLUDE, 2, senders),
	   "setipv4sourcefilter()");
	ok(!getipv4sourcefilter(fd, any, group, &mode, &n, from) &&
	   mode == MCAST_INCLUDE && n == 2 &&
	   from[0].s_addr == senders[0].s_addr, "getipv4sourcefilter()");
	ok(!getsourcefilter(fd, 1, (struct sockaddr *)&sa, sizeof(sa), &mode,
			    &n, more) && n == 2 &&
	   ((struct sockaddr_in *)&more[1])->sin_addr.s_addr ==
	   senders[1].s_addr, "getsourcefilter()");
	ok(!setsourcefilter(fd, 1, (struct sockaddr *)&sa, sizeof(sa),
			    MCAST_EXCLUDE, 1, more), "setsourcefilter()");
	close(fd);
}

static void descriptors(void)
{
	struct termios t = { 0 };
	char params[256] = "", text[64] = "";
	int fds[2], file, copy;

	net_pair(fds);
	ok(syscall(SYS_io_uring_setup, 8, params) == -1 && errno == ENOSYS,
	   "no io_uring, which would make sockets of the host");
	errno = 0;
	ok(tcdrain(fds[0]) && errno == ENOTTY, "tcdrain() of a socket");
	ok(tcsetattr(fds[0], TCSANOW, &t) && errno == ENOTTY, "tcsetattr()");
	ok(tcflush(fds[0], TCIFLUSH) && errno == ENOTTY, "tcflush()");
	ok(tcgetsid(fds[0]) == -1 && errno == ENOTTY, "tcgetsid()");
	ok(!ttyname(fds[0]) && errno == ENOTTY, "ttyname()");
	ok(ttyname_r(fds[0], text, sizeof(text)) == ENOTTY, "ttyname_r()");
	ok(posix_fallocate(fds[0], 0, 10) == ENODEV, "posix_fallocate()");
	ok(fallocate(fds[0], 0, 0, 10) && errno == ENODEV, "fallocate()");
	ok(!posix_fadvise(fds[0], 0, 0, POSIX_FADV_NORMAL), "posix_fadvise()");
	ok(readahead(fds[0], 0, 10) == -1 && errno == EINVAL, "readahead()");
	ok(!syncfs(fds[0]), "syncfs()");
	ok(!lockf(fds[0], F_TLOCK, 0), "lockf()");
	ok(isfdtype(fds[0], S_IFSOCK) == 1, "isfdtype()");
	file = syscall(SYS_pidfd_open, getpid(), 0);
	copy = syscall(SYS_pidfd_getfd, file, fds[0], 0);
	ok(copy > 2 && write(copy, "dup", 3) == 3 &&
	   read(fds[1], text, sizeof(text)) == 3 &&
	   fcntl(copy, F_GETFD) == FD_CLOEXEC, "pidfd_getfd() of our own");
	close(copy);
	close(file);
	file = open("/proc/net/dev", O_RDONLY);
	ok(file >= 0 && isfdtype(file, S_IFREG) == 1, "of a file, too");
	close(file);

	fflush(stderr);
	file = dup(STDERR_FILENO);
	dup2(fds[1], STDERR_FILENO);
	errno = ENOENT;
	perror("why");
	h_errno = HOST_NOT_FOUND;
	herror("who");
	dup2(file, STDERR_FILENO);
	memset(text, 0, sizeof(text));
	must(read(fds[0], text, sizeof(text) - 1) > 0);
	ok(!strncmp(text, "why: No such file or directory\n", 31),
	   "perror() to a socket");
	must(strstr(text, "who") || read(fds[0], text, sizeof(text) - 1) > 0);
	ok(strstr(text, "who: Unknown host\n"), "herror() to a socket");
	close(file);
	close(fds[0]);
	close(fds[1]);
}

/* The process with the kernel goes to the background. */
static int be_daemon(void)
{
	int fds[2], out = dup(STDOUT_FILENO);
	struct stat st;
	char text[8];
	ssize_t n;

	net_pair(fds);
	must(chdir("/proc/net") == 0);
	must(dup2(fds[0], STDOUT_FILENO) == STDOUT_FILENO);
	must(write(fds[0], "hello", 5) == 5);
	must(!daemon(0, 0));
	n = read(fds[1], text, sizeof(text));
	dprintf(out, "%.*s %d %d\n", (int)n, text,
		!fstat(STDOUT_FILENO, &st) && S_ISCHR(st.st_mode),
		access("proc/self", F_OK));
	return 0;
}

static void background(const char *self)
{
	char command[128], text[32] = "";
	FILE *f;

	snprintf(command, sizeof(command), "%s daemon", self);
	f = popen(command, "r");
	must(f);
	ok(fgets(text, sizeof(text), f) && !strcmp(text, "hello 1 0\n"),
	   "daemon() takes the sockets along");
	pclose(f);
}

static void terminals(void)
{
	int fds[2], master, pid, status;
	char text[32] = "";

	net_pair(fds);
	pid = fork();
	if (!pid) {
		dup2(fds[0], STDOUT_FILENO);
		pid = forkpty(&master, NULL, NULL, NULL);
		if (!pid)
			_exit(isatty(STDOUT_FILENO) &&
			      write(STDOUT_FILENO, "tty", 3) == 3 ? 0 : 1);
		must(pid > 0 && read(master, text, sizeof(text)) == 3);
		waitpid(pid, &status, 0);
		_exit(WEXITSTATUS(status) || strcmp(text, "tty"));
	}
	waitpid(pid, &status, 0);
	ok(!status, "forkpty() where the standard output is a socket");
	close(fds[0]);
	close(fds[1]);
}

int main(int argc, char **argv)
{
	sigset_t set;

	if (argc > 1)
		return be_daemon();
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	start_name_server();
	refuse_host_sockets();
	lookups();
	commands();
	multicast();
	descriptors();
	terminals();
	host_number();
	background(argv[0]);
	return tap_done();
}
