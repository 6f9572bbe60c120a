// SPDX-License-Identifier: GPL-2.0
/*
 * aio.c - Asynchronous input and output on sockets, beside files
 */
#include <aio.h>
#include <fcntl.h>
#include <signal.h>

#include "net.h"

static const struct timespec moment = { 0, 30000000 }, patience = { 30, 0 };

static struct aiocb asks(int fd, void *buf, size_t n, int op)
{
	return (struct aiocb){
		.aio_fildes = fd, .aio_buf = buf, .aio_nbytes = n,
		.aio_lio_opcode = op,
		.aio_sigevent.sigev_notify = SIGEV_NONE,
	};
}

static int wait_for(struct aiocb *cb)
{
	const struct aiocb *list[] = { NULL, cb };

	return aio_suspend(list, 2, &patience);
}

static void one(int fds[2])
{
	char buf[16] = "", sent[] = "there";
	struct aiocb in = asks(fds[0], buf, 5, 0);
	struct aiocb out = asks(fds[0], sent, 5, 0);
	const struct aiocb *list[] = { &in };

	ok(!aio_read(&in) && aio_error(&in) == EINPROGRESS, "aio_read()");
	ok(aio_suspend(list, 1, &moment) == -1 && errno == EAGAIN,
	   "is not done at once");
	ok(aio_cancel(fds[0], &in) == AIO_NOTCANCELED, "nor taken back");
	must(write(fds[1], "hello", 5) == 5);
	ok(!wait_for(&in) && aio_error(&in) == 0 && aio_return(&in) == 5 &&
	   !strcmp(buf, "hello"), "but when something comes");
	ok(!aio_write(&out) && !wait_for(&out) && aio_return(&out) == 5 &&
	   read(fds[1], buf, 16) == 5 && !memcmp(buf, "there", 5),
	   "aio_write()");
	ok(!aio_fsync(O_SYNC, &in) && !wait_for(&in) &&
	   aio_error(&in) == EINVAL, "aio_fsync()");
	ok(aio_cancel(fds[0], NULL) == AIO_ALLDONE, "nothing is left");
}

static void several(int fds[2])
{
	char one[4] = "", two[4] = "", three[4] = "";
	struct aiocb a = asks(fds[0], one, 3, 0), b = asks(fds[0], two, 3, 0);
	struct aiocb c = asks(fds[0], three, 3, 0);

	must(!aio_read(&a) && !aio_read(&b) && !aio_read(&c));
	usleep(50000);
	ok(aio_cancel(fds[0], &b) == AIO_CANCELED &&
	   aio_error(&b) == ECANCELED && aio_return(&b) == -1,
	   "one that has not begun is cancelled");
	must(write(fds[1], "abcdef", 6) == 6);
	ok(!wait_for(&a) && !wait_for(&c) && !strcmp(one, "abc") &&
	   !strcmp(three, "def"), "the others come one after the other");
}

static void lists(int fds[2])
{
	char first[] = "abc", buf[4] = "", zeros[4] = "x";
	int file = open("/dev/zero", O_RDONLY);
	struct aiocb out = asks(fds[0], first, 3, LIO_WRITE);
	struct aiocb in = asks(fds[1], buf, 3, LIO_READ);
	struct aiocb zero = asks(file, zeros, 3, LIO_READ);
	struct aiocb nop = asks(-1, NULL, 0, LIO_NOP);
	struct aiocb *all[] = { &out, NULL, &in, &zero, &nop };
	const struct aiocb *both[2];
	struct sigevent sig = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1,
		.sigev_value.sival_int = 5,
	};
	siginfo_t info;
	sigset_t set;

	ok(!lio_listio(LIO_WAIT, all, 5, NULL) && aio_return(&out) == 3 &&
	   aio_return(&in) == 3 && !strcmp(buf, "abc") &&
	   aio_return(&zero) == 3 && !zeros[0],
	   "lio_listio() of sockets and a file");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(!lio_listio(LIO_NOWAIT, all, 5, &sig));
	ok(sigtimedwait(&set, &info, &patience) == SIGUSR1 &&
	   info.si_value.sival_int == 5 && info.si_code == SI_ASYNCIO &&
	   aio_return(&in) == 3, "a signal tells of the end");
	in.aio_sigevent = sig;
	must(!aio_read(&in) && write(fds[0], "abc", 3) == 3);
	ok(sigtimedwait(&set, &info, &patience) == SIGUSR1 &&
	   aio_return(&in) == 3, "of one, too");

	in.aio_sigevent.sigev_notify = SIGEV_NONE;
	must(!aio_read(&in) && !aio_read(&zero));
	both[0] = &in;
	both[1] = &zero;
	ok(!aio_suspend(both, 2, &patience) && aio_error(&zero) == 0 &&
	   aio_error(&in) == EINPROGRESS, "aio_suspend() for one of both");
	close(fds[0]);
	ok(!wait_for(&in) && aio_return(&in) == 0, "the end of a connection");
	out.aio_fildes = fds[1];
	out.aio_reqprio = -1;
	ok(aio_write(&out) == -1 && errno == EINVAL, "bad priority");
}

int main(void)
{
	sigset_t set;
	int fds[2];

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	net_pair(fds);
	one(fds);
	several(fds);
	lists(fds);
	return tap_done();
}
