/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fds.h - Host descriptors of our own, out of the program's way
 */
#ifndef HOSTLIB_FDS_H
#define HOSTLIB_FDS_H

#include <stdbool.h>

extern __thread int host_fd_heirloom;

int host_fd_keep(int fd);
void host_fd_drop(int fd);
void host_fd_register(int fd);
void host_fd_unregister(int fd);
bool host_fd_is_above(int fd);
void host_fds_forked(void);
void host_fds_hold(void);
void host_fds_release(void);

#endif /* HOSTLIB_FDS_H */
