/* SPDX-License-Identifier: GPL-2.0 */
/* memcpy.S - memcpy, memmove and memset: registers below 64 bytes, then rep */
#include <linux/linkage.h>

	.text
SYM_FUNC_START(memmove)
	movq	%rdi, %rcx
	subq	%rsi, %rcx
	cmpq	%rdx, %rcx
	jae	memcpy			/* destination not inside the source */
	testq	%rcx, %rcx
	jz	.Lmove_done
	movq	%rdi, %rax
	cmpq	$64, %rdx
	jbe	.Lsmall			/* loads all before it stores */
	/* Backwards, 32 bytes at a time, the first 32 bytes last. */
	movq	(%rsi), %r8
	movq	8(%rsi), %r9
	movq	16(%rsi), %r10
	movq	24(%rsi), %r11
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
.Lback:
	movq	-8(%rsi,%rdx), %rbx
	movq	-16(%rsi,%rdx), %rbp
	movq	-24(%rsi,%rdx), %r12
	movq	-32(%rsi,%rdx), %r13
	movq	%rbx, -8(%rdi,%rdx)
	movq	%rbp, -16(%rdi,%rdx)
	movq	%r12, -24(%rdi,%rdx)
	movq	%r13, -32(%rdi,%rdx)
	subq	$32, %rdx
	cmpq	$32, %rdx
	ja	.Lback
	movq	%r8, (%rdi)
	movq	%r9, 8(%rdi)
	movq	%r10, 16(%rdi)
	movq	%r11, 24(%rdi)
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
.Lmove_done:
	movq	%rdi, %rax
	ret
SYM_FUNC_END(memmove)

SYM_FUNC_START(memcpy)
	movq	%rdi, %rax
	cmpq	$64, %rdx
	jbe	.Lsmall
	movq	%rdx, %rcx
	rep movsb
	ret
.Lsmall:
	cmpl	$32, %edx
	ja	.L33
	cmpl	$16, %edx
	jae	.L16
	cmpl	$8, %edx
	jae	.L8
	cmpl	$4, %edx
	jae	.L4
	testl	%edx, %edx
	jz	.L0
	movzbl	(%rsi), %ecx
	cmpl	$1, %edx
	je	.L1
	movzwl	-2(%rsi,%rdx), %r8d
	movw	%r8w, -2(%rdi,%rdx)
.L1:	movb	%cl, (%rdi)
.L0:	ret
.L4:	movl	(%rsi), %ecx
	movl	-4(%rsi,%rdx), %r8d
	movl	%ecx, (%rdi)
	movl	%r8d, -4(%rdi,%rdx)
	ret
.L8:	movq	(%rsi), %rcx
	movq	-8(%rsi,%rdx), %r8
	movq	%rcx, (%rdi)
	movq	%r8, -8(%rdi,%rdx)
	ret
.L16:	movq	(%rsi), %rcx
	movq	8(%rsi), %r8
	movq	-16(%rsi,%rdx), %r9
	movq	-8(%rsi,%rdx), %r10
	movq	%rcx, (%rdi)
	movq	%r8, 8(%rdi)
	movq	%r9, -16(%rdi,%rdx)
	movq	%r10, -8(%rdi,%rdx)
	ret
.L33:	pushq	%rbx
	pushq	%r12
	pushq	%r13
	movq	(%rsi), %rcx
	movq	8(%rsi), %r8
	movq	16(%rsi), %r9
	movq	24(%rsi), %r10
	movq	-32(%rsi,%rdx), %r11
	movq	-24(%rsi,%rdx), %rbx
	movq	-16(%rsi,%rdx), %r12
	movq	-8(%rsi,%rdx), %r13
	movq	%rcx, (%rdi)
	movq	%r8, 8(%rdi)
	movq	%r9, 16(%rdi)
	movq	%r10, 24(%rdi)
	movq	%r11, -32(%rdi,%rdx)
	movq	%rbx, -24(%rdi,%rdx)
	movq	%r12, -16(%rdi,%rdx)
	movq	%r13, -8(%rdi,%rdx)
	popq	%r13
	popq	%r12
	popq	%rbx
	ret
SYM_FUNC_END(memcpy)

SYM_FUNC_START(memset)
	movq	%rdi, %r9
	movzbl	%sil, %eax
	movabsq	$0x0101010101010101, %rcx
	imulq	%rcx, %rax
	cmpq	$64, %rdx
	ja	.Lset_rep
.Lset_8:
	cmpl	$8, %edx
	jb	.Lset_tail
	movq	%rax, (%rdi)
	addq	$8, %rdi
	subl	$8, %edx
	jmp	.Lset_8
.Lset_tail:
	testl	%edx, %edx
	jz	.Lset_done
	movb	%al, (%rdi)
	incq	%rdi
	decl	%edx
	jmp	.Lset_tail
.Lset_rep:
	movq	%rdx, %rcx
	rep stosb
.Lset_done:
	movq	%r9, %rax
	ret
SYM_FUNC_END(memset)

	.section .note.GNU-stack, "", @progbits
