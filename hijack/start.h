/* SPDX-License-Identifier: GPL-2.0 */
/*
 * start.h - Settings and the state of the LKL kernel
 */
#ifndef HIJACK_START_H
#define HIJACK_START_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

const char *setting_nameserver(void);
unsigned int setting_linger(void);
bool setting_has_slirp(void);
unsigned int setting_mode(void);
bool setting_follows_exec(void);
bool setting_shares_kernel(void);
void dump_files(void);
void flush_capture(void);
void finish_interfaces(unsigned int ms);

#pragma GCC visibility pop

#endif /* HIJACK_START_H */
