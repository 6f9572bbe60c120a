// SPDX-License-Identifier: GPL-2.0
/*
 * pipe.c - Network backend: two named pipes between two LKL processes
 *
 * Theory of operation
 * -------------------
 * A frame is written as pieces of at most PIPE_BUF bytes, each one write() to a
 * pipe in packet mode (O_DIRECT, see pipe(2)): such a write happens wholly or
 * not at all, and one read() takes exactly one piece. So what is in the pipe is
 * always a sequence of whole pieces, whoever dies at whatever moment, and a
 * piece says which bytes of a frame of which length it has. The receiver
 * starts anew with every first piece and ignores a piece that does not
 * continue the frame it has begun. Guaranteed is: a frame arrives whole or not
 * at all, and frames stay in order.
 *
 * Both fifos are opened for reading and writing, so that neither side waits
 * for the other and nobody sees an end of file. Who reads a fifo locks its
 * byte LOCK_READER, who writes one LOCK_WRITER, for as long as it lives. By
 * that two programs that were given the same end are told, a new reader may
 * throw away what it finds (frames for its predecessor), and a writer that
 * finds the pipe full knows if anybody will ever read it: if not, the frame is
 * lost, as with an unplugged cable.
 *
 * Frames carry the header of virtio-net. What is in it is between the two
 * kernels: both ends must be given the same offload, or the one with less gets
 * frames that it cannot understand.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/virtio_net.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lkl_net.h>
#include "iov.h"
#include "netdev.h"
#include "posix/fds.h"
#include "posix/raw.h"

#define PIECE_MAGIC	0x4c6b506cu

/* Header and Ethernet, the longest with two tags and the longest IP packet. */
#define FRAME_MIN	(sizeof(struct virtio_net_hdr_v1) + 14)
#define FRAME_MAX	(sizeof(struct virtio_net_hdr_v1) + 22 + 65535)

/* What we ask the host for; unprivileged users get it by default. */
#define PIPE_SIZE	(1 << 20)

enum { LOCK_READER, LOCK_WRITER };

/**
 * struct piece_header - What every piece begins with
 * @magic:	PIECE_MAGIC
 * @len:	length of the whole frame in bytes
 * @at:		where in the frame the bytes of this piece belong
 */
struct piece_header {
	uint32_t magic;
	uint32_t len;
	uint32_t at;
};

#define PIECE_MAX	(PIPE_BUF - sizeof(struct piece_header))

/**
 * struct pipe_netdev - The backend
 * @nd:		what the device sees
 * @rx_len:	length of the frame being received
 * @rx_at:	bytes of it that have arrived, 0: none is being received
 * @tx_len:	length of the frame being sent, 0: none
 * @tx_at:	bytes of it that have been written
 * @rx_frame:	the frame being received, and room for an oversized last piece
 * @tx_frame:	the frame being sent
 */
struct pipe_netdev {
	struct lkl_netdev nd;
	size_t rx_len, rx_at;
	size_t tx_len, tx_at;
	char rx_frame[FRAME_MAX + PIPE_BUF];
	char tx_frame[FRAME_MAX];
};

/**
 * set_lock() - Lock a byte of a fifo, or see who has
 * @fd:		the fifo
 * @cmd:	F_OFD_SETLK or F_OFD_GETLK
 * @byte:	LOCK_READER or LOCK_WRITER
 *
 * Return: 0: it is locked by us now, or nobody has locked it; else not 0
 */
static int set_lock(int fd, int cmd, int byte)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET,
		.l_start = byte, .l_len = 1,
	};
	long ret = RAW(SYS_fcntl, fd, cmd, &lock);

	return ret || (cmd == F_OFD_GETLK && lock.l_type != F_UNLCK);
}

/**
 * take_piece() - Read one piece into the frame being received
 * @p:	backend
 *
 * Return: 1, or a negative errno (-EAGAIN: there is none)
 */
