// SPDX-License-Identifier: GPL-2.0
/*
 * aio.c - Asynchronous input and output of LKL descriptors
 *
 * libc has threads that make the calls, inside. Requests on LKL descriptors
 * have threads of ours; those on the host's stay libc's. The result is where
 * libc has it (__error_code, __return_value), so aio_error() and aio_return()
 * are libc's as well.
 *
 * As with libc there is a queue for each descriptor, and a thread for each queue
 * that does one request after the other and ends when there is none.
 */
#include "fdtab.h"
#include "notify.h"


/* Opcode of aio_fsync(), beside LIO_*. */
#define OP_SYNC (-1)

/* How often to look at both kinds if a call waits for both. */
#define BOTH_NS 5000000

/**
 * struct request - What is to be done
 * @next:	in the queue
 * @cb:		the program's
 * @op:		LIO_READ, LIO_WRITE or OP_SYNC
 * @running:	the thread is at it
 */
struct request {
	struct request *next;
	struct aiocb *cb;
	int op;
	bool running;
};

/**
 * struct queue - What is to be done with a descriptor
 * @next:	in the list
 * @fd:		descriptor
 * @first:	requests
 */
struct queue {
	struct queue *next;
	int fd;
	struct request *first;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct queue *queues;

/* Make the call; what has no positions is read and written as it comes. */
static ssize_t perform(const struct request *r)
{
	void *buf = (void *)r->cb->aio_buf;
	size_t n = r->cb->aio_nbytes;
	int fd = r->cb->aio_fildes;
	ssize_t ret;

	if (r->op == OP_SYNC)
		return fsync(fd);
	if (r->op == LIO_READ)
		ret = pread(fd, buf, n, r->cb->aio_offset);
	else
		ret = pwrite(fd, buf, n, r->cb->aio_offset);
	if (ret >= 0 || errno != ESPIPE)
		return ret;
	return r->op == LIO_READ ? read(fd, buf, n) : write(fd, buf, n);
}

/**
 * finish() - A request is done, or will not be done
 * @q:		its queue, locked
 * @r:		request; it is freed
 * @result:	what the call has returned
 * @err:	its errno, 0 if it has succeeded
 */
static void finish(struct queue *q, struct request *r, ssize_t result, int err)
{
	struct sigevent sig = r->cb->aio_sigevent;
	struct request **at = &q->first;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	r->cb->__return_value = result;
	__atomic_store_n(&r->cb->__error_code, err, __ATOMIC_RELEASE);
	free(r);
	notify_done();
	notify_tell(&sig, SI_ASYNCIO);
}

/* The thread of a queue. */
static void *work(void *arg)
{
	struct queue *q = arg, **at = &queues;
	struct request *r;
	ssize_t result;

	pthread_mutex_lock(&lock);
	while ((r = q->first)) {
		r->running = true;
		pthread_mutex_unlock(&lock);
		result = perform(r);
		pthread_mutex_lock(&lock);
		finish(q, r, result, result < 0 ? errno : 0);
	}
	while (*at != q)
		at = &(*at)->next;
	*at = q->next;
	pthread_mutex_unlock(&lock);
	free(q);
	return NULL;
}

/* The queue of a descriptor, locked; NULL: there is none. */
static struct queue *queue_of(int fd)
{
	struct queue *q = queues;

