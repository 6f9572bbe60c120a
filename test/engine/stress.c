// SPDX-License-Identifier: GPL-2.0
/*
 * stress.c - Everything at once, every byte checked
 *
 *   stress [SECONDS [SEED [KINDS]]]
 *
 * Each kind of worker below has a few threads that repeat one job: streams and
 * datagrams over the loopback interface, unix sockets, pipes, files, eventfds
 * with epoll, timers, short-lived threads. Meanwhile they are all hit by
 * signals. Data is a function of stream and position (pattern()), so whatever
 * is lost, doubled or mixed up is found where it arrives.
 *
 * Half of the workers get signals whose handlers have SA_RESTART: a read or
 * write that ends with EINTR there is a failure. The others get both kinds.
 *
 * A worker that makes no progress for STUCK seconds ends the program. KINDS is
 * a list of names, all if not given.
 */
#include "kernel.h"

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#define STUCK		20
#define BUF		(64 << 10)
#define STREAM		(4 << 20)
#define WORKERS_MAX	64

/**
 * struct worker - A thread that does one job again and again
 * @kind:	what it does
 * @thread:	the thread
 * @tid:	its id on the host
 * @rng:	state of its random numbers
 * @restarts:	its signals all have SA_RESTART
 * @rounds:	jobs done
 * @beats:	grows whenever anything is done
 * @signals:	handlers that have run
 * @bad:	checks that failed
 */
struct worker {
	const struct kind *kind;
	pthread_t thread;
	int tid;
	unsigned long rng;
	bool restarts;
	unsigned long rounds;
	unsigned long beats;
	unsigned long signals;
	unsigned long bad;
};

/**
 * struct kind - A job
 * @name:	its name
 * @job:	does it once; jobs check themselves with CHECK()
 * @threads:	how many workers do it
 */
struct kind {
	const char *name;
	void (*job)(struct worker *w);
	int threads;
};

static struct worker workers[WORKERS_MAX];
static int worker_count;
static bool stop;
static __thread struct worker *self;
static unsigned int run_seed;

