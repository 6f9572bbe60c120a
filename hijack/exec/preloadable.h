/* SPDX-License-Identifier: GPL-2.0 */
/*
 * preloadable.h - Does LD_PRELOAD work with a program?
 */
#ifndef EXEC_PRELOADABLE_H
#define EXEC_PRELOADABLE_H

const char *preload_problem(const char *path);

#endif /* EXEC_PRELOADABLE_H */
