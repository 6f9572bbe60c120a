// SPDX-License-Identifier: GPL-2.0
/*
 * connections.c - What many connections cost: when idle, and when they have gone
 *
 * usage: connections idle COUNT SECONDS
 *        connections serve COUNT SECONDS PORT
 *        connections connect COUNT ADDRESS PORT
 *        connections churn|starved COUNT
 *
 * idle: a server with COUNT clients in the same process; serve: with clients
 * elsewhere, that connect makes and holds until it is killed. Both print
 * "cpu-us N", the CPU time of the process in the SECONDS that nothing happens.
 * churn: some connections are made and closed, then COUNT; prints "fds N
 * growth-kib N", what is open more and the memory that was added by the latter.
 * starved: the same, while the other threads hardly get any CPU time.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

#include "net.h"
#include "open-fds.h"

/* How many connections do all for the first time that there is to do. */
#define WARM_UP	2000

static struct sockaddr_in server;

/** fds_to_limit() - Allow as many descriptors as the system does */
static void fds_to_limit(void)
{
	struct rlimit lim;

	must(!getrlimit(RLIMIT_NOFILE, &lim));
	lim.rlim_cur = lim.rlim_max;
	must(!setrlimit(RLIMIT_NOFILE, &lim));
}

static int connected(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	must(fd >= 0);
	must(!connect(fd, (struct sockaddr *)&server, sizeof(server)));
	return fd;
}

/** accept_into() - Accept a connection and watch it */
static void accept_into(int ep, int listener)
{
	struct epoll_event ev = { .events = EPOLLIN };

	ev.data.fd = accept(listener, NULL, NULL);
	must(ev.data.fd >= 0);
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, ev.data.fd, &ev));
}

/** cpu_us() - Return: CPU time of the process so far, all threads */
static long cpu_us(void)
{
	struct timespec ts;

	must(!clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts));
	return ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/** stay_idle() - Wait for what does not come, and tell what that took */
static void stay_idle(int ep, int seconds)
{
	struct epoll_event ev;
	long before;

	sleep(1);
	before = cpu_us();
	must(epoll_wait(ep, &ev, 1, seconds * 1000) == 0);
	printf("cpu-us %ld\n", cpu_us() - before);
}

static void idle(int count, int seconds)
{
	int ep = epoll_create1(0), listener = net_listen(&server);

	while (count--) {
		connected();
		accept_into(ep, listener);
	}
	stay_idle(ep, seconds);
}

static void serve(int count, int seconds, int port)
{
	int ep = epoll_create1(0), fd = socket(AF_INET, SOCK_STREAM, 0);

	server.sin_family = AF_INET;
	server.sin_port = htons(port);
	must(!bind(fd, (struct sockaddr *)&server, sizeof(server)));
	must(!listen(fd, 128));
	printf("ready\n");
	fflush(stdout);
	while (count--)
		accept_into(ep, fd);
	stay_idle(ep, seconds);
}

static void hold(int count, const char *address, int port)
{
	server.sin_family = AF_INET;
	server.sin_port = htons(port);
	must(inet_pton(AF_INET, address, &server.sin_addr) == 1);
	while (count--)
		connected();
	pause();
}

/** rss_kib() - Return: resident memory */
static long rss_kib(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages;

	must(f && fscanf(f, "%*d %ld", &pages) == 1);
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/** open_and_close() - Make connections, use them, close them */
static void open_and_close(int listener, int count)
{
	int client, peer;

	while (count--) {
		client = connected();
		peer = accept(listener, NULL, NULL);
		must(peer >= 0 && send(client, "x", 1, 0) == 1);
		must(!close(client) && !close(peer));
	}
}

static void *spin(void *arg)
{
	for (;;)
		__asm__ volatile("pause");
	return arg;
}

/**
 * starve_others() - Let all other threads share a CPU with one that spins
 *
 * On a busy machine the thread that looks after the kernel waits like that.
 */
static void starve_others(void)
{
	static const struct sched_param none;
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	cpu_set_t all, one;
	pthread_t spinner;
	int cpu = CPU_SETSIZE - 1;

	must(dir && !sched_getaffinity(0, sizeof(all), &all));
	while (!CPU_ISSET(cpu, &all))
		cpu--;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	while ((entry = readdir(dir))) {
		pid_t tid = atoi(entry->d_name);

		if (tid > 0 && tid != getpid())
			must(!sched_setaffinity(tid, sizeof(one), &one) &&
			     !sched_setscheduler(tid, SCHED_IDLE, &none));
	}
	closedir(dir);
	must(!pthread_create(&spinner, NULL, spin, NULL));
	must(!pthread_setaffinity_np(spinner, sizeof(one), &one));
	if (CPU_COUNT(&all) > 1)
		CPU_CLR(cpu, &all);
	must(!sched_setaffinity(0, sizeof(all), &all));
}

static void churn(int count, bool starved)
{
	int listener = net_listen(&server), fds;
	long rss;

	open_and_close(listener, WARM_UP);
	if (starved)
		starve_others();
	fds = open_fds();
	rss = rss_kib();
	open_and_close(listener, count);
	printf("fds %d growth-kib %ld\n", open_fds() - fds, rss_kib() - rss);
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	int count = argc > 2 ? atoi(argv[2]) : 0;

	fds_to_limit();
	if (!strcmp(what, "idle") && argc == 4)
		idle(count, atoi(argv[3]));
	else if (!strcmp(what, "serve") && argc == 5)
		serve(count, atoi(argv[3]), atoi(argv[4]));
	else if (!strcmp(what, "connect") && argc == 5)
		hold(count, argv[3], atoi(argv[4]));
	else if (!strcmp(what, "churn") && argc == 3)
		churn(count, false);
	else if (!strcmp(what, "starved") && argc == 3)
		churn(count, true);
	else
		return 2;
	return 0;
}
