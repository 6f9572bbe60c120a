/* SPDX-License-Identifier: GPL-2.0 */
/*
 * preloadable.h - Does LD_PRELOAD work with a program?
 */
#ifndef EXEC_PRELOADABLE_H
#define EXEC_PRELOADABLE_H

#include <stdbool.h>

const char *preload_problem(const char *path, bool *copied);

#endif /* EXEC_PRELOADABLE_H */
