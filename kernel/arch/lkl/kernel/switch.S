/* SPDX-License-Identifier: GPL-2.0 */
/* switch.S - Leave one stack, go on where another one was left */
#include <linux/linkage.h>

	.text
/*
 * void lkl_switch_stack(unsigned long *save, unsigned long sp)
 *
 * A suspended stack holds the callee-saved registers and a return address. No
 * floating point: the kernel has none, and its control words are callee-saved
 * by agreement of everyone who runs here.
 */
SYM_FUNC_START(lkl_switch_stack)
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
SYM_FUNC_END(lkl_switch_stack)

	.section .note.GNU-stack, "", @progbits
