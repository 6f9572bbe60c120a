// SPDX-License-Identifier: GPL-2.0
/*
 * scratch.c - Memory for the length of a call
 *
 * poll() and select() may be called in a signal handler that has interrupted
 * malloc(). So what is too big for the stack is mapped. The biggest mapping so
 * far that nobody uses is kept: pages cost more than the rest of the call.
 */
#include "scratch.h"

/* At the beginning of each mapping; keeps what follows aligned. */
struct scratch {
	size_t size;
	size_t reserved;
};

static struct scratch *spare;

static void unmap(struct scratch *s)
{
	if (s)
		RAW(SYS_munmap, s, s->size);
}

/**
 * scratch_take() - Get memory
 * @size:	bytes
 *
 * Return: the memory, its contents are arbitrary; NULL if there is none
 */
void *scratch_take(size_t size)
{
	struct scratch *s = __atomic_exchange_n(&spare, NULL, __ATOMIC_ACQUIRE);
	long mem;

	size += sizeof(*s);
	if (s && s->size >= size)
		return s + 1;
	unmap(s);
	mem = RAW(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem < 0)
		return NULL;
	s = (struct scratch *)mem;
	s->size = size;
	return s + 1;
}

/**
 * scratch_give() - Give memory back
 * @mem:	from scratch_take(), or NULL
 */
void scratch_give(void *mem)
{
	struct scratch *s = (struct scratch *)mem - 1, *none = NULL;

	if (mem && !__atomic_compare_exchange_n(&spare, &none, s, false,
						__ATOMIC_RELEASE,
						__ATOMIC_RELAXED))
		unmap(s);
}
