// SPDX-License-Identifier: GPL-2.0
/*
 * fairness.c - One thread moves large buffers: how long do others wait?
 *
 *   fairness [SECONDS [IDLE_SECONDS]]
 *
 * A thread writes 16 MiB at a time to a TCP connection, a second one reads
 * them, a third makes the cheapest of all calls. How long that takes is shown,
 * and so is what a process costs whose only thread is blocked.
 */
#include "kernel.h"

#include <dirent.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#define PIECE	(16 << 20)
#define SAMPLES	1000000

static int fds[2];
static bool stop;
static unsigned long moved;
static long long samples[SAMPLES];

static bool stopping(void)
{
	return __atomic_load_n(&stop, __ATOMIC_RELAXED);
}

static void *writer(void *arg)
{
	char *buf = calloc(1, PIECE);

	(void)arg;
	while (!stopping() && lkl_sys_write(fds[0], buf, PIECE) > 0)
		;
	lkl_sys_shutdown(fds[0], LKL_SHUT_WR);
	free(buf);
	return NULL;
}

static void *drain(void *arg)
{
	char *buf = malloc(PIECE);
	long n;

	(void)arg;
	while ((n = lkl_sys_read(fds[1], buf, PIECE)) > 0)
		moved += n;
	free(buf);
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return x < y ? -1 : x > y;
}

/**
 * measure() - Time getppid again and again
 * @name:	what else goes on
 * @seconds:	how long
 * @pause_us:	between two calls
 *
 * Return: the time that 99 % of the calls stay below, in ns
 */
static long long measure(const char *name, double seconds, int pause_us)
{
	long long end = host_ns() + seconds * 1e9, start;
	long n = 0;

	while (n < SAMPLES && (start = host_ns()) < end) {
		lkl_sys_getppid();
		samples[n++] = host_ns() - start;
		if (pause_us)
			usleep(pause_us);
	}
	qsort(samples, n, sizeof(samples[0]), by_size);
	printf("# getppid, %s: p50 %.1f us, p99 %.1f us, p99.9 %.1f us, ", name,
	       samples[n / 2] / 1e3, samples[n - n / 100 - 1] / 1e3,
	       samples[n - n / 1000 - 1] / 1e3);
	printf("max %.1f us (%ld calls)\n", samples[n - 1] / 1e3, n);
	return samples[n - n / 100 - 1];
}

static void test_latency(double seconds)
{
	pthread_t threads[2];
	long long start, p99;

	must(!kernel_tcp_pair(fds));
	measure("alone", 0.5, 100);
	must(!pthread_create(&threads[0], NULL, writer, NULL));
	must(!pthread_create(&threads[1], NULL, drain, NULL));
	start = host_ns();
	p99 = measure("at intervals, beside 16 MiB writes", seconds / 2, 200);
	measure("without pause, beside 16 MiB writes", seconds / 2, 0);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	start = host_ns() - start;
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	printf("# %.2f GB/s through the connection\n", 1.0 * moved / start);
	ok(moved > PIECE, "data moves");
	ok(p99 < 20000000, "99 of 100 calls beside it take less than 20 ms");
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
}

/** switches() - Return: how often the threads of this process went to sleep */
static long switches(void)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	long sum = 0, n;

	must(dir);
	while ((entry = readdir(dir))) {
		char path[300], line[128];
		FILE *f;

		snprintf(path, sizeof(path), "/proc/self/task/%s/status",
			 entry->d_name);
		f = fopen(path, "r");
		while (f && fgets(line, sizeof(line), f))
			if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1)
				sum += n;
		if (f)
			fclose(f);
	}
	closedir(dir);
	return sum;
}

static long cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
	       u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static void *blocked(void *arg)
{
	char c;

	lkl_sys_recv(fds[0], &c, 1, 0);
	return arg;
}

static void test_idle(int seconds)
{
	pthread_t thread;
	long before, cpu;

	must(!kernel_tcp_pair(fds));
	must(!pthread_create(&thread, NULL, blocked, NULL));
	sleep(1);
	before = switches();
	cpu = cpu_us();
	sleep(seconds);
	/* One is our own sleep. */
	before = switches() - before - 1;
	cpu = cpu_us() - cpu;
	printf("# idle for %d s: %ld wake-ups, %ld us of CPU time\n", seconds,
	       before, cpu);
	ok(before <= 5 * seconds, "a blocked thread causes few wake-ups");
	ok(cpu < 10000 * seconds, "and no load");
	lkl_sys_send(fds[1], "x", 1, 0);
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	kernel_boot("mem=256M");
	test_latency(argc > 1 ? atof(argv[1]) : 6);
	test_idle(argc > 2 ? atoi(argv[2]) : 5);
	ok(lkl_sys_halt() == 0, "halt");
	return tap_done();
}
