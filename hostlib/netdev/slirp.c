// SPDX-License-Identifier: GPL-2.0
/*
 * slirp.c - Network backend: a network in user space, needs no privilege
 *
 * Theory of operation
 * -------------------
 * libslirp is a router that turns what the guest sends into calls on ordinary
 * sockets. It runs in a host thread of its own, which is the only one that
 * calls it, and never calls the LKL kernel. Frames travel between the two
 * through a pair of sockets, one message a frame (slirp_loop.c is the thread):
 *
 *   device -- nd.fd (never blocks) ==== loop.fd -- thread: libslirp -- sockets
 *
 * The thread may block when it writes a frame: the device reads whatever its
 * own sending does, so this cannot lock up, and the pressure reaches the
 * senders through libslirp's sockets instead of being frames lost.
 *
 * When the kernel moves to another process the thread stands still, and the copy
 * gets one of its own (posix/move.c). Whoever waits for that drives the kernel
 * meanwhile, or the thread could block.
 *
 * To end, free() shuts the pair down: reads of the thread give 0, and a write
 * that blocks fails. Before, finish() shuts the half down that the device
 * writes to: the thread takes the frames that are left, and ends when libslirp
 * has given all to the host.
 *
 * The network: the guest is 10.0.2.15/24 by DHCP, the host 10.0.2.2 (also its
 * loopback), DNS 10.0.2.3; fec0::/64 by router advertisement, host fec0::2,
 * DNS fec0::3. Forwarded ports go to 10.0.2.15.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <lkl_net.h>
#include "fdio.h"
#include "posix/fds.h"
#include "posix/host.h"
#include "slirp_forward.h"
#include "slirp_loop.h"

#define MTU		1500
#define THREAD_STACK	(256 << 10)

/* Frames on their way, per direction; the host may grant less. */
#define SOCKET_BUFFER	(1 << 20)

/* Descriptors that can be polled before the list must grow. */
#define POLL_ROOM	16

/**
 * struct slirp_netdev - The backend
 * @nd:		what the device sees
 * @thread:	the thread, 0: not started
 * @loop:	what it works on
 * @mover:	what becomes of it when the kernel moves
 */
struct slirp_netdev {
	struct lkl_netdev nd;
	pthread_t thread;
	struct slirp_loop loop;
	struct host_mover mover;
};

/**
 * slirp_free() - End the thread, close everything, release the backend
 */
static void slirp_free(struct lkl_netdev *nd)
{
	struct slirp_netdev *s = (struct slirp_netdev *)nd;

	if (s->thread) {
		shutdown(nd->fd, SHUT_RDWR);
		pthread_join(s->thread, NULL);
	}
	if (s->loop.slirp)
		slirp_lib.cleanup(s->loop.slirp);
	host_mover_del(&s->mover);
	host_fd_drop(s->loop.fd);
	host_fd_drop(nd->fd);
	free(s->loop.fds);
	free(s);
}

/**
 * slirp_finish() - The guest sends no more: wait for the thread
 */
static void slirp_finish(struct lkl_netdev *nd, const struct timespec *until)
{
	struct slirp_netdev *s = (struct slirp_netdev *)nd;

	__atomic_store_n(&s->loop.finish, 1, __ATOMIC_RELEASE);
	shutdown(nd->fd, SHUT_WR);
	if (!pthread_clockjoin_np(s->thread, NULL, CLOCK_MONOTONIC, until))
		s->thread = 0;
}

static const struct netdev_ops slirp_ops = {
	.rx = fdio_rx,
	.tx = fdio_tx,
	.finish = slirp_finish,
	.free = slirp_free,
};

/**
 * open_pair() - Connect the device and the thread
 * @s:	backend
 *
 * Return: 0 or a negative errno
 */
static int open_pair(struct slirp_netdev *s)
{
	int size = SOCKET_BUFFER;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 2; i++)
		setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	s->nd.fd = s->nd.tx_fd = host_fd_keep(pair[0]);
	s->loop.fd = host_fd_keep(pair[1]);
	return s->nd.fd < 0 ? s->nd.fd : s->loop.fd < 0 ? s->loop.fd : 0;
}

/**
 * start_network() - Make libslirp's router
 * @s:	backend
 *
 * Return: false: it cannot be made
 */
