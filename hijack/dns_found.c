// SPDX-License-Identifier: GPL-2.0
/*
 * dns_found.c - The addresses and names found of a host: as many as there are
 */
#include "dns.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 16

/**
 * dns_found_add() - Append an address
 * @found:	what was found so far; without memory its @err is set
 * @addr:	address
 */
void dns_found_add(struct dns_found *found, const struct dns_addr *addr)
{
	int room = found->room ? 2 * found->room : FIRST_ROOM;
	struct dns_addr *addrs;

	if (found->n == found->room) {
		addrs = reallocarray(found->addrs, room, sizeof(*addrs));
		if (!addrs) {
			found->err = EAI_MEMORY;
			return;
		}
		found->addrs = addrs;
		found->room = room;
	}
	found->addrs[found->n++] = *addr;
}

/**
 * dns_found_alias() - Append another name
 * @found:	what was found so far; without memory its @err is set
 * @name:	name
 */
void dns_found_alias(struct dns_found *found, const char *name)
{
	size_t len = strlen(name) + 1;
	char *more = realloc(found->aliases, found->alias_len + len);

	if (!more) {
		found->err = EAI_MEMORY;
		return;
	}
	memcpy(more + found->alias_len, name, len);
	found->aliases = more;
	found->alias_len += len;
}

/**
 * dns_found_free() - Free the addresses and aliases
 * @found:	what was found; its name stays
 */
void dns_found_free(struct dns_found *found)
{
	free(found->addrs);
	found->addrs = NULL;
	found->n = found->room = 0;
	free(found->aliases);
	found->aliases = NULL;
	found->alias_len = 0;
}
