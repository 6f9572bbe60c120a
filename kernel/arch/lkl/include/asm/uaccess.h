/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User memory is the application's memory in the same address space. A bad
 * pointer makes the host raise SIGSEGV; its handler asks lkl_image_fixup()
 * where to go on, so every access here has an exception-table entry.
 *
 * Memory of a guest is far: the host copies it (guest.c).
 */
#ifndef _ASM_LKL_UACCESS_H
#define _ASM_LKL_UACCESS_H

#include <linux/string.h>
#include <asm/asm.h>
#include <asm/extable.h>

#define __access_ok(ptr, size)	((void)(ptr), (void)(size), 1)
#include <asm-generic/access_ok.h>

unsigned long lkl_copy_user(void *to, const void *from, unsigned long n);
unsigned long lkl_clear_user(void *to, unsigned long n);

/* Process id of the host whose memory the current task's user memory is, or 0. */
extern int lkl_far;
unsigned long lkl_far_get(void *to, const void *from, unsigned long n);
unsigned long lkl_far_put(void *to, const void *from, unsigned long n);
unsigned long lkl_far_clear(void *to, unsigned long n);

#define __LKL_GET(insn, reg, x, p, err)					\
	asm volatile("1:	" insn " %2, %" reg "1\n"		\
		     "2:\n" _ASM_EXTABLE_EFAULT(1b, 2b)			\
		     : "+d" (err), "=r" (x) : "m" (*(p)))

#define __LKL_PUT(insn, reg, x, p, err)					\
	asm volatile("1:	" insn " %" reg "1, %2\n"		\
		     "2:\n" _ASM_EXTABLE_EFAULT(1b, 2b)			\
		     : "+d" (err) : "r" (x), "m" (*(p)) : "memory")

struct lkl_any { char c[1]; };

static __always_inline int lkl_get_fn(size_t size, const void __user *from,
				      void *to)
{
	int err = 0;
	u64 q;
	u32 l;
	u16 w;
	u8 b;

	switch (size) {
	case 1:
		__LKL_GET("movb", "b", b, (const u8 *)from, err);
		*(u8 *)to = err ? 0 : b;
		break;
	case 2:
		__LKL_GET("movw", "w", w, (const u16 *)from, err);
		*(u16 *)to = err ? 0 : w;
		break;
	case 4:
		__LKL_GET("movl", "k", l, (const u32 *)from, err);
		*(u32 *)to = err ? 0 : l;
		break;
	default:
		__LKL_GET("movq", "q", q, (const u64 *)from, err);
		*(u64 *)to = err ? 0 : q;
		break;
	}
	return err;
}

static __always_inline int __get_user_fn(size_t size, const void __user *from,
					 void *to)
{
	if (unlikely(lkl_far))
		return lkl_far_get(to, (const void __force *)from, size) ?
		       -EFAULT : 0;
	return lkl_get_fn(size, from, to);
}
#define __get_user_fn __get_user_fn

static __always_inline int lkl_put_fn(size_t size, void __user *to,
				      const void *from)
{
	int err = 0;

	switch (size) {
	case 1:
		__LKL_PUT("movb", "b", *(u8 *)from, (u8 *)to, err);
		break;
	case 2:
		__LKL_PUT("movw", "w", *(u16 *)from, (u16 *)to, err);
		break;
	case 4:
		__LKL_PUT("movl", "k", *(u32 *)from, (u32 *)to, err);
		break;
	default:
		__LKL_PUT("movq", "q", *(u64 *)from, (u64 *)to, err);
		break;
	}
	return err;
}

static __always_inline int __put_user_fn(size_t size, void __user *to,
					 const void *from)
{
	if (unlikely(lkl_far))
		return lkl_far_put((void __force *)to, from, size) ?
		       -EFAULT : 0;
	return lkl_put_fn(size, to, from);
}
#define __put_user_fn __put_user_fn

static __always_inline __must_check unsigned long
raw_copy_from_user(void *to, const void __user *from, unsigned long n)
{
	if (unlikely(lkl_far))
		return lkl_far_get(to, (const void __force *)from, n);
	if (__builtin_constant_p(n) && (n == 8 || n == 4))
		return lkl_get_fn(n, from, to) ? n : 0;
	return lkl_copy_user(to, (const void __force *)from, n);
}

static __always_inline __must_check unsigned long
raw_copy_to_user(void __user *to, const void *from, unsigned long n)
{
	if (unlikely(lkl_far))
		return lkl_far_put((void __force *)to, from, n);
	if (__builtin_constant_p(n) && (n == 8 || n == 4))
		return lkl_put_fn(n, to, from) ? n : 0;
	return lkl_copy_user((void __force *)to, from, n);
}

static inline __must_check unsigned long __clear_user(void __user *to,
						      unsigned long n)
{
	if (unlikely(lkl_far))
		return lkl_far_clear((void __force *)to, n);
	return lkl_clear_user((void __force *)to, n);
}
#define __clear_user __clear_user

#define INLINE_COPY_FROM_USER
#define INLINE_COPY_TO_USER

#define __get_kernel_nofault(dst, src, type, label)			\
do {									\
	if (lkl_get_fn(sizeof(type), (const void __user __force *)(src), dst)) \
		goto label;						\
} while (0)

#define __put_kernel_nofault(dst, src, type, label)			\
do {									\
	if (lkl_put_fn(sizeof(type), (void __user __force *)(dst), src)) \
		goto label;						\
} while (0)

#include <asm-generic/uaccess.h>

#endif
