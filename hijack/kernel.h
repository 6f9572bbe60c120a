/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel.h - Calls into the LKL kernel
 */
#ifndef HIJACK_KERNEL_H
#define HIJACK_KERNEL_H

#include "calls.h"
#include "raw.h"

#include <lkl.h>
#include <lkl_posix.h>

#pragma GCC visibility push(hidden)

/* The calling thread, if its system calls are trapped; see trap/. */
#if defined(__x86_64__)
extern __thread struct trap_thread *trap_self
	__attribute__((tls_model("initial-exec")));
#else
#define trap_self NULL
#endif
void trap_before_lkl(void);

/**
 * lkl_call() - Make a call of the LKL kernel
 * @nr:		number
 * @params:	its six arguments
 *
 * Return: its result, or a negative errno
 */
static inline long lkl_call(long nr, long *params)
{
	if (unlikely(trap_self))
		trap_before_lkl();
	return lkl_syscall(nr, params);
}

/* LKL() - a call of the LKL kernel; its result, or a negative errno. */
#define LKL(nr, ...) lkl_call(nr, (long[6]){ ARGS6(__VA_ARGS__) })

void cancellation_point(void);
long libc_error(long ret);

/**
 * libc_result() - Turn the result of a kernel into that of a libc call
 * @ret:	result or negative errno
 *
 * Return: the result, or -1 with errno set
 */
static inline long libc_result(long ret)
{
	return unlikely((unsigned long)ret > -4096UL) ? libc_error(ret) : ret;
}

int kernel_need(void);
void kernel_for_children(void);
void kernel_keep(void);
bool kernel_usable(void);
bool kernel_is_running(void);
bool process_is_owner(void);
void child_reaped(pid_t pid, int status);
void child_reaped_info(const siginfo_t *info);
long send_result(int lkl_fd, long ret, int flags);

#pragma GCC visibility pop

#endif /* HIJACK_KERNEL_H */
