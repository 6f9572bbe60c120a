/* SPDX-License-Identifier: GPL-2.0 */
/*
 * raw.h - System calls of the host, made with the instruction itself
 *
 * For work of our own inside a program: it must neither touch errno, nor
 * be a cancellation point, nor come back to a wrapper of the hijack library.
 */
#ifndef HOSTLIB_RAW_H
#define HOSTLIB_RAW_H

#include <sys/syscall.h>

/**
 * raw_syscall6() - Execute a system call on the host
 * @nr:	number
 * @a:	first argument, and so on to @f
 *
 * Return: the result, or a negative errno
 */
static inline long raw_syscall6(long nr, long a, long b, long c, long d,
				long e, long f)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8),
			   "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#else
#error "raw_syscall6() is not written for this architecture"
#endif
}

/*
 * ARGS6() turns one to six arguments of any scalar type into exactly six
 * longs, padded with zeros.
 */
#define ARGS6_(a, b, c, d, e, f, ...) \
	(long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f)
#define ARGS6(...) ARGS6_(__VA_ARGS__, 0, 0, 0, 0, 0, 0)

/* RAW() - raw_syscall6() with as many arguments as the call has. */
#define RAW(nr, ...) raw_syscall6(nr, ARGS6(__VA_ARGS__))

#endif /* HOSTLIB_RAW_H */
