/* SPDX-License-Identifier: GPL-2.0 */
/*
 * environment.h - What the program, and those that it executes, see of us
 */
#ifndef HIJACK_ENVIRONMENT_H
#define HIJACK_ENVIRONMENT_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

bool is_child(void);
void mark_children(void);
void take_limit(void);
void forget_preload(void);
void hide_from_children(void);
void name_process(void);

#pragma GCC visibility pop

#endif /* HIJACK_ENVIRONMENT_H */
