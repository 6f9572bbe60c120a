// SPDX-License-Identifier: GPL-2.0
/*
 * backend_pipe.c - The backend of two named pipes, between two processes
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "backend.h"

#define BIG	(12 + 14 + 65535)
#define FRAMES	2000

static char dir[] = "/tmp/lkl-pipe-XXXXXX";
static char ab[64], ba[64];
static char frame[BIG + 100], got[BIG + 100];

/**
 * fill() - Make a frame whose bytes follow from its number
 * @nr:		number
 *
 * Return: its length, from 26 bytes to BIG
 */
static size_t fill(unsigned int nr)
{
	size_t len = 26 + nr * 7919u % (BIG - 26 + 1);

	for (size_t i = 0; i < len; i++)
		frame[i] = nr + i * 31 + (i >> 8);
	return len;
}

/** tx_wait() - Send a frame, offering it again while the pipe is full */
static ssize_t tx_wait(struct lkl_netdev *nd, size_t len)
{
	struct pollfd pfd = { .fd = nd->tx_fd, .events = POLLOUT };
	ssize_t ret = tx(nd, frame, len);

	while (ret == -EAGAIN && poll(&pfd, 1, SOON) > 0)
		ret = tx(nd, frame, len);
	return ret;
}

static struct lkl_netdev *open_end(const char *fifos)
{
	struct lkl_netdev *nd = lkl_netdev_pipe_create(fifos, 0);

	if (!nd)
		printf("# %s\n", lkl_netdev_error());
	must(nd);
	return nd;
}

/** sender() - Child: send FRAMES frames of all sizes */
static pid_t sender(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct lkl_netdev *nd = open_end(ba);

		for (unsigned int nr = 0; nr < FRAMES; nr++)
			if (tx_wait(nd, fill(nr)) < 0)
				_exit(1);
		/* Who sees the sender gone may have frames to read still. */
		nd->ops->free(nd);
		_exit(0);
	}
	return pid;
}

/** test_errors() - What cannot be made */
static void test_errors(void)
{
	char both[160];

	refused(lkl_netdev_pipe_create(NULL, 0), "RX|TX");
	refused(lkl_netdev_pipe_create("one", 0), "'one'");
	refused(lkl_netdev_pipe_create("a|", 0), "'a|'");
	refused(lkl_netdev_pipe_create("|b", 0), "'|b'");
	refused(lkl_netdev_pipe_create("a|b|c", 0), "'a|b|c'");
	refused(lkl_netdev_pipe_create("a|a", 0), "two fifos");
	refused(lkl_netdev_pipe_create("/nonexistent/a|/nonexistent/b", 0),
		"/nonexistent/a");
	snprintf(both, sizeof(both), "%s|%s/x", "/dev/null", dir);
	refused(lkl_netdev_pipe_create(both, 0), "not a fifo");
}

/** test_pair() - Frames of all sizes arrive in order, and back */
static void test_pair(void)
{
	struct lkl_netdev *nd = open_end(ab);
	pid_t pid = sender();
	unsigned int nr = 0, bad = 0;
	int status;

	ok(nd->vnet_hdr && nd->fd != nd->tx_fd, "a backend with header");
	while (nr < FRAMES) {
		ssize_t len = rx_within(nd, got, sizeof(got), SOON);

		if (len < 0)
			break;
		if ((size_t)len != fill(nr) || memcmp(got, frame, len))
			bad++;
		nr++;
	}
	ok(nr == FRAMES && !bad, "%d frames of 26 to %d bytes: %u, %u bad",
	   FRAMES, BIG, nr, bad);
	waitpid(pid, &status, 0);
	ok(!status, "the sender is content");
	nd->ops->free(nd);
}

/** test_alone() - Without a reader frames are lost and nothing blocks */
static void test_alone(void)
{
	struct lkl_netdev *nd = open_end(ab), *peer;
	unsigned int sent = 0;

	for (unsigned int nr = 0; nr < 500; nr++)
		sent += tx(nd, frame, fill(nr)) > 0;
	ok(sent == 500, "nobody reads: 500 frames are lost quietly");
	refused(lkl_netdev_pipe_create(ab, 0), "another program reads");
	peer = open_end(ba);
	ok(rx(peer, got, sizeof(got)) == -EAGAIN,
	   "a new reader does not see old frames");
	tx(nd, frame, fill(7));
	ok(rx(peer, got, sizeof(got)) == (ssize_t)fill(7) &&
	   !memcmp(got, frame, fill(7)), "but new ones");
	peer->ops->free(peer);
	nd->ops->free(nd);
}

