// SPDX-License-Identifier: GPL-2.0
/*
 * host.c - The way to libc's own functions
 *
 * Theory of operation
 * -------------------
 * Where a call stays on the host it is libc's own function that does it, not
 * the bare system call: libc's is a cancellation point, and some do more than
 * the system call does. The addresses are looked up once, when the library is
 * loaded, into one array that calls.def numbers.
 *
 * Constructors of other libraries may run before ours and call into us; they
 * find an empty slot and fill it (host_resolve()).
 *
 * liblkl.so and the libraries it uses (libslirp, libvdeplug) are in the same
 * process and their calls find our wrappers too. For calls on a descriptor
 * that is harmless: their descriptors are no LKL descriptors. Where a
 * descriptor or a signal handler is *made*, the wrapper asks who calls.
 */
#include <dlfcn.h>
#include <link.h>

#include "calls.h"

void *host_calls[HOST_CALLS];
__thread bool host_stirred;

static const char *const host_names[HOST_CALLS] = {
#define FDX(kind, ret, name, nr, params, args, kargs) #name,
#define SENDX(ret, name, nr, flags, params, args, kargs) #name,
#define AT(ret, name, nr, params, args, kargs) #name,
#define PATH(ret, name, nr, params, args, kargs) #name,
#define BORN(name, params, args) #name,
#define STIRS(name, params, args) #name,
#define OWN(name) #name,
#include "calls.def"
};

/**
 * host_missing() - Stands for a function that this libc does not have
 *
 * Return: -1 with errno ENOSYS
 */
static long host_missing(void)
{
	errno = ENOSYS;
	return -1;
}

/**
 * host_resolve() - Look up libc's own function
 * @id:	number of the call
 *
 * Return: its address, never NULL
 */
void *host_resolve(enum host_call id)
{
	void *fn = dlsym(RTLD_NEXT, host_names[id]);

	if (!fn)
		fn = (void *)host_missing;
	__atomic_store_n(&host_calls[id], fn, __ATOMIC_RELAXED);
	return fn;
}

/** host_resolve_all() - Look up every function of the table */
void host_resolve_all(void)
{
	for (int id = 0; id < HOST_CALLS; id++)
		host_resolve(id);
}

/**
 * caller_name() - Name of the library that an address is in
 * @addr:	return address of a wrapper
 *
 * Return: the name without folders, NULL if there is none
 */
static const char *caller_name(const void *addr)
{
	struct dl_find_object found;
	const char *name;

	if (_dl_find_object((void *)addr, &found) || !found.dlfo_link_map)
		return NULL;
	name = strrchr(found.dlfo_link_map->l_name, '/');
	return name ? name + 1 : found.dlfo_link_map->l_name;
}

/**
 * host_is_caller() - Does an address belong to our own host side?
 * @addr:	return address of a wrapper
 *
 * Return: true if the code there is liblkl's or of a library that serves it
 */
bool host_is_caller(const void *addr)
{
	static const char *const ours[] = {
		"liblkl.so", "libslirp.so", "libvdeplug.so",
	};
	const char *name = caller_name(addr);

	for (size_t i = 0; name && i < ARRAY_SIZE(ours); i++)
		if (!strncmp(name, ours[i], strlen(ours[i])))
			return true;
	return false;
}

/**
 * host_is_slirp() - Does an address belong to libslirp?
 * @addr:	return address of a wrapper
 *
 * Return: true if so
 */
bool host_is_slirp(const void *addr)
{
	const char *name = caller_name(addr);

	return name && !strncmp(name, "libslirp.so", 11);
}
