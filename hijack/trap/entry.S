/* SPDX-License-Identifier: GPL-2.0 */
/*
 * entry.S - Between the program and us: FS and GS change hands
 *
 * While the program runs FS is its own thread pointer, and GS base points to
 * our struct trap_thread. While we run FS is our libc's, and GS base is 0; so
 * are both in threads of ours, which inherit it. call.c has the whole story.
 *
 * Between the first and the last instruction here all signals are blocked.
 */
#include "trap.h"

	.text

/*
 * trap_entry() - Handler of every signal that the program or we have one for
 *
 * On our own stack, the thread's alternate one.
 */
	.globl	trap_entry
	.hidden	trap_entry
	.type	trap_entry, @function
trap_entry:
	rdgsbase %rax
	test	%rax, %rax
	jz	trap_in_ours
	rdfsbase %rcx
	mov	%rcx, TRAP_PROGRAM_FS(%rax)
	mov	TRAP_HOST_FS(%rax), %rcx
	wrfsbase %rcx
	xor	%ecx, %ecx
	wrgsbase %rcx
	push	%rax
	mov	%rax, %rcx
	call	trap_in_program
	pop	%rax
	mov	TRAP_PROGRAM_FS(%rax), %rcx
	wrfsbase %rcx
	wrgsbase %rax
	ret
	.size	trap_entry, . - trap_entry

/* trap_restorer() - What trap_entry() returns to */
	.globl	trap_restorer
	.hidden	trap_restorer
	.type	trap_restorer, @function
trap_restorer:
	mov	$15, %eax
	syscall
	.size	trap_restorer, . - trap_restorer

/* trap_enter(uc, self) - Go on in the program, with this context */
	.globl	trap_enter
	.hidden	trap_enter
	.type	trap_enter, @function
trap_enter:
	mov	TRAP_PROGRAM_FS(%rsi), %rcx
	wrfsbase %rcx
	wrgsbase %rsi
	mov	%rdi, %rsp
	jmp	trap_restorer
	.size	trap_enter, . - trap_enter

/*
 * trap_interruptible(nr, args, deferred) - Make a call of the host, unless a
 * signal has been deferred
 *
 * A signal that comes between the check and the instruction, or makes Linux
 * restart the call, finds the instruction pointer here and moves it.
 */
	.globl	trap_interruptible
	.hidden	trap_interruptible
	.type	trap_interruptible, @function
trap_interruptible:
	mov	%rdi, %rax
	mov	%rsi, %rcx
	mov	%rdx, %r11
	mov	0(%rcx), %rdi
	mov	8(%rcx), %rsi
	mov	16(%rcx), %rdx
	mov	24(%rcx), %r10
	mov	32(%rcx), %r8
	mov	40(%rcx), %r9
	.globl	trap_check, trap_insn, trap_interrupted
	.hidden	trap_check, trap_insn, trap_interrupted
trap_check:
	cmpl	$0, (%r11)
	jne	trap_interrupted
trap_insn:
	syscall
	ret
trap_interrupted:
	mov	$-512, %rax
	ret
	.size	trap_interruptible, . - trap_interruptible

	.section .note.GNU-stack, "", @progbits