/* CHECK() - count and show what does not hold */
#define CHECK(w, cond, ...)						\
	({								\
		bool good_ = (cond);					\
									\
		if (!good_ && (w)->bad++ < 5) {				\
			printf("# %s, line %d: %s:", (w)->kind->name,	\
			       __LINE__, #cond);			\
			printf(" " __VA_ARGS__);			\
			printf("\n");					\
			fflush(stdout);					\
		}							\
		good_;							\
	})

static unsigned long rnd(struct worker *w)
{
	unsigned long x = w->rng += 0x9e3779b97f4a7c15UL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9UL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebUL;
	return x ^ x >> 31;
}

static unsigned long below(struct worker *w, unsigned long n)
{
	return rnd(w) % n;
}

static bool stopping(void)
{
	return __atomic_load_n(&stop, __ATOMIC_RELAXED);
}

/* TRY() - repeat a call as long as a signal interrupts it, if one may */
#define TRY(w, call)							\
	({								\
		long ret_;						\
									\
		do {							\
			ret_ = (call);					\
			__atomic_add_fetch(&(w)->beats, 1, __ATOMIC_RELAXED); \
		} while (ret_ == -LKL_EINTR &&				\
			 CHECK(w, !(w)->restarts, "EINTR"));		\
		ret_;							\
	})

/* RETRY() - the same for a call that is never restarted */
#define RETRY(w, call)							\
	({								\
		long ret_;						\
									\
		do {							\
			ret_ = (call);					\
			__atomic_add_fetch(&(w)->beats, 1, __ATOMIC_RELAXED); \
		} while (ret_ == -LKL_EINTR);				\
		ret_;							\
	})

/**
 * struct stream - One direction of a stream of bytes
 * @w:		who checks
 * @fd:		where they come from, or go to
 * @seed:	which bytes
 * @len:	how many
 * @socket:	use send and recv
 */
struct stream {
	struct worker *w;
	int fd;
	unsigned int seed;
	unsigned long len;
	bool socket;
};

static void stream_write(struct stream *s)
{
	unsigned long pos = 0;
	char *buf = malloc(BUF);
	size_t n, off;
	long ret;

	while (pos < s->len) {
		n = 1 + below(s->w, BUF);
		if (n > s->len - pos)
			n = s->len - pos;
		pattern_fill(buf, n, s->seed, pos);
		for (off = 0; off < n; off += ret) {
			if (s->socket)
				ret = TRY(s->w, lkl_sys_send(s->fd, buf + off,
							     n - off, 0));
			else
				ret = TRY(s->w, lkl_sys_write(s->fd, buf + off,
							      n - off));
			if (!CHECK(s->w, ret > 0, "%ld at %lu", ret, pos))
				goto out;
		}
		pos += n;
	}
out:
	free(buf);
}

static void stream_read(struct stream *s)
{
	unsigned long pos = 0;
	char *buf = malloc(BUF);
	long ret;

	while (pos < s->len) {
		size_t n = 1 + below(s->w, BUF);

		if (s->socket)
			ret = TRY(s->w, lkl_sys_recv(s->fd, buf, n, 0));
		else
			ret = TRY(s->w, lkl_sys_read(s->fd, buf, n));
		if (!CHECK(s->w, ret > 0, "%ld at %lu", ret, pos) ||
		    !CHECK(s->w, pattern_holds(buf, ret, s->seed, pos),
			   "%ld bytes at %lu", ret, pos))
			break;
		pos += ret;
	}
	free(buf);
}

static void *stream_writer(void *arg)
{
	struct worker side = *((struct stream *)arg)->w;

	/* The checks of the other worker, with random numbers of our own. */
	self = &side;
	side.rng ^= 0x5555;
	side.bad = 0;
	((struct stream *)arg)->w = &side;
	stream_write(arg);
	return (void *)side.bad;
}

/* Move a random amount through two descriptors, a thread at each end. */
static void run_stream(struct worker *w, int in, int out, bool socket)
{
	struct stream s = { w, out, rnd(w), 1 + below(w, STREAM), socket };
	struct stream r = s;
	pthread_t thread;
	void *bad;

	r.fd = in;
	if (!CHECK(w, !pthread_create(&thread, NULL, stream_writer, &s)))
		return;
	stream_read(&r);
	pthread_join(thread, &bad);
	w->bad += (long)bad;
}

/* Both ends of a new connection */
static bool tcp_connect(struct worker *w, int fds[2])
{
	struct lkl_sockaddr_in sa;
	struct lkl_pollfd p;
	long listener = kernel_bound(LKL_SOCK_STREAM, &sa), ret;
	int err = 0, len = sizeof(err);

	if (!CHECK(w, listener >= 0, "%ld", listener))
		return false;
	CHECK(w, !lkl_sys_listen(listener, 4));
	fds[0] = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_STREAM, 0);
	ret = lkl_sys_connect(fds[0], (void *)&sa, sizeof(sa));
	if (ret == -LKL_EINTR && CHECK(w, !w->restarts)) {
		/* POSIX: the connection is made meanwhile */
		p = (struct lkl_pollfd){ fds[0], LKL_POLLOUT, 0 };
		ret = RETRY(w, lkl_sys_poll(&p, 1, -1)) == 1 ? 0 : -1;
		lkl_sys_getsockopt(fds[0], LKL_SOL_SOCKET, LKL_SO_ERROR,
				   (char *)&err, &len);
	}
	CHECK(w, !ret && !err, "%ld, %d", ret, err);
	fds[1] = TRY(w, lkl_sys_accept(listener, NULL, NULL));
	lkl_sys_close(listener);
	return CHECK(w, fds[1] >= 0, "%d", fds[1]);
}

static void job_tcp(struct worker *w)
{
	int fds[2];
	char c;

	if (!tcp_connect(w, fds))
		return;
	run_stream(w, fds[0], fds[1], true);
	run_stream(w, fds[1], fds[0], below(w, 2));
	lkl_sys_shutdown(fds[0], LKL_SHUT_WR);
	CHECK(w, TRY(w, lkl_sys_read(fds[1], &c, 1)) == 0);
	CHECK(w, !lkl_sys_close(fds[0]));
	CHECK(w, !lkl_sys_close(fds[1]));
}

