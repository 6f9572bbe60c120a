/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef _UAPI_ASM_LKL_PTRACE_H
#define _UAPI_ASM_LKL_PTRACE_H

/* No registers of the application are ever saved: a call is a function call. */
struct user_pt_regs {
	unsigned long args[6];
};

#endif