static int take_piece(struct pipe_netdev *p)
{
	struct piece_header head;
	struct iovec iov[] = {
		{ &head, sizeof(head) },
		{ p->rx_frame + p->rx_at, PIECE_MAX },
	};
	ssize_t len = RAW(SYS_readv, p->nd.fd, iov, 2);

	if (len < 0)
		return len;
	len -= sizeof(head);
	if (len <= 0 || head.magic != PIECE_MAGIC || head.len < FRAME_MIN ||
	    head.len > FRAME_MAX) {
		p->rx_at = 0;
		return 1;
	}
	if (head.at == 0 && p->rx_at) {
		memmove(p->rx_frame, p->rx_frame + p->rx_at, len);
		p->rx_at = 0;
	}
	if (head.at == 0)
		p->rx_len = head.len;
	if (head.at == p->rx_at && head.len == p->rx_len &&
	    p->rx_at + len <= p->rx_len)
		p->rx_at += len;
	else
		p->rx_at = 0;
	return 1;
}

/** pipe_rx() - Read one frame; see struct netdev_ops */
static ssize_t pipe_rx(struct lkl_netdev *nd, const struct iovec *iov, int n)
{
	struct pipe_netdev *p = (struct pipe_netdev *)nd;
	int ret;

	do {
		ret = take_piece(p);
		if (ret < 0)
			return ret;
	} while (!p->rx_at || p->rx_at < p->rx_len);
	p->rx_at = 0;
	return iov_scatter(iov, n, p->rx_frame, p->rx_len);
}

/**
 * put_pieces() - Write what is left of the frame being sent
 * @p:	backend
 *
 * Return: 0, or -EAGAIN: the pipe is full and has a reader
 */
static int put_pieces(struct pipe_netdev *p)
{
	while (p->tx_at < p->tx_len) {
		struct piece_header head = { PIECE_MAGIC, p->tx_len, p->tx_at };
		size_t left = p->tx_len - p->tx_at;
		struct iovec iov[] = {
			{ &head, sizeof(head) },
			{ p->tx_frame + p->tx_at,
			  left < PIECE_MAX ? left : PIECE_MAX },
		};

		if (RAW(SYS_writev, p->nd.tx_fd, iov, 2) < 0) {
			if (set_lock(p->nd.tx_fd, F_OFD_GETLK, LOCK_READER))
				return -EAGAIN;
			break;
		}
		p->tx_at += iov[1].iov_len;
	}
	p->tx_len = 0;
	return 0;
}

/**
 * pipe_tx() - Write one frame; see struct netdev_ops
 *
 * After -EAGAIN the device comes back with the same frame, of which some
 * pieces may be in the pipe already: the rest is written, and the frame that
 * is offered counts as sent if it equals that one.
 */
static ssize_t pipe_tx(struct lkl_netdev *nd, const struct iovec *iov, int n)
{
	struct pipe_netdev *p = (struct pipe_netdev *)nd;
	size_t len = iov_length(iov, n), pending = p->tx_len;

	if (len > FRAME_MAX)
		return -EMSGSIZE;
	if (pending && put_pieces(p))
		return -EAGAIN;
	if (pending == len && iov_equal(iov, n, p->tx_frame))
		return len;
	iov_gather(p->tx_frame, iov, n);
	p->tx_len = len;
	p->tx_at = 0;
	if (!put_pieces(p))
		return len;
	if (!p->tx_at)
		p->tx_len = 0;
	return -EAGAIN;
}

/** pipe_free() - Close both fifos, which unlocks them */
static void pipe_free(struct lkl_netdev *nd)
{
	host_fd_drop(nd->fd);
	host_fd_drop(nd->tx_fd);
	free(nd);
}

static const struct netdev_ops pipe_ops = {
	.rx = pipe_rx,
	.tx = pipe_tx,
	.free = pipe_free,
};

/**
 * keep_fifo() - Move the descriptor of a fifo out of the program's way
 * @path:	its path
 * @fd:		descriptor
 *
 * Return: descriptor; negative: see lkl_netdev_error()
 */
static int keep_fifo(const char *path, int fd)
{
	fd = host_fd_keep(fd);
	if (fd < 0)
		netdev_fail("pipe: %s: %s", path, strerror(-fd));
	return fd;
}

