/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shell.h - Commands for the shell
 */
#ifndef HIJACK_SHELL_H
#define HIJACK_SHELL_H

#include <stdbool.h>
#include <stdio.h>

#pragma GCC visibility push(hidden)

bool shell_has(const FILE *f);

#pragma GCC visibility pop

#endif /* HIJACK_SHELL_H */
