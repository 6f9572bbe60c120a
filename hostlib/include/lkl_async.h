/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_async.h - Calls for a program that must not block: its event loop asks,
 * threads of the library call, a descriptor tells when there are results
 *
 * Requests and results go through memory that both sides see, so that a batch
 * of them costs one call of lkl_async_ring() at most, and one read of the
 * descriptor. There is one queue in a process, as there is one kernel; one
 * thread at a time may use it.
 *
 * A request is written to a slot: lkl_async_grow() makes slots of size
 * LKL_ASYNC_SLOT, 256 at a time, numbered from 0. To submit slot N put N + 1
 * in front of the list @submitted of the head (atomically: the library takes
 * the whole list), and call lkl_async_ring() if @awake is 0 afterwards. Requests
 * are begun in the order in which they were put there, but not ended in it.
 *
 * Slots that are done are on the list @completed, the latest first, to be taken
 * as a whole too. When it stops being empty and @notified is 0, the library sets
 * @notified to 1 and makes the descriptor readable. The memory that a request
 * names has to stay until it is done.
 */
#ifndef LKL_ASYNC_H
#define LKL_ASYNC_H

#ifndef LKL_API
#define LKL_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define LKL_ASYNC_SLOT	16384
#define LKL_ASYNC_SLOTS	256

/**
 * struct lkl_async_head - Where both sides meet; all accesses are atomic
 * @submitted:	number of a slot + 1, 0: none
 * @awake:	0: submitting needs lkl_async_ring()
 * @completed:	number of a slot + 1, 0: none
 * @notified:	not 0: the program knows that it has to look at @completed
 */
struct lkl_async_head {
	unsigned int submitted;
	unsigned int awake;
	unsigned int completed;
	unsigned int notified;
};

/*
 * What can be asked for. Results are those of the calls, or a negative errno.
 *
 * SYSCALL	arg[0]: number, then six arguments
 * CALL		arg[0]: a function of at most seven arguments, then these. If it
 *		returns an int only that half of the result counts
 * READ_FILE	arg[0]: path, arg[1]: flags of open(2). The beginning of the file
 *		goes to @data. If there is more, arg[1] is its descriptor
 *		afterwards, else -1; arg[2] is the size that stat tells
 * READ_DIR	arg[0]: path. The same with entries as of getdents64(2)
 * WRITE_FILE	arg[0]: path, arg[1]: flags, arg[2]: mode, arg[3]: contents,
 *		arg[4]: length, arg[5]: not 0: to be on the disk when done
 *		These three: arg[6] is what failed, LKL_ASYNC_IN_*
 * READ		arg[0]: descriptor, arg[1]: buffer, arg[2]: length, arg[3]:
 *		position or -1. Reads again until all is there or the file ends
 * WRITE	The same, writes until all is written
 *
 * For sockets, which may only be used in these ways. They wait without keeping a
 * thread busy:
 *
 * CONNECT	arg[0]: socket, arg[1]: address, arg[2]: its length
 * ACCEPT	arg[0]: socket, arg[1]: array of struct lkl_async_peer, arg[2]:
 *		room there. Result: how many there are, at least 1
 * RECV		arg[0] to arg[5]: as of recvfrom(2)
 * SEND		arg[0] to arg[5]: as of sendto(2); sends all
 * CLOSE	arg[0]: socket. What waits for it ends with -LKL_ECANCELED
 */
enum lkl_async_op {
	LKL_ASYNC_SYSCALL,
	LKL_ASYNC_CALL,
	LKL_ASYNC_READ_FILE,
	LKL_ASYNC_READ_DIR,
	LKL_ASYNC_WRITE_FILE,
	LKL_ASYNC_READ,
	LKL_ASYNC_WRITE,
	LKL_ASYNC_CONNECT,
	LKL_ASYNC_ACCEPT,
	LKL_ASYNC_RECV,
	LKL_ASYNC_SEND,
	LKL_ASYNC_CLOSE,
};

#define LKL_ASYNC_IN_OPEN	0
#define LKL_ASYNC_IN_READ	1
#define LKL_ASYNC_IN_WRITE	2
#define LKL_ASYNC_IN_SYNC	3

/**
 * struct lkl_async_slot - A request, and its result
 * @next:	next slot of a list, as in the head
 * @op:		LKL_ASYNC_*
 * @ret:	result
 * @arg:	what it is about
 * @id:		number of the slot
 * @done:	the library's
 * @data:	room for what arguments point to
 */
struct lkl_async_slot {
	unsigned int next;
	unsigned int op;
	long ret;
	long arg[8];
	unsigned int id;
	unsigned int unused;
	unsigned long done;
	long reserved[4];
	char data[LKL_ASYNC_SLOT - 128];
};

/**
 * struct lkl_async_peer - A connection that was accepted
 * @fd:		its socket, non-blocking
 * @peer:	address of the other side, struct lkl_sockaddr_in or _in6
 * @local:	address of our side
 */
struct lkl_async_peer {
	int fd;
	char peer[28];
	char local[28];
	int unused;
};

/**
 * lkl_async_start() - Begin; the kernel need not run yet
 * @fd:		receives a descriptor of the host that gets readable, a pipe
 *
 * Return: the head, NULL if there is one already, or no memory
 */
LKL_API struct lkl_async_head *lkl_async_start(int *fd);

/** lkl_async_grow() - Return: LKL_ASYNC_SLOTS more slots; NULL: no memory */
LKL_API struct lkl_async_slot *lkl_async_grow(void);

/** lkl_async_ring() - Have what was submitted looked at */
LKL_API void lkl_async_ring(void);

/**
 * lkl_async_wait() - Execute a request that was not submitted, and wait for it
 * @id:	number of its slot; no request for sockets
 *
 * It is executed in a thread of its own, for 30 seconds at most.
 *
 * Return: 0 (the result is in the slot) or a negative errno
 */
LKL_API int lkl_async_wait(unsigned int id);

#ifdef __cplusplus
}
#endif

#endif /* LKL_ASYNC_H */
