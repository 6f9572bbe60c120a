/* SPDX-License-Identifier: GPL-2.0 */
/*
 * slirp_loop.h - The thread that runs libslirp
 */
#ifndef NETDEV_SLIRP_LOOP_H
#define NETDEV_SLIRP_LOOP_H

#include "slirp_lib.h"

/* The longest frame that is taken from the guest. */
#define SLIRP_FRAME_MAX	(65535 + 22)

/**
 * struct slirp_loop - What the thread works on
 * @fd:		socket to the device, one message a frame, blocking
 * @slirp:	libslirp's
 * @timers:	list of libslirp's timers
 * @fds:	what to poll, allocated; the first is @fd
 * @count:	how many
 * @room:	how many fit, at least 1
 * @finish:	not 0: when the guest has ended deliver first what it has sent
 * @begun:	the guest's first frame has been waited for
 * @lock:	held but while there is nothing to do
 * @frame:	a frame of the guest
 */
struct slirp_loop {
	int fd;
	Slirp *slirp;
	struct poll_timer *timers;
	struct pollfd *fds;
	int count, room;
	int finish;
	bool begun;
	pthread_mutex_t lock;
	uint8_t frame[SLIRP_FRAME_MAX];
};

/* For slirp_new(), with the loop as opaque. */
extern const SlirpCb slirp_loop_callbacks;

void *slirp_loop_run(void *loop);

#endif /* NETDEV_SLIRP_LOOP_H */
