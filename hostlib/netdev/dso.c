// SPDX-License-Identifier: GPL-2.0
/*
 * dso.c - Libraries that only one backend needs, loaded when it is used
 *
 * Linked in, they and what they use in turn (libslirp: GLib) would be loaded
 * into every hijacked program, and would have to be installed everywhere.
 */
#include <dlfcn.h>
#include <string.h>

#include "dso.h"
#include "netdev.h"

/**
 * dso_load() - Load a library and look up functions; it stays loaded
 * @type:	backend, for the message
 * @lib:	file name of the library
 * @package:	Debian package that has it, for the message
 * @symbols:	functions
 * @n:		number of them
 *
 * Return: false: see lkl_netdev_error()
 */
bool dso_load(const char *type, const char *lib, const char *package,
	      const struct dso_symbol *symbols, int n)
{
	void *handle = dlopen(lib, RTLD_NOW | RTLD_LOCAL);

	if (!handle) {
		netdev_fail("%s: %s; install it: apt-get install %s", type,
			    dlerror(), package);
		return false;
	}
	for (int i = 0; i < n; i++) {
		void *fn = dlsym(handle, symbols[i].name);

		if (!fn) {
			netdev_fail("%s: %s has no %s(): too old; update the package %s",
				    type, lib, symbols[i].name, package);
			return false;
		}
		memcpy(symbols[i].fn, &fn, sizeof(fn));
	}
	return true;
}
