/* SPDX-License-Identifier: GPL-2.0 */
/* Plain C: see asm/atomic.h. */
#ifndef _ASM_LKL_CMPXCHG_H
#define _ASM_LKL_CMPXCHG_H

#define arch_xchg(ptr, x)						\
({									\
	__typeof__(ptr) __xp = (ptr);					\
	__typeof__(*(ptr)) __xo = *(volatile __typeof__(*(ptr)) *)__xp;	\
									\
	*(volatile __typeof__(*(ptr)) *)__xp = (x);			\
	__xo;								\
})

#define arch_cmpxchg(ptr, o, n)						\
({									\
	__typeof__(ptr) __cp = (ptr);					\
	__typeof__(*(ptr)) __co = *(volatile __typeof__(*(ptr)) *)__cp;	\
									\
	if (__co == (__typeof__(*(ptr)))(o))				\
		*(volatile __typeof__(*(ptr)) *)__cp =			\
			(__typeof__(*(ptr)))(n);			\
	__co;								\
})

#define arch_cmpxchg_local	arch_cmpxchg
#define arch_cmpxchg64		arch_cmpxchg
#define arch_cmpxchg64_local	arch_cmpxchg

#endif
