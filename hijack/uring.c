// SPDX-License-Identifier: GPL-2.0
/*
 * uring.c - There is no io_uring: it would make sockets of the host
 *
 * Its requests are read from memory, by the host's kernel, which knows neither our
 * descriptors nor our network. Programs that can use it can do without: many
 * systems do not allow it. These are liburing's functions, which make system
 * calls with the instruction itself; syscall(2) is in raw_calls.c.
 */
#include "calls.h"

struct io_uring;
struct io_uring_params;

int io_uring_setup(unsigned int entries, struct io_uring_params *p);
int io_uring_queue_init(unsigned int entries, struct io_uring *ring,
			unsigned int flags);
int io_uring_queue_init_params(unsigned int entries, struct io_uring *ring,
			       struct io_uring_params *p);
int io_uring_queue_init_mem(unsigned int entries, struct io_uring *ring,
			    struct io_uring_params *p, void *buf, size_t size);

EXPORT int io_uring_setup(unsigned int entries, struct io_uring_params *p)
{
	return -ENOSYS;
}

EXPORT int io_uring_queue_init(unsigned int entries, struct io_uring *ring,
			       unsigned int flags)
{
	return -ENOSYS;
}

EXPORT int io_uring_queue_init_params(unsigned int entries,
				      struct io_uring *ring,
				      struct io_uring_params *p)
{
	return -ENOSYS;
}

EXPORT int io_uring_queue_init_mem(unsigned int entries, struct io_uring *ring,
				   struct io_uring_params *p, void *buf,
				   size_t size)
{
	return -ENOSYS;
}
