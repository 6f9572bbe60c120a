/* SPDX-License-Identifier: GPL-2.0 */
/*
 * exec.h - The loader of programs that LD_PRELOAD does not work with
 */
#ifndef HIJACK_EXEC_H
#define HIJACK_EXEC_H

#pragma GCC visibility push(hidden)

#define EXEC_LOADER "lkl-hijack-trap"

void exec_init(void);
const char *exec_library(void);
const char *exec_loader(void);

#pragma GCC visibility pop

#endif /* HIJACK_EXEC_H */