static void job_udp(struct worker *w)
{
	struct lkl_sockaddr_in a, b, from;
	long fa = kernel_bound(LKL_SOCK_DGRAM, &a);
	long fb = kernel_bound(LKL_SOCK_DGRAM, &b);
	char out[4096], in[4096];
	int len;

	if (!CHECK(w, fa >= 0 && fb >= 0, "%ld %ld", fa, fb))
		return;
	for (int i = 0; i < 200; i++) {
		size_t n = 1 + below(w, sizeof(out));
		unsigned int seed = rnd(w);

		pattern_fill(out, n, seed, 0);
		len = sizeof(from);
		CHECK(w, TRY(w, lkl_sys_sendto(fa, out, n, 0, (void *)&b,
					       sizeof(b))) == (long)n);
		CHECK(w, TRY(w, lkl_sys_recvfrom(fb, in, sizeof(in), 0,
						 (void *)&from, &len)) ==
		      (long)n && pattern_holds(in, n, seed, 0) &&
		      from.sin_port == a.sin_port);
	}
	lkl_sys_close(fa);
	lkl_sys_close(fb);
}

static void job_unix(struct worker *w)
{
	int type = below(w, 2) ? LKL_SOCK_STREAM : LKL_SOCK_SEQPACKET;
	char out[512], in[512];
	int fds[2];

	if (!CHECK(w, !lkl_sys_socketpair(LKL_AF_UNIX, LKL_SOCK_STREAM, 0,
					  fds)))
		return;
	run_stream(w, fds[0], fds[1], below(w, 2));
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
	if (!CHECK(w, !lkl_sys_socketpair(LKL_AF_UNIX, type, 0, fds)))
		return;
	for (int i = 0; i < 100; i++) {
		size_t n = 1 + below(w, sizeof(out));

		pattern_fill(out, n, i, 0);
		CHECK(w, TRY(w, lkl_sys_send(fds[1], out, n, 0)) == (long)n);
		CHECK(w, TRY(w, lkl_sys_recv(fds[0], in, sizeof(in), 0)) ==
		      (long)n && pattern_holds(in, n, i, 0));
	}
	lkl_sys_close(fds[1]);
	CHECK(w, TRY(w, lkl_sys_recv(fds[0], in, 1, 0)) == 0);
	lkl_sys_close(fds[0]);
}

static void job_pipe(struct worker *w)
{
	int fds[2];

	if (!CHECK(w, !lkl_sys_pipe(fds)))
		return;
	run_stream(w, fds[0], fds[1], false);
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
}

static void job_file(struct worker *w)
{
	char *out = malloc(BUF), *in = malloc(BUF);
	char dir[32], path[48], moved[48];
	unsigned long size = 0;
	struct lkl_stat st;
	long fd, n;

	snprintf(dir, sizeof(dir), "/w%d", w->tid);
	snprintf(path, sizeof(path), "%s/a", dir);
	snprintf(moved, sizeof(moved), "%s/b", dir);
	CHECK(w, !lkl_sys_mkdir(dir, 0700));
	fd = lkl_sys_open(path, LKL_O_CREAT | LKL_O_EXCL | LKL_O_RDWR, 0600);
	CHECK(w, fd >= 0, "%ld", fd);
	for (int i = 0; i < 30; i++) {
		n = 1 + below(w, BUF);
		pattern_fill(out, n, w->tid, size);
		CHECK(w, TRY(w, lkl_sys_write(fd, out, n)) == n);
		size += n;
		n = 1 + below(w, BUF);
		unsigned long pos = below(w, size);

		if (pos + n > size)
			n = size - pos;
		CHECK(w, TRY(w, lkl_sys_pread64(fd, in, n, pos)) == n &&
		      pattern_holds(in, n, w->tid, pos));
		if (i % 10 == 9) {
			size = below(w, size) + 1;
			CHECK(w, !lkl_sys_ftruncate(fd, size));
			lkl_sys_lseek(fd, size, LKL_SEEK_SET);
		}
	}
	CHECK(w, !lkl_sys_rename(path, moved));
	CHECK(w, lkl_sys_stat(path, &st) == -LKL_ENOENT);
	CHECK(w, !lkl_sys_stat(moved, &st) && st.st_size == (long)size);
	CHECK(w, !lkl_sys_close(fd));
	CHECK(w, !lkl_sys_unlink(moved) && !lkl_sys_rmdir(dir));
	free(out);
	free(in);
}

#define TOKENS	2000

