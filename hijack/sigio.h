/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sigio.h - Signals that tell of what happens at an LKL descriptor
 */
#ifndef HIJACK_SIGIO_H
#define HIJACK_SIGIO_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

extern bool sigio_used;

bool sigio_fcntl(int fd, int lkl_fd, int cmd, long arg, long *ret);
bool sigio_ioctl(int fd, int lkl_fd, unsigned long req, void *arg, long *ret);
void sigio_async(int fd, int lkl_fd, bool on);
void sigio_forget(int fd);

#pragma GCC visibility pop

#endif /* HIJACK_SIGIO_H */
