// SPDX-License-Identifier: GPL-2.0
/*
 * fairness.c - One thread moves large buffers: how long do others wait?
 *
 *   fairness [SECONDS [IDLE_SECONDS]]
 *
 * A thread writes 16 MiB at a time to a connection, a second one reads them, a
 * third makes the cheapest of all calls. How long that takes is shown, also with
 * three threads that only copy (control.h), and so is what a process costs whose
 * only thread is blocked.
 */
#include "control.h"

#include <dirent.h>
#include <pthread.h>
#include <sys/resource.h>

#define PIECE	(16 << 20)
#define SAMPLES	1000000

static int fds[2];
static bool stop;
static unsigned long moved;
static long long samples[SAMPLES];

/**
 * struct side - The calls of our kernel, or of a control
 * @name:	which
 * @write:	write(2), to the connection
 * @read:	read(2), from its other end
 * @end:	ends the connection: the reader gets 0 bytes
 * @call:	the cheapest of all calls
 */
struct side {
	const char *name;
	long (*write)(char *buf, size_t n);
	long (*read)(char *buf, size_t n);
	void (*end)(void);
	void (*call)(void);
};

static long lkl_write(char *buf, size_t n)
{
	return lkl_sys_write(fds[0], buf, n);
}

static long lkl_read(char *buf, size_t n)
{
	return lkl_sys_read(fds[1], buf, n);
}

static void lkl_end(void)
{
	lkl_sys_shutdown(fds[0], LKL_SHUT_WR);
}

static void lkl_call(void)
{
	lkl_sys_getppid();
}

static const struct side lkl = { "LKL", lkl_write, lkl_read, lkl_end, lkl_call };

/* Each thread has its own call (control.h). */
static bool ended;

static long control_write(char *buf, size_t n)
{
	control_call(0, buf, n, true);
	return n;
}

static long control_read(char *buf, size_t n)
{
	if (__atomic_load_n(&ended, __ATOMIC_RELAXED))
		return 0;
	control_call(1, buf, n, false);
	return n;
}

static void control_end(void)
{
	__atomic_store_n(&ended, true, __ATOMIC_RELAXED);
}

static void control_short(void)
{
	char c;

	control_call(2, &c, 1, false);
}

static const struct side control = {
	"control", control_write, control_read, control_end, control_short,
};

static bool stopping(void)
{
	return __atomic_load_n(&stop, __ATOMIC_RELAXED);
}

static void *writer(void *arg)
{
	const struct side *side = arg;
	char *buf = calloc(1, PIECE);

	while (!stopping() && side->write(buf, PIECE) > 0)
		;
	side->end();
	free(buf);
	return NULL;
}

static void *drain(void *arg)
{
	const struct side *side = arg;
	char *buf = malloc(PIECE);
	long n;

	while ((n = side->read(buf, PIECE)) > 0)
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
 * struct times - How long calls took, in ns
 * @p99:	99 % of them took less
 * @max:	the longest
 */
struct times {
	long long p99;
	long long max;
};

/**
 * measure() - Time the cheapest call again and again
 * @side:	of which kernel
 * @name:	what else goes on
 * @seconds:	how long
 * @pause_us:	between two calls
 *
 * Return: how long it took
 */
static struct times measure(const struct side *side, const char *name,
			    double seconds, int pause_us)
{
	long long end = host_ns() + seconds * 1e9, start;
	long n = 0;

	while (n < SAMPLES && (start = host_ns()) < end) {
		side->call();
		samples[n++] = host_ns() - start;
		if (pause_us)
			usleep(pause_us);
	}
	qsort(samples, n, sizeof(samples[0]), by_size);
	printf("# short call, %s, %s: p50 %.1f us, p99 %.1f us, p99.9 %.1f us, ",
	       side->name, name, samples[n / 2] / 1e3,
	       samples[n - n / 100 - 1] / 1e3,
	       samples[n - n / 1000 - 1] / 1e3);
	printf("max %.1f us (%ld calls)\n", samples[n - 1] / 1e3, n);
	return (struct times){ samples[n - n / 100 - 1], samples[n - 1] };
}

/**
 * beside() - Time the cheapest call beside 16 MiB writes
 * @side:	of which kernel
 * @seconds:	how long
 *
 * Return: how long it took at intervals
 */
static struct times beside(const struct side *side, double seconds)
{
	pthread_t threads[2];
	struct times t;
	long long start;

	measure(side, "alone", 0.5, 100);
	stop = false;
	moved = 0;
	must(!pthread_create(&threads[0], NULL, writer, (void *)side));
	must(!pthread_create(&threads[1], NULL, drain, (void *)side));
	start = host_ns();
	t = measure(side, "at intervals, beside 16 MiB writes", seconds / 2,
		    200);
	measure(side, "without pause, beside 16 MiB writes", seconds / 2, 0);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	start = host_ns() - start;
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	printf("# %s: %.2f GB/s through the connection\n", side->name,
	       1.0 * moved / start);
	return t;
}

/*
 * The host's scheduler may stop the thread that carries the virtual CPU for a
 * tick or two, as it may stop any other. The control tells what that costs.
 */
static void test_latency(double seconds)
{
	struct times l, c;

	c = beside(&control, seconds / 2);
	must(!kernel_tcp_pair(fds));
	l = beside(&lkl, seconds);
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
	printf("# at intervals, LKL to control: p99 %.1f, max %.1f\n",
	       1.0 * l.p99 / c.p99, 1.0 * l.max / c.max);
	ok(moved > PIECE, "data moves");
	ok(l.p99 < 20000000, "99 of 100 calls beside it take less than 20 ms");
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
	int idle = argc > 2 ? atoi(argv[2]) : 5;

	kernel_boot("mem=256M");
	test_latency(argc > 1 ? atof(argv[1]) : 6);
	if (idle)
		test_idle(idle);
	ok(lkl_sys_halt() == 0, "halt");
	return tap_done();
}