struct tokens {
	struct worker *w;
	int fd;
};

static void *token_writer(void *arg)
{
	struct tokens *t = arg;
	struct worker side = *t->w;
	unsigned long long one;

	self = &side;
	side.bad = 0;
	for (int i = 0; i < TOKENS; i++) {
		one = 1;
		CHECK(&side, TRY(&side, lkl_sys_write(t->fd, (char *)&one,
						      sizeof(one))) ==
		      sizeof(one));
	}
	return (void *)side.bad;
}

/* Two eventfds in one epoll instance, filled by two threads, must add up. */
static void job_epoll(struct worker *w)
{
	struct lkl_epoll_event ev, got[4];
	unsigned long long sum = 0, val;
	struct tokens t[2];
	pthread_t threads[2];
	long ep = lkl_sys_epoll_create(1), n;
	void *bad;

	if (!CHECK(w, ep >= 0))
		return;
	for (int i = 0; i < 2; i++) {
		t[i].w = w;
		t[i].fd = lkl_sys_eventfd2(0, LKL_O_NONBLOCK * i);
		ev.events = LKL_EPOLLIN | (i ? LKL_EPOLLET : 0);
		ev.data = t[i].fd;
		CHECK(w, t[i].fd >= 0 &&
		      !lkl_sys_epoll_ctl(ep, LKL_EPOLL_CTL_ADD, t[i].fd, &ev));
		CHECK(w, !pthread_create(&threads[i], NULL, token_writer,
					 &t[i]));
	}
	while (sum < 2 * TOKENS) {
		n = RETRY(w, lkl_sys_epoll_wait(ep, got, 4, 10000));
		if (!CHECK(w, n > 0, "%ld, sum %llu", n, sum))
			break;
		for (int i = 0; i < n; i++)
			if (CHECK(w, lkl_sys_read(got[i].data, (char *)&val,
						  sizeof(val)) == sizeof(val)))
				sum += val;
	}
	CHECK(w, sum == 2 * TOKENS, "%llu", sum);
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], &bad);
		w->bad += (long)bad;
		lkl_sys_close(t[i].fd);
	}
	lkl_sys_close(ep);
}

static void job_timer(struct worker *w)
{
	struct __lkl__kernel_timespec ts = { 0, below(w, 5000000) };
	struct __lkl__kernel_itimerspec its = {
		.it_interval = { 0, 1000000 }, .it_value = { 0, 1000000 } };
	long long start = host_ns(), armed, asked, sum = 0, val;
	long fd, ret;

	ret = RETRY(w, lkl_sys_clock_nanosleep(1, 0, &ts, &ts));
	CHECK(w, !ret && (w->signals || host_ns() - start >= ts.tv_nsec));
	fd = lkl_sys_timerfd_create(1, 0);
	start = host_ns();
	if (!CHECK(w, fd >= 0 && !lkl_sys_timerfd_settime(fd, 0, &its, NULL)))
		return;
	armed = host_ns();
	do {
		asked = host_ns();
		ret = TRY(w, lkl_sys_read(fd, (char *)&val, sizeof(val)));
		if (!CHECK(w, ret == sizeof(val), "%ld", ret))
			break;
		sum += val;
	} while (sum < 10);
	/* All that was due when it was asked for is told, and no more is. */
	val = host_ns();
	CHECK(w, sum >= (asked - armed) / 1000000 &&
	      sum <= (val - start) / 1000000,
	      "%lld ms, asked after %lld ns, told after %lld ns", sum,
	      asked - armed, val - start);
	lkl_sys_close(fd);
}

static void *short_thread(void *arg)
{
	struct worker *w = arg;
	struct worker side = *w;
	int fds[2];
	char c = 0;

	self = &side;
	side.bad = 0;
	CHECK(&side, lkl_sys_getpid() == 1);
	CHECK(&side, lkl_sys_gettid() > 1);
	CHECK(&side, !lkl_sys_pipe(fds));
	CHECK(&side, lkl_sys_write(fds[1], "c", 1) == 1 &&
	      lkl_sys_read(fds[0], &c, 1) == 1 && c == 'c');
	CHECK(&side, !lkl_sys_close(fds[0]) && !lkl_sys_close(fds[1]));
	__atomic_add_fetch(&w->bad, side.bad, __ATOMIC_RELAXED);
	return NULL;
}

