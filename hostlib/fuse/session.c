// SPDX-License-Identifier: GPL-2.0
/*
 * session.c - Serve the host's kernel until it has unmounted, or a signal comes
 *
 * Whoever unmounts has everything written first, the connection then ends by
 * itself. A signal must not wait until nobody uses the file system any more:
 * what the host's kernel has not written yet (of shared mappings) is written,
 * the file system is taken out of the tree of files, and the connection is
 * closed. Programs that have files open get ENOTCONN.
 *
 * This process itself must never touch the mounted files: a request that it
 * waits for keeps it from being killed, and nobody else can answer it.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuse/lklfuse.h"

/*
 * Threads that serve. There is one virtual CPU in the LKL kernel, the others
 * move contents between it and the host's kernel meanwhile.
 */
#define THREADS		4

/* How long to wait for the last writes, in steps of this many microseconds. */
#define STEP_US		20000
#define STEPS		500

extern char **environ;

/* Makes libfuse look if the session is over. */
#define SIGNAL_LOOK	SIGUSR1

/**
 * struct stopper - What the thread that waits for signals needs
 * @se:		session
 * @mountpoint:	where it is mounted
 * @signals:	signals that it waits for
 * @main:	the thread that is in loop()
 * @over:	it is not any more
 */
struct stopper {
	struct fuse_session *se;
	const char *mountpoint;
	sigset_t signals;
	pthread_t main;
	bool over;
};

/* Run a program and wait for its end. */
static void run(char *const *argv)
{
	pid_t child;

	if (!posix_spawnp(&child, argv[0], NULL, NULL, argv, environ))
		waitpid(child, NULL, 0);
}

static void write_back(const char *mountpoint)
{
	run((char *[]) { "sync", "-f", "--", (char *)mountpoint, NULL });
}

/* fusermount3 does what only root may. */
static void detach(const char *mountpoint)
{
	if (umount2(mountpoint, MNT_DETACH))
		run((char *[]) { "fusermount3", "-u", "-z", "-q", "--",
			     (char *)mountpoint, NULL });
}

/* Wait until the host's kernel has nothing more to write. */
static void drain(struct fuse_session *se)
{
	struct pollfd fd = { fuse_session_fd(se), POLLIN, 0 };
	int quiet = 0;

	/* Twice, as a request may be on its way from there to us. */
	for (int i = 0; i < STEPS && quiet < 2; i++) {
		usleep(STEP_US);
		quiet = poll(&fd, 1, 0) || files_being_written() ? 0 :
			quiet + 1;
	}
}

static void *stopper_thread(void *arg)
{
	struct stopper *s = arg;
	int sig;

	sigwait(&s->signals, &sig);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	write_back(s->mountpoint);
	detach(s->mountpoint);
	drain(s->se);
	fuse_session_exit(s->se);
	while (!__atomic_load_n(&s->over, __ATOMIC_ACQUIRE)) {
		pthread_kill(s->main, SIGNAL_LOOK);
		usleep(STEP_US);
	}
	return NULL;
}

static void look(int sig)
{
	(void)sig;	/* that it comes ends a wait */
}

static int loop(struct fuse_session *se)
{
	struct fuse_loop_config *config = fuse_loop_cfg_create();
	int err;

	if (!config)
		return -ENOMEM;
	fuse_loop_cfg_set_max_threads(config, THREADS);
	fuse_loop_cfg_set_idle_threads(config, THREADS);
	err = fuse_session_loop_mt(se, config);
	fuse_loop_cfg_destroy(config);
	return err;
}

/**
 * session_run() - Serve a session that is mounted, until its end
 * @se:		session
 * @mountpoint:	where it is mounted
 *
 * SIGINT, SIGTERM and SIGHUP, which end it, must be blocked. Nothing is mounted
 * afterwards.
 *
 * Return: 0 or a negative errno
 */
int session_run(struct fuse_session *se, const char *mountpoint)
{
	struct stopper s = {
		.se = se,
		.mountpoint = mountpoint,
		.main = pthread_self(),
	};
	const struct sigaction action = { .sa_handler = look };
	pthread_t thread;
	int err;

	sigaction(SIGNAL_LOOK, &action, NULL);
	sigemptyset(&s.signals);
	sigaddset(&s.signals, SIGINT);
	sigaddset(&s.signals, SIGTERM);
	sigaddset(&s.signals, SIGHUP);
	err = -pthread_create(&thread, NULL, stopper_thread, &s);
	if (!err) {
		err = loop(se);
		__atomic_store_n(&s.over, true, __ATOMIC_RELEASE);
		pthread_cancel(thread);
		pthread_join(thread, NULL);
	}
	if (err < 0)
		fuse_session_unmount(se);
	return err < 0 ? err : 0;
}

/**
 * session_init() - Agree with the host's kernel on what it may leave to us
 * @data:	not used
 * @conn:	what it can, and what we want
 *
 * Not wanted: that pages are dropped when a time changes, as only we change it;
 * pipes, as contents come from and go to memory; to clear set-user-id bits, as
 * the host's kernel knows who writes. Nor that it writes back when it likes: it
 * would then take holes where it has not written yet for holes, and tell of a
 * full disk when the file is closed.
 */
void session_init(void *data, struct fuse_conn_info *conn)
{
	(void)data;
	conn->want |= conn->capable &
		      (FUSE_CAP_POSIX_ACL | FUSE_CAP_DONT_MASK |
		       FUSE_CAP_CACHE_SYMLINKS | FUSE_CAP_IOCTL_DIR);
	conn->want &= ~(FUSE_CAP_AUTO_INVAL_DATA | FUSE_CAP_SPLICE_READ |
			FUSE_CAP_SPLICE_WRITE | FUSE_CAP_SPLICE_MOVE |
			FUSE_CAP_HANDLE_KILLPRIV);
}
