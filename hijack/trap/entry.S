/* SPDX-License-Identifier: GPL-2.0 */
/*
 * entry.S - Between the program and us: FS and GS change hands
 *
 * While the program runs FS is its own thread pointer, and GS base points to
 * our struct trap_thread. While we run FS is our libc's, and GS base is 0; so
 * are both in threads of ours, which inherit it. call.c has the whole story.
 *
 * Instructions do it (FSGSBASE), or calls of the host where there are none: old
 * and some virtual machines.
 *
 * Between the first and the last instruction here all signals are blocked.
 */
#include "trap.h"

	.text

#define NR_ARCH_PRCTL	158
#define ARCH_SET_GS	0x1001
#define ARCH_SET_FS	0x1002
#define ARCH_GET_FS	0x1003
#define ARCH_GET_GS	0x1004

/* arch_prctl(@code, %rsi) */
	.macro arch_prctl code
	mov	$NR_ARCH_PRCTL, %eax
	mov	$\code, %edi
	syscall
	.endm

/* set_bases() - FS base becomes %rsi, GS base %rbx */
set_bases:
	cmpl	$0, trap_has_fsgsbase(%rip)
	je	1f
	wrfsbase %rsi
	wrgsbase %rbx
	ret
1:	arch_prctl ARCH_SET_FS
	mov	%rbx, %rsi
	arch_prctl ARCH_SET_GS
	ret

/*
 * trap_entry() - Handler of every signal that the program or we have one for
 *
 * On our own stack, the thread's alternate one. liblkl calls it as a function,
 * too, with a fault that is not its own.
 */
	.globl	trap_entry
	.hidden	trap_entry
	.type	trap_entry, @function
trap_entry:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%rdi, %r12
	mov	%rsi, %r13
	mov	%rdx, %r14
	sub	$8, %rsp
	cmpl	$0, trap_has_fsgsbase(%rip)
	je	1f
	rdgsbase %rbx
	rdfsbase %r15
	jmp	2f
1:	mov	%rsp, %rsi
	arch_prctl ARCH_GET_GS
	mov	(%rsp), %rbx
	mov	%rsp, %rsi
	arch_prctl ARCH_GET_FS
	mov	(%rsp), %r15
2:	test	%rbx, %rbx
	jz	3f
	mov	%rbx, %rbp
	mov	%r15, TRAP_PROGRAM_FS(%rbp)
	mov	TRAP_HOST_FS(%rbp), %rsi
	xor	%ebx, %ebx
	call	set_bases
	mov	%r12, %rdi
	mov	%r13, %rsi
	mov	%r14, %rdx
	mov	%rbp, %rcx
	call	trap_in_program
	mov	TRAP_PROGRAM_FS(%rbp), %rsi
	mov	%rbp, %rbx
	call	set_bases
	jmp	4f
3:	mov	%r12, %rdi
	mov	%r13, %rsi
	mov	%r14, %rdx
	call	trap_in_ours
4:	add	$8, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
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
	mov	%rdi, %r12
	mov	%rsi, %rbx
	mov	TRAP_PROGRAM_FS(%rbx), %rsi
	call	set_bases
	mov	%r12, %rsp
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