static void job_churn(struct worker *w)
{
	pthread_t threads[20];

	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		CHECK(w, !pthread_create(&threads[i], NULL, short_thread, w));
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	w->beats++;
}

static const struct kind kinds[] = {
	{ "tcp", job_tcp, 4 },
	{ "udp", job_udp, 4 },
	{ "unix", job_unix, 4 },
	{ "pipe", job_pipe, 2 },
	{ "file", job_file, 4 },
	{ "epoll", job_epoll, 2 },
	{ "timer", job_timer, 4 },
	{ "churn", job_churn, 2 },
};

/* The handlers themselves make calls, some of them blocking ones. */
static void on_signal(int sig)
{
	struct __lkl__kernel_timespec ts = { 0, 1000 };
	struct worker *w = self;

	if (!w)
		return;
	w->signals++;
	if (sig == SIGUSR2)
		lkl_sys_nanosleep(&ts, NULL);
	CHECK(w, lkl_sys_getpid() == 1);
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;

	self = w;
	__atomic_store_n(&w->tid, gettid(), __ATOMIC_RELEASE);
	while (!stopping()) {
		w->kind->job(w);
		__atomic_add_fetch(&w->rounds, 1, __ATOMIC_RELAXED);
	}
	self = NULL;
	return NULL;
}

static void start_workers(const char *only)
{
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		if (only && !strstr(only, kinds[k].name))
			continue;
		for (int i = 0; i < kinds[k].threads; i++) {
			struct worker *w = &workers[worker_count++];

			w->kind = &kinds[k];
			w->rng = run_seed * 1000UL + worker_count;
			w->restarts = i % 2;
			must(!pthread_create(&w->thread, NULL, worker_main, w));
		}
	}
}

static void install(int sig, int flags)
{
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = flags };

	must(!lkl_host_sigaction(sig, &act, NULL));
}

/* Signals for workers at random, until the time is over. */
static void disturb(long long end)
{
	unsigned long seen[WORKERS_MAX] = { 0 };
	long long since[WORKERS_MAX];
	struct worker me = { .rng = run_seed };
	long long now = host_ns();

	for (int i = 0; i < worker_count; i++)
		since[i] = now;
	while (now < end) {
		struct worker *w = &workers[below(&me, worker_count)];
		int tid = __atomic_load_n(&w->tid, __ATOMIC_ACQUIRE);

		if (tid)
			syscall(SYS_tgkill, getpid(), tid,
				w->restarts || below(&me, 2) ? SIGUSR1 :
				SIGUSR2);
		usleep(below(&me, 2000));
		now = host_ns();
		for (int i = 0; i < worker_count; i++) {
			unsigned long beats = __atomic_load_n(&workers[i].beats,
							      __ATOMIC_RELAXED);

			if (beats != seen[i]) {
				seen[i] = beats;
				since[i] = now;
			} else if (now - since[i] > STUCK * 1000000000LL) {
				printf("Bail out! %s (thread %d) is stuck\n",
				       workers[i].kind->name, workers[i].tid);
				fflush(stdout);
				abort();
			}
		}
	}
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 20;
	struct itimerval it = { { 0, 7000 }, { 0, 7000 } };
	unsigned long signals = 0;

	run_seed = argc > 2 ? atoi(argv[2]) : 1;
	kernel_boot("mem=256M");
	install(SIGUSR1, SA_RESTART);
	install(SIGUSR2, 0);
	install(SIGALRM, SA_RESTART);
	start_workers(argc > 3 ? argv[3] : NULL);
	must(!setitimer(ITIMER_REAL, &it, NULL));
	disturb(host_ns() + seconds * 1e9);
	it.it_value.tv_usec = 0;
	must(!setitimer(ITIMER_REAL, &it, NULL));
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < worker_count; i++) {
		struct worker *w = &workers[i];

		pthread_join(w->thread, NULL);
		signals += w->signals;
		ok(!w->bad && w->rounds, "%s: %lu rounds, %lu signals",
		   w->kind->name, w->rounds, w->signals);
	}
	ok(signals > 0 || !worker_count, "%lu signals", signals);
	ok(lkl_sys_halt() == 0, "halt");
	return tap_done();
}