/**
 * have_fifo() - Is there a fifo? Make it if nothing is there
 * @path:	its path
 *
 * Return: false: see lkl_netdev_error()
 */
static bool have_fifo(const char *path)
{
	struct stat st;

	if (mkfifo(path, 0600) && errno != EEXIST)
		netdev_fail("pipe: %s: cannot make the fifo: %m", path);
	else if (stat(path, &st))
		netdev_fail("pipe: %s: %m", path);
	else if (!S_ISFIFO(st.st_mode))
		netdev_fail("pipe: %s: not a fifo", path);
	else
		return true;
	return false;
}

/**
 * open_fifo() - Open a fifo, make it if it is missing, and lock our side of it
 * @path:	its path
 * @role:	LOCK_READER or LOCK_WRITER
 *
 * Return: descriptor; negative: see lkl_netdev_error()
 */
static int open_fifo(const char *path, int role)
{
	int fd;

	if (!have_fifo(path))
		return -1;
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		netdev_fail("pipe: %s: %m", path);
		return -1;
	}
	if (set_lock(fd, F_OFD_SETLK, role))
		netdev_fail("pipe: %s: another program %s it already; of two programs one is given A|B and the other B|A",
			    path, role == LOCK_READER ? "reads" : "writes");
	else if (fcntl(fd, F_SETFL, O_NONBLOCK | O_DIRECT))
		netdev_fail("pipe: %s: no packet mode: %m", path);
	else
		return keep_fifo(path, fd);
	close(fd);
	return -1;
}

/**
 * drain() - Throw away what a fifo holds
 * @p:	backend
 */
static void drain(struct pipe_netdev *p)
{
	while (RAW(SYS_read, p->nd.fd, p->rx_frame, sizeof(p->rx_frame)) > 0)
		;
}

/**
 * open_both() - Open the two fifos
 * @p:		backend
 * @fifos:	"rx|tx"
 *
 * Return: false: see lkl_netdev_error()
 */
static bool open_both(struct pipe_netdev *p, const char *fifos)
{
	const char *tx = fifos ? strchr(fifos, '|') : NULL;
	char rx[PATH_MAX];
	size_t len = tx ? tx++ - fifos : 0;

	if (!len || len >= sizeof(rx) || !*tx || strchr(tx, '|') ||
	    (strlen(tx) == len && !strncmp(fifos, tx, len))) {
		netdev_fail("pipe: '%s': expected the paths of two fifos, one to receive and one to send: RX|TX",
			    fifos ? fifos : "");
		return false;
	}
	memcpy(rx, fifos, len);
	rx[len] = '\0';
	p->nd.fd = open_fifo(rx, LOCK_READER);
	if (p->nd.fd < 0)
		return false;
	p->nd.tx_fd = open_fifo(tx, LOCK_WRITER);
	return p->nd.tx_fd >= 0;
}

/**
 * lkl_netdev_pipe_create() - Make a backend of two fifos
 * @fifos:	"rx|tx", paths of the fifo to receive from and of the one to
 *		send to; they are made, for the user alone, if missing
 * @offload:	virtio-net feature bits, the same as the other side's
 *
 * Return: the backend, or NULL: see lkl_netdev_error()
 */
struct lkl_netdev *lkl_netdev_pipe_create(const char *fifos, int offload)
{
	struct pipe_netdev *p = calloc(1, sizeof(*p));

	if (!p)
		return netdev_fail("pipe: out of memory");
	p->nd.ops = &pipe_ops;
	p->nd.fd = -1;
	p->nd.tx_fd = -1;
	p->nd.id = -1;
	p->nd.vnet_hdr = true;
	p->nd.offload = offload;
	if (!open_both(p, fifos)) {
		pipe_free(&p->nd);
		return NULL;
	}
	/* May fail for users who have many pipes: a small one works too. */
	RAW(SYS_fcntl, p->nd.tx_fd, F_SETPIPE_SZ, PIPE_SIZE);
	drain(p);
	return &p->nd;
}
