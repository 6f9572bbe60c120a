/* SPDX-License-Identifier: GPL-2.0 */
/* copy-user.S - Copies that may fault on one side, and tell how much is left */
#include <linux/linkage.h>
#include <asm/asm.h>

/* From this length on others may have the CPU first. */
#define LONG	4096

	.text
/*
 * unsigned long lkl_copy_user(void *to, const void *from, unsigned long n)
 *
 * Returns the number of bytes that were not copied.
 */
SYM_FUNC_START(lkl_copy_user)
	movq	%rdx, %rcx
	cmpq	$64, %rdx
	jbe	2f
	cmpq	$LONG, %rdx
	jae	10f
1:	rep movsb
9:	movq	%rcx, %rax
	ret
	/* Short: words, then bytes; nothing is lost when one of them faults. */
2:	cmpq	$8, %rcx
	jb	5f
3:	movq	(%rsi), %rax
4:	movq	%rax, (%rdi)
	addq	$8, %rsi
	addq	$8, %rdi
	subq	$8, %rcx
	jmp	2b
5:	testq	%rcx, %rcx
	jz	9b
6:	movb	(%rsi), %al
7:	movb	%al, (%rdi)
	incq	%rsi
	incq	%rdi
	decq	%rcx
	jmp	5b
	/* A word faulted: get out what lies before the bad page. */
8:	jmp	5b
10:	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	call	lkl_copy_resched
	popq	%rcx
	popq	%rsi
	popq	%rdi
	jmp	1b
	_ASM_EXTABLE(1b, 9b)
	_ASM_EXTABLE(3b, 8b)
	_ASM_EXTABLE(4b, 8b)
	_ASM_EXTABLE(6b, 9b)
	_ASM_EXTABLE(7b, 9b)
SYM_FUNC_END(lkl_copy_user)

/* unsigned long lkl_clear_user(void *to, unsigned long n) */
SYM_FUNC_START(lkl_clear_user)
	movq	%rsi, %rcx
	xorl	%eax, %eax
1:	rep stosb
2:	movq	%rcx, %rax
	ret
	_ASM_EXTABLE(1b, 2b)
SYM_FUNC_END(lkl_clear_user)

	.section .note.GNU-stack, "", @progbits
