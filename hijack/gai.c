// SPDX-License-Identifier: GPL-2.0
/*
 * gai.c - getaddrinfo_a(): look-ups that are done beside the program
 *
 * libc's threads would call its own getaddrinfo(), inside. Ours call that of
 * getaddrinfo.c. The result of a request is where libc has it (__return), so
 * its gai_error() is used.
 *
 * Requests wait in one list for a few threads, which end when it is empty.
 */
#include "notify.h"

/* As many as libc has. */
#define MOST_WORKERS 20

/**
 * struct batch - What one call asked for, if it is to be told of the end
 * @left:	requests not done, and one while the call makes them
 * @sig:	how to tell
 */
struct batch {
	int left;
	struct sigevent sig;
};

/**
 * struct request - A look-up
 * @next:	in the list
 * @cb:		the program's
 * @batch:	that it is of, NULL: nobody is told
 * @running:	a thread does it
 */
struct request {
	struct request *next;
	struct gaicb *cb;
	struct batch *batch;
	bool running;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct request *requests, **requests_end = &requests;
static int workers;

/**
 * leave() - One thing less that a batch waits for
 * @batch:	batch, or NULL; locked
 */
static void leave(struct batch *batch)
{
	if (!batch || --batch->left)
		return;
	notify_tell(&batch->sig, SI_ASYNCNL);
	free(batch);
}

/**
 * finish() - A request is done, or will not be done
 * @request:	request, locked; it is freed
 * @result:	0 or EAI_*
 */
static void finish(struct request *request, int result)
{
	struct request **at = &requests;

	while (*at != request)
		at = &(*at)->next;
	*at = request->next;
	if (!*at)
		requests_end = at;
	__atomic_store_n(&request->cb->__return, result, __ATOMIC_RELEASE);
	notify_done();
	leave(request->batch);
	free(request);
}

/* A thread that does what there is to do. */
static void *work(void *arg)
{
	struct request *request;
	struct gaicb *cb;
	int result;

	pthread_mutex_lock(&lock);
	for (;;) {
		request = requests;
		while (request && request->running)
			request = request->next;
		if (!request)
			break;
		request->running = true;
		cb = request->cb;
		pthread_mutex_unlock(&lock);
		result = getaddrinfo(cb->ar_name, cb->ar_service,
				     cb->ar_request, &cb->ar_result);
		pthread_mutex_lock(&lock);
		finish(request, result);
	}
	workers--;
	pthread_mutex_unlock(&lock);
	return arg;
}

/**
 * enqueue() - Add a request, and see to it that somebody does it
 * @cb:		what is asked for
 * @batch:	batch, or NULL; locked
 *
 * Return: false if there is no memory, or no thread
 */
static bool enqueue(struct gaicb *cb, struct batch *batch)
{
	struct request *request = calloc(1, sizeof(*request));

	if (!request)
		return false;
	if (workers < MOST_WORKERS && !notify_thread(NULL, work, NULL))
		workers++;
	if (!workers) {
		free(request);
		return false;
	}
	request->cb = cb;
	request->batch = batch;
	cb->__return = EAI_INPROGRESS;
	*requests_end = request;
	requests_end = &request->next;
	if (batch)
		batch->left++;
	return true;
}

/* Is it one that is not done? */
static bool in_progress(const struct gaicb *cb)
{
	return cb && __atomic_load_n(&cb->__return, __ATOMIC_ACQUIRE) ==
		     EAI_INPROGRESS;
}

/**
 * wait_for() - Wait until few enough requests of a list are in progress
 * @list:	requests, may contain NULL
 * @n:		how many
 * @most:	go on when no more than this are in progress
 * @timeout:	how long at most, NULL: for ever
 *
 * Return: 0, EAI_AGAIN (time is over), EAI_INTR (a signal came)
 */
static int wait_for(const struct gaicb *const list[], int n, int most,
		    const struct timespec *timeout)
{
	struct timespec until;
	uint32_t seen;
	int left, ret;

	if (timeout)
		notify_until(timeout, &until);
	for (;;) {
		seen = notify_seen();
		left = 0;
		for (int i = 0; i < n; i++)
			left += in_progress(list[i]);
		if (left <= most)
			return 0;
		ret = notify_wait(seen, timeout ? &until : NULL);
		if (ret)
			return ret == -EINTR ? EAI_INTR : EAI_AGAIN;
	}
}

/**
 * getaddrinfo_a() - Names to socket addresses, several at a time
 * @mode:	GAI_WAIT or GAI_NOWAIT
 * @list:	requests; NULL ones are left out
 * @n:		how many
 * @sig:	how to tell the program that all are done (GAI_NOWAIT), or NULL
 *
 * Return: 0 or EAI_SYSTEM (some could not be begun, or @mode is none), EAI_INTR
 */
EXPORT int getaddrinfo_a(int mode, struct gaicb *list[restrict], int n,
			 struct sigevent *restrict sig)
{
	struct batch *batch = NULL;
	int result = 0, ret;

	if (mode != GAI_WAIT && mode != GAI_NOWAIT) {
		errno = EINVAL;
		return EAI_SYSTEM;
	}
	if (mode == GAI_NOWAIT && sig && sig->sigev_notify != SIGEV_NONE) {
		batch = malloc(sizeof(*batch));
		if (!batch)
			return EAI_SYSTEM;
		batch->left = 1;
		batch->sig = *sig;
	}
	pthread_mutex_lock(&lock);
	for (int i = 0; i < n; i++)
		if (list[i] && !enqueue(list[i], batch))
			result = EAI_SYSTEM;
	leave(batch);
	pthread_mutex_unlock(&lock);
	if (mode == GAI_NOWAIT)
		return result;
	ret = wait_for((const struct gaicb *const *)list, n, 0, NULL);
	return ret ? ret : result;
}

/**
 * gai_suspend() - Wait for one of several requests
 * @list:	requests; NULL ones are left out
 * @n:		how many
 * @timeout:	how long at most, NULL: for ever
 *
 * As the manual says; glibc 2.36 says EAI_SYSTEM when the time is over.
 *
 * Return: 0, EAI_ALLDONE (none was in progress), EAI_AGAIN (time is over),
 * EAI_INTR
 */
EXPORT int gai_suspend(const struct gaicb *const list[], int n,
		       const struct timespec *timeout)
{
	int left = 0;

	for (int i = 0; i < n; i++)
		left += in_progress(list[i]);
	return left ? wait_for(list, n, left - 1, timeout) : EAI_ALLDONE;
}

/**
 * gai_cancel() - Take a request back
 * @cb:	request
 *
 * Return: EAI_CANCELED, EAI_NOTCANCELED (a thread is at it), EAI_ALLDONE
 */
EXPORT int gai_cancel(struct gaicb *cb)
{
	struct request *request;
	int ret = EAI_ALLDONE;

	pthread_mutex_lock(&lock);
	for (request = requests; request; request = request->next)
		if (request->cb == cb)
			break;
	if (request)
		ret = request->running ? EAI_NOTCANCELED : EAI_CANCELED;
	if (ret == EAI_CANCELED)
		finish(request, EAI_CANCELED);
	pthread_mutex_unlock(&lock);
	return ret;
}
