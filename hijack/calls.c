// SPDX-License-Identifier: GPL-2.0
/*
 * calls.c - The wrappers that are all alike, made from calls.def
 *
 * A wrapper costs a call that stays on the host one load and one predicted
 * branch; the rest is a tail call of libc's function.
 */
#include "fdtab.h"
#include "names.h"

/* PLAIN(), WAITS() - a call by descriptor that went to LKL, by its kind. */
#define PLAIN(nr, ...) libc_result(LKL(nr, __VA_ARGS__))
#define WAITS(nr, ...) \
	({ cancellation_point(); libc_result(LKL(nr, __VA_ARGS__)); })
#define ARGS(...) __VA_ARGS__

#define FDX(kind, ret, name, nr, params, args, kargs)			\
	EXPORT ret name params						\
	{								\
		int entry_ = fdtab_get(fd);				\
									\
		if (likely(entry_ <= 0))				\
			return HOST(name) args;				\
		fd = entry_ - 1;					\
		return kind(nr, ARGS kargs);				\
	}

#define SENDX(ret, name, nr, flags, params, args, kargs)		\
	EXPORT ret name params						\
	{								\
		int entry_ = fdtab_get(fd);				\
									\
		if (likely(entry_ <= 0))				\
			return HOST(name) args;				\
		fd = entry_ - 1;					\
		cancellation_point();					\
		return send_result(fd, LKL(nr, ARGS kargs), flags);	\
	}

#define PATH(ret, name, nr, params, args, kargs)			\
	EXPORT ret name params						\
	{								\
		char own_[NAME_ROOM];					\
									\
		if (likely(!name_is_net(path)))				\
			return HOST(name) args;				\
		path = name_in_kernel(path, own_);			\
		if (!path)						\
			return -1;					\
		return PLAIN(nr, ARGS kargs);				\
	}

#define AT(ret, name, nr, params, args, kargs)				\
	EXPORT ret name params						\
	{								\
		char own_[NAME_ROOM];					\
									\
		if (likely(!name_is_net_at(fd, path)))			\
			return HOST(name) args;				\
		if (!name_in_kernel_at(&fd, &path, own_))		\
			return -1;					\
		return PLAIN(nr, ARGS kargs);				\
	}

#define BORN(name, params, args)					\
	EXPORT int name params						\
	{								\
		return fdtab_born(HOST(name) args);			\
	}

#define STIRS(name, params, args)					\
	EXPORT int name params						\
	{								\
		return HOST(name) args;					\
	}

/* The arguments stay where they are, so this fits every prototype. */
#if defined(__x86_64__)
#define JUMP "jmp "
#else
#define JUMP "b "
#endif
#define ALIAS(new, old)							\
	__asm__(".pushsection .text\n"					\
		".globl " #new "\n"					\
		".type " #new ", @function\n"				\
		#new ": " JUMP #old "\n"				\
		".size " #new ", . - " #new "\n"			\
		".popsection");

#define CHECKED(ret, name, params, overflow, call)			\
	EXPORT ret name params;						\
	EXPORT ret name params						\
	{								\
		if (overflow)						\
			__chk_fail();					\
		return call;						\
	}

#include "calls.def"
