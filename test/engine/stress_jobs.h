/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stress_jobs.h - Jobs of the stress: files, readiness, time, threads
 */
#ifndef TEST_ENGINE_STRESS_JOBS_H
#define TEST_ENGINE_STRESS_JOBS_H

#include "stress.h"

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

#endif /* TEST_ENGINE_STRESS_JOBS_H */