/** test_full() - With a reader a full pipe says so, and loses nothing */
static void test_full(void)
{
	struct lkl_netdev *nd = open_end(ab), *peer = open_end(ba);
	struct pollfd pfd = { .fd = nd->tx_fd, .events = POLLOUT };
	unsigned int sent = 0, read = 0, bad = 0;
	ssize_t len;

	/* The smallest pipe: even one frame does not fit. */
	must(fcntl(nd->tx_fd, F_SETPIPE_SZ, 4096) > 0);
	len = BIG;
	memset(frame, 'x', len);
	ok(tx(nd, frame, len) == -EAGAIN && !poll(&pfd, 1, 0),
	   "the pipe is full");
	while (sent < 3) {
		if (rx(peer, got, sizeof(got)) == len) {
			bad += memcmp(got, frame, len) != 0;
			read++;
		}
		sent += tx(nd, frame, len) == len;
	}
	while (rx(peer, got, sizeof(got)) == len)
		read++;
	ok(read == 3 && !bad, "a frame larger than the pipe goes through");

	must(tx(nd, frame, len) == -EAGAIN);
	memset(frame, 'y', len);
	while (tx(nd, frame, len) == -EAGAIN)
		if (rx(peer, got, sizeof(got)) == len)
			break;
	ok(got[0] == 'x' && got[len - 1] == 'x',
	   "a frame begun is not mixed with another");
	peer->ops->free(peer);
	nd->ops->free(nd);
}

/** test_restart() - A peer that dies in the middle of a frame does no harm */
static void test_restart(void)
{
	struct lkl_netdev *nd = open_end(ab), *peer = open_end(ba);
	ssize_t len = BIG;

	must(fcntl(peer->tx_fd, F_SETPIPE_SZ, 4 * 4096) > 0);
	memset(frame, 'a', len);
	must(tx(peer, frame, len) == -EAGAIN);
	peer->ops->free(peer);

	peer = open_end(ba);
	memset(frame, 'b', 100);
	ok(rx(nd, got, sizeof(got)) == -EAGAIN, "half a frame is none");
	ok(tx(peer, frame, 100) == 100 && rx(nd, got, sizeof(got)) == 100 &&
	   !memcmp(got, frame, 100), "the next writer's frame is whole");

	/* Now the reader: the writer goes on where it was. */
	must(fcntl(peer->tx_fd, F_SETPIPE_SZ, 4 * 4096) > 0);
	memset(frame, 'c', len);
	must(tx(peer, frame, len) == -EAGAIN);
	nd->ops->free(nd);
	nd = open_end(ab);
	must(fcntl(peer->tx_fd, F_SETPIPE_SZ, 1 << 20) > 0);
	ok(tx(peer, frame, len) == len &&
	   rx(nd, got, sizeof(got)) == -EAGAIN,
	   "a new reader ignores the end of a frame");
	memset(frame, 'd', len);
	ok(tx(peer, frame, len) == len &&
	   rx(nd, got, sizeof(got)) == len && !memcmp(got, frame, len),
	   "and gets the next one");
	peer->ops->free(peer);
	nd->ops->free(nd);
}

/** test_garbage() - What another program writes is ignored */
static void test_garbage(void)
{
	struct lkl_netdev *nd = open_end(ab), *peer;
	struct iovec small = { got, 20 };
	int fd = open(strchr(ba, '|') + 1, O_WRONLY | O_NONBLOCK);

	for (int i = 0; i < 100; i++)
		must(write(fd, "no frame at all, just noise", i % 27 + 1) > 0);
	close(fd);
	ok(rx(nd, got, sizeof(got)) == -EAGAIN, "noise is ignored");
	nd->ops->free(nd);
	nd = open_end(ab);
	peer = open_end(ba);
	memset(frame, 'e', 1000);
	must(tx(peer, frame, 1000) == 1000);
	ok(nd->ops->rx(nd, &small, 1) == 20 &&
	   rx(nd, got, sizeof(got)) == -EAGAIN,
	   "a frame longer than the buffer is cut");
	ok(tx(peer, frame, BIG + 100) == -EMSGSIZE, "frames have a limit");
	peer->ops->free(peer);
	nd->ops->free(nd);
}

int main(void)
{
	must(mkdtemp(dir));
	snprintf(ab, sizeof(ab), "%s/a|%s/b", dir, dir);
	snprintf(ba, sizeof(ba), "%s/b|%s/a", dir, dir);
	test_errors();
	test_pair();
	test_alone();
	test_full();
	test_restart();
	test_garbage();
	*strchr(ab, '|') = '\0';
	*strchr(ba, '|') = '\0';
	unlink(ab);
	unlink(ba);
	rmdir(dir);
	return tap_done();
}
