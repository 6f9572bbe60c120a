/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dso.h - Libraries that only one backend needs, loaded when it is used
 */
#ifndef NETDEV_DSO_H
#define NETDEV_DSO_H

#include <stdbool.h>

/**
 * struct dso_symbol - A function of a library
 * @name:	its name
 * @fn:		the pointer that receives its address
 */
struct dso_symbol {
	const char *name;
	void *fn;
};

bool dso_load(const char *type, const char *lib, const char *package,
	      const struct dso_symbol *symbols, int n);

#endif /* NETDEV_DSO_H */