static bool start_network(struct slirp_netdev *s)
{
	SlirpConfig config = {
		.version = 4,
		.in_enabled = true,
		.in6_enabled = true,
		.vprefix_len = 64,
		.if_mtu = MTU,
		.if_mru = MTU,
	};

	inet_pton(AF_INET, "10.0.2.0", &config.vnetwork);
	inet_pton(AF_INET, "255.255.255.0", &config.vnetmask);
	inet_pton(AF_INET, "10.0.2.2", &config.vhost);
	inet_pton(AF_INET, "10.0.2.3", &config.vnameserver);
	inet_pton(AF_INET, "10.0.2.15", &config.vdhcp_start);
	inet_pton(AF_INET6, "fec0::", &config.vprefix_addr6);
	inet_pton(AF_INET6, "fec0::2", &config.vhost6);
	inet_pton(AF_INET6, "fec0::3", &config.vnameserver6);
	s->loop.slirp = slirp_lib.new(&config, &slirp_loop_callbacks, &s->loop);
	return s->loop.slirp;
}

/**
 * add_forward() - Forward a port of the host's loopback; a forward_fn
 * @opaque:	backend
 * @fwd:	what to forward
 *
 * Return: 0 or a positive errno
 */
static int add_forward(void *opaque, const struct forward *fwd)
{
	struct slirp_netdev *s = opaque;
	struct in_addr loopback = { htonl(INADDR_LOOPBACK) };
	struct in_addr guest = { 0 };

	if (slirp_lib.add_hostfwd(s->loop.slirp, fwd->udp, loopback,
				  fwd->host_port, guest, fwd->guest_port))
		return errno;
	return 0;
}

/**
 * start_thread() - Start the thread, all signals blocked
 * @s:	backend
 *
 * Return: 0 or a positive errno
 */
static int start_thread(struct slirp_netdev *s)
{
	pthread_attr_t attr;
	sigset_t all;
	int err;

	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, THREAD_STACK);
	err = pthread_attr_setsigmask_np(&attr, &all);
	if (!err)
		err = pthread_create(&s->thread, &attr, slirp_loop_run,
				     &s->loop);
	if (err)
		s->thread = 0;
	pthread_attr_destroy(&attr);
	return err;
}

static struct slirp_loop *loop_of(struct host_mover *m)
{
	return &container_of(m, struct slirp_netdev, mover)->loop;
}

static void hold(struct host_mover *m)
{
	pthread_mutex_lock(&loop_of(m)->lock);
}

static void release(struct host_mover *m)
{
	pthread_mutex_unlock(&loop_of(m)->lock);
}

static void restart(struct host_mover *m)
{
	pthread_mutex_init(&loop_of(m)->lock, NULL);
	start_thread(container_of(m, struct slirp_netdev, mover));
}

/**
 * start() - Bring a new backend to life
 * @s:		backend
 * @forwards:	list of ports
 *
 * Return: false: see lkl_netdev_error()
 */
static bool start(struct slirp_netdev *s, const char *forwards)
{
	int err = open_pair(s);

	if (err) {
		netdev_fail("slirp: socket pair: %s", strerror(-err));
		return false;
	}
	if (!start_network(s)) {
		netdev_fail("slirp: libslirp does not start");
		return false;
	}
	if (!forward_each(forwards, add_forward, s))
		return false;
	err = start_thread(s);
	if (!err)
		host_mover_add(&s->mover);
	else
		netdev_fail("slirp: thread: %s", strerror(err));
	return !err;
}

/**
 * lkl_netdev_slirp_create() - Make a backend of a user-mode network
 * @forwards:	ports to forward, "tcp:HOSTPORT:GUESTPORT,udp:...", listened on
 *		at 127.0.0.1; NULL or "" for none
 *
 * Return: the backend, or NULL: see lkl_netdev_error()
 */
struct lkl_netdev *lkl_netdev_slirp_create(const char *forwards)
{
	struct slirp_netdev *s;

	if (!slirp_load())
		return NULL;
	s = calloc(1, sizeof(*s));
	if (!s)
		return netdev_fail("slirp: out of memory");
	s->nd.ops = &slirp_ops;
	s->nd.fd = -1;
	s->nd.id = -1;
	s->loop.fd = -1;
	s->loop.room = POLL_ROOM;
	pthread_mutex_init(&s->loop.lock, NULL);
	s->mover = (struct host_mover){
		.hold = hold, .release = release, .restart = restart,
		.early = true,
	};
	s->loop.fds = calloc(POLL_ROOM, sizeof(*s->loop.fds));
	if (!s->loop.fds) {
		free(s);
		return netdev_fail("slirp: out of memory");
	}
	if (!start(s, forwards)) {
		slirp_free(&s->nd);
		return NULL;
	}
	return &s->nd;
}
