/* SPDX-License-Identifier: GPL-2.0 */
/*
 * environment.h - What the program, and those that it executes, see of us
 */
#ifndef HIJACK_ENVIRONMENT_H
#define HIJACK_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

bool is_child(void);
void mark_children(void);
void take_limit(void);
void keep_for_children(const char *path);
size_t environment_room(char *const *envp, size_t *text);
void complete_environment(char **to, char *text, char *const *envp);
bool is_for_child(char *const *envp);
void forget_preload(void);
void hide_from_children(void);
void name_process(void);

#pragma GCC visibility pop

#endif /* HIJACK_ENVIRONMENT_H */
