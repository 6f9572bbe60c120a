/* SPDX-License-Identifier: GPL-2.0 */
/* async.h - What the parts of the queue share */
#ifndef HOSTLIB_ASYNC_H
#define HOSTLIB_ASYNC_H

#include <stdbool.h>

#include <lkl.h>
#include <lkl_async.h>

/* queue.c */
void async_done(struct lkl_async_slot *slot, long ret);

/* file.c */
long async_read_file(struct lkl_async_slot *slot);
long async_read_dir(struct lkl_async_slot *slot);
long async_write_file(struct lkl_async_slot *slot);
long async_read(struct lkl_async_slot *slot);
long async_write(struct lkl_async_slot *slot);

/* socket.c */
void async_socket_begin(struct lkl_async_slot *slot);
void async_socket(struct lkl_async_slot *slot);
bool async_sockets_parked(void);
void async_sockets_wait(int timeout);
void async_wake(void);

static inline int async_is_socket(const struct lkl_async_slot *slot)
{
	return slot->op >= LKL_ASYNC_CONNECT && slot->op <= LKL_ASYNC_CLOSE;
}

#endif /* HOSTLIB_ASYNC_H */