	while (q && q->fd != fd)
		q = q->next;
	return q;
}

/**
 * append() - Add a request to the queue of its descriptor, which may be new
 * @r:	request, locked
 *
 * Return: true, or false if there is no memory, or no thread
 */
static bool append(struct request *r)
{
	struct queue *q = queue_of(r->cb->aio_fildes);
	struct request **at;

	if (q) {
		for (at = &q->first; *at; at = &(*at)->next)
			;
		*at = r;
		return true;
	}
	q = calloc(1, sizeof(*q));
	if (!q)
		return false;
	q->fd = r->cb->aio_fildes;
	q->first = r;
	q->next = queues;
	queues = q;
	if (!notify_thread(NULL, work, q))
		return true;
	queues = q->next;
	free(q);
	return false;
}

/**
 * begin() - Begin a request on an LKL descriptor
 * @cb:		request
 * @op:		what to do
 *
 * Return: 0, or -1 with errno (EAGAIN), which is its result, too
 */
static int begin(struct aiocb *cb, int op)
{
	struct request *r = calloc(1, sizeof(*r));
	bool good;

	if (cb->aio_reqprio < 0) {
		free(r);
		cb->__return_value = -1;
		cb->__error_code = EINVAL;
		return libc_result(-EINVAL);
	}
	cb->__error_code = EINPROGRESS;
	if (r)
		*r = (struct request){ .cb = cb, .op = op };
	pthread_mutex_lock(&lock);
	good = r && append(r);
	pthread_mutex_unlock(&lock);
	if (good)
		return 0;
	free(r);
	cb->__return_value = -1;
	cb->__error_code = EAGAIN;
	return libc_result(-EAGAIN);
}

/** aio_read() - Begin to read; Return: 0, or -1 with errno */
EXPORT int aio_read(struct aiocb *cb)
{
	if (fdtab_get(cb->aio_fildes) <= 0)
		return HOST(aio_read)(cb);
	return begin(cb, LIO_READ);
}

/** aio_write() - Begin to write; Return: 0, or -1 with errno */
EXPORT int aio_write(struct aiocb *cb)
{
	if (fdtab_get(cb->aio_fildes) <= 0)
		return HOST(aio_write)(cb);
	return begin(cb, LIO_WRITE);
}

/**
 * aio_fsync() - Have what was written go to the device
 * @op:		O_SYNC or O_DSYNC
 * @cb:		request
 *
 * Return: 0, or -1 with errno
 */
EXPORT int aio_fsync(int op, struct aiocb *cb)
{
	if (fdtab_get(cb->aio_fildes) <= 0 || (op != O_SYNC && op != O_DSYNC))
		return HOST(aio_fsync)(op, cb);
	return begin(cb, OP_SYNC);
}

/* Is it a request that is not done? */
static bool in_progress(const struct aiocb *cb)
{
	return cb && __atomic_load_n(&cb->__error_code, __ATOMIC_ACQUIRE) ==
		     EINPROGRESS;
}

/**
 * aio_suspend() - Wait for one of several requests
 * @list:	requests; NULL ones are left out
 * @n:		how many
 * @timeout:	how long at most, NULL: for ever
 *
 * Return: 0, or -1 with errno (EAGAIN: time is over, EINTR)
 */
EXPORT int aio_suspend(const struct aiocb *const list[], int n,
		       const struct timespec *timeout)
{
	struct timespec until, slice, *end = timeout ? &until : NULL;
	int hosts = 0, ours = 0, ret;
	uint32_t seen;

	for (int i = 0; i < n; i++)
		if (list[i])
			*(fdtab_get(list[i]->aio_fildes) > 0 ? &ours :
			  &hosts) += 1;
	if (!ours)
		return HOST(aio_suspend)(list, n, timeout);
	if (timeout)
		notify_until(timeout, &until);
	for (;;) {
		seen = notify_seen();
		for (int i = 0; i < n; i++)
			if (list[i] && !in_progress(list[i]))
				return 0;
		if (hosts)
			notify_until(&(struct timespec){ 0, BOTH_NS }, &slice);
		if (hosts && (!end || end->tv_sec > slice.tv_sec ||
			      (end->tv_sec == slice.tv_sec &&
			       end->tv_nsec > slice.tv_nsec))) {
			if (notify_wait(seen, &slice) == -EINTR)
				return libc_result(-EINTR);
			continue;
		}
		ret = notify_wait(seen, end);
		if (ret)
			return libc_result(ret == -EINTR ? ret : -EAGAIN);
	}
}

/**
 * aio_cancel() - Take requests back
 * @fd:		descriptor
 * @cb:		request, NULL: all of the descriptor
 *
 * Return: AIO_CANCELED, AIO_NOTCANCELED, AIO_ALLDONE, or -1 with errno
 */
EXPORT int aio_cancel(int fd, struct aiocb *cb)
{
	struct request *r, *next;
	int ret = AIO_ALLDONE;
	struct queue *q;

	if (fdtab_get(fd) <= 0)
		return HOST(aio_cancel)(fd, cb);
	if (cb && cb->aio_fildes != fd)
		return libc_result(-EINVAL);
	pthread_mutex_lock(&lock);
	q = queue_of(fd);
	for (r = q ? q->first : NULL; r; r = next) {
		next = r->next;
		if (cb && r->cb != cb)
			continue;
		if (r->running) {
			ret = AIO_NOTCANCELED;
			continue;
		}
		finish(q, r, -1, ECANCELED);
		if (ret == AIO_ALLDONE)
			ret = AIO_CANCELED;
	}
	pthread_mutex_unlock(&lock);
	return ret;
}

/**
 * struct listing - Requests of lio_listio() that somebody waits for
 * @sig:	how to tell the program
 * @n:		how many
 * @list:	requests
 */
struct listing {
	struct sigevent sig;
	int n;
	struct aiocb *list[];
};

/* Is it an entry that asks for something? */
static bool is_asked(const struct aiocb *cb)
{
	return cb && cb->aio_lio_opcode != LIO_NOP;
}

/* Wait for all of a list; returns 0, or -1 with errno. */
static int wait_for_all(struct aiocb *const list[], int n)
{
	for (int i = 0; i < n; i++)
		while (is_asked(list[i]) && in_progress(list[i]))
			if (aio_suspend((const struct aiocb *const *)&list[i],
					1, NULL))
				return -1;
	return 0;
}

/* A thread that waits for all, and tells. */
static void *attend(void *arg)
{
	struct listing *l = arg;

	while (wait_for_all(l->list, l->n))
		;
	notify_tell(&l->sig, SI_ASYNCIO);
	free(l);
	return NULL;
}

/**
 * tell_of_all() - Tell the program when all of a list is done
 * @list:	requests
 * @n:		how many
 * @sig:	how to tell
 *
 * Return: 0, or -1 with errno (EAGAIN)
 */
static int tell_of_all(struct aiocb *const list[], int n,
		       const struct sigevent *sig)
{
	struct listing *l = malloc(sizeof(*l) + n * sizeof(*list));

	if (!l)
		return libc_result(-EAGAIN);
	l->sig = *sig;
	l->n = n;
	memcpy(l->list, list, n * sizeof(*list));
	if (!notify_thread(NULL, attend, l))
		return 0;
	free(l);
	return libc_result(-EAGAIN);
}

/**
 * lio_listio() - Begin several requests
 * @mode:	LIO_WAIT or LIO_NOWAIT
 * @list:	requests; NULL ones are left out
 * @n:		how many
 * @sig:	how to tell the program that all are done (LIO_NOWAIT), or NULL
 *
 * Return: 0, or -1 with errno (EIO: one of them has failed)
 */
EXPORT int lio_listio(int mode, struct aiocb *const list[restrict], int n,
		      struct sigevent *restrict sig)
{
	bool ours = false, failed = false;

	for (int i = 0; i < n; i++)
		ours |= is_asked(list[i]) &&
			fdtab_get(list[i]->aio_fildes) > 0;
	if (!ours || (mode != LIO_WAIT && mode != LIO_NOWAIT))
		return HOST(lio_listio)(mode, list, n, sig);
	for (int i = 0; i < n; i++) {
		if (!is_asked(list[i]))
			continue;
		failed |= list[i]->aio_lio_opcode == LIO_READ ?
			  aio_read(list[i]) : aio_write(list[i]);
	}
	if (mode == LIO_WAIT) {
		if (wait_for_all(list, n))
			return -1;
		for (int i = 0; i < n; i++)
			failed |= is_asked(list[i]) && aio_error(list[i]);
	} else if (sig && sig->sigev_notify != SIGEV_NONE &&
		   tell_of_all(list, n, sig)) {
		return -1;
	}
	return failed ? libc_result(-EIO) : 0;
}
