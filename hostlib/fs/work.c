// SPDX-License-Identifier: GPL-2.0
/* work.c - The thread that work runs in */
#include <pthread.h>
#include <sched.h>

#include "fs/fs.h"

/* Walks are recursive: some hundred bytes per level, 4096 levels at most. */
#define STACK_SIZE	(4 << 20)

/**
 * struct work - What the thread gets and returns
 * @fs:		image
 * @fn:		what it runs
 * @arg:	its argument
 * @ret:	its result
 */
struct work {
	struct lkl_fs *fs;
	int (*fn)(struct lkl_fs *fs, void *arg);
	void *arg;
	int ret;
};

/* Have a working directory and a umask of one's own. */
static int leave_others(const struct side *side)
{
	int err = CALL(side, unshare, CLONE_FS);

	CALL(side, umask, 0);
	return err;
}

static void *work_thread(void *arg)
{
	struct work *w = arg;

	w->ret = leave_others(&host_side);
	if (!w->ret)
		w->ret = leave_others(&image_side);
	if (!w->ret)
		w->ret = w->fn(w->fs, w->arg);
	/* Or the image would be in use until the thread is gone altogether. */
	CALL(&image_side, chdir, "/");
	return NULL;
}

/**
 * fs_work() - Run a function in a thread as fs.h has it, and wait for it
 * @fs:		image
 * @fn:		function
 * @arg:	its argument
 *
 * Return: what it returns, or a negative errno
 */
int fs_work(struct lkl_fs *fs, int (*fn)(struct lkl_fs *fs, void *arg),
	    void *arg)
{
	struct work w = { .fs = fs, .fn = fn, .arg = arg };
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	if (fs->root < 0)
		return -LKL_EBADF;
	err = pthread_attr_init(&attr);
	if (err)
		return -err;
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	err = pthread_create(&thread, &attr, work_thread, &w);
	pthread_attr_destroy(&attr);
	if (err)
		return -err;
	pthread_join(thread, NULL);
	if (fs->progress->failed)
		fs_kernel_log_take(fs);
	return w.ret;
}

/** fs_cancelled() - Return: true if the user does not want any more */
bool fs_cancelled(struct lkl_fs *fs)
{
	return __atomic_load_n(&fs->progress->cancel, __ATOMIC_RELAXED);
}
