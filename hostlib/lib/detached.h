/* SPDX-License-Identifier: GPL-2.0 */
/*
 * detached.h - File systems of the kernel's own, for a look or a change
 */
#ifndef HOSTLIB_DETACHED_H
#define HOSTLIB_DETACHED_H

int detached_mount(const char *fstype);
long detached_read(int dir, const char *name, char *text, unsigned long size);

#endif /* HOSTLIB_DETACHED_H */
