// SPDX-License-Identifier: GPL-2.0
/*
 * hosts.c - Names from /etc/hosts, numeric addresses, then DNS
 *
 * The order of Debian's nsswitch.conf ("files dns"). Other sources of names
 * (mDNS, LDAP, myhostname) are services of the host and not asked.
 */
#include "dns.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SPACE " \t\r\n"

/**
 * parse_scope() - Read the interface after the % of a link-local address
 * @text:	name or number
 * @scope:	receives the number
 *
 * Return: true if there is such an interface
 */
static bool parse_scope(const char *text, uint32_t *scope)
{
	char *end;

	*scope = if_nametoindex(text);
	if (*scope)
		return true;
	*scope = strtoul(text, &end, 10);
	return end != text && !*end;
}

/**
 * dns_parse_addr() - Read a numeric address of either family
 * @text:	address, in any form that inet_aton() or inet_pton() takes
 * @addr:	receives it
 *
 * Return: true if it is one
 */
bool dns_parse_addr(const char *text, struct dns_addr *addr)
{
	const char *percent = strchr(text, '%');
	char part[INET6_ADDRSTRLEN];
	size_t len = percent ? (size_t)(percent - text) : strlen(text);

	memset(addr, 0, sizeof(*addr));
	addr->family = AF_INET;
	if (inet_aton(text, (void *)addr->bytes))
		return true;
	if (len >= sizeof(part))
		return false;
	memcpy(part, text, len);
	part[len] = '\0';
	addr->family = AF_INET6;
	return inet_pton(AF_INET6, part, addr->bytes) == 1 &&
	       (!percent || parse_scope(percent + 1, &addr->scope));
}

/**
 * hosts_line() - Read the next entry of /etc/hosts
 * @f:		the file
 * @line:	room for it
 * @size:	how much
 * @addr:	receives the address
 * @save:	receives the state of strtok_r() for the names
 *
 * Return: first name, or NULL at the end of the file
 */
static char *hosts_line(FILE *f, char *line, int size, struct dns_addr *addr,
			char **save)
{
	char *text, *name;

	while (fgets(line, size, f)) {
		line[strcspn(line, "#")] = '\0';
		text = strtok_r(line, SPACE, save);
		if (!text || !dns_parse_addr(text, addr))
			continue;
		name = strtok_r(NULL, SPACE, save);
		if (name)
			return name;
	}
	return NULL;
}

/**
 * hosts_by_name() - Look a name up in /etc/hosts
 * @name:	name
 * @family:	AF_INET, AF_INET6 or AF_UNSPEC for both
 * @found:	receives what was found; all zero before
 *
 * Return: true if there is an address
 */
bool hosts_by_name(const char *name, int family, struct dns_found *found)
{
	char line[1024], *first, *word, *save;
	FILE *f = fopen("/etc/hosts", "re");
	struct dns_addr addr;

	while (f &&
	       (first = hosts_line(f, line, sizeof(line), &addr, &save))) {
		if (family != AF_UNSPEC && family != addr.family)
			continue;
		for (word = first; word; word = strtok_r(NULL, SPACE, &save)) {
			if (strcasecmp(word, name))
				continue;
			if (!found->n)
				snprintf(found->name, sizeof(found->name),
					 "%s", first);
			dns_found_add(found, &addr);
			break;
		}
	}
	if (f)
		fclose(f);
	return found->n > 0 || found->err;
}

/**
 * hosts_by_addr() - Look an address up in /etc/hosts
 * @addr:	address
 * @name:	receives the name
 *
 * Return: true if it is there
 */
bool hosts_by_addr(const struct dns_addr *addr, char name[DNS_NAME])
{
	FILE *f = fopen("/etc/hosts", "re");
	char line[1024], *first, *save;
	struct dns_addr a;
	bool found = false;

	while (f && !found &&
	       (first = hosts_line(f, line, sizeof(line), &a, &save))) {
		found = a.family == addr->family &&
			!memcmp(a.bytes, addr->bytes, dns_addr_len(a.family));
		if (found)
			snprintf(name, DNS_NAME, "%s", first);
	}
	if (f)
		fclose(f);
	return found;
}

/**
 * is_localhost() - Is this "localhost" or a name below it (RFC 6761)?
 * @name:	name
 *
 * Return: true if so
 */
static bool is_localhost(const char *name)
{
	size_t len = strlen(name), tail = strlen("localhost");

	if (len && name[len - 1] == '.')
		len--;
	return len >= tail && (len == tail || name[len - tail - 1] == '.') &&
	       !strncasecmp(name + len - tail, "localhost", tail);
}

/**
 * localhost() - The addresses of "localhost"
 * @name:	name
 * @family:	AF_INET, AF_INET6 or AF_UNSPEC for both
 * @found:	receives them
 */
static void localhost(const char *name, int family, struct dns_found *found)
{
	snprintf(found->name, sizeof(found->name), "%s", name);
	if (family != AF_INET)
		dns_found_add_text(found, "::1");
	if (family != AF_INET6)
		dns_found_add_text(found, "127.0.0.1");
}

/**
 * host_lookup() - Find the addresses of a name
 * @name:	name, not a numeric address
 * @family:	AF_INET, AF_INET6 or AF_UNSPEC for both
 * @found:	receives what was found; all zero before
 *
 * Return: 0, or EAI_NONAME, EAI_NODATA, EAI_AGAIN, EAI_MEMORY
 */
int host_lookup(const char *name, int family, struct dns_found *found)
{
	if (hosts_by_name(name, family, found))
		return found->err;
	if (is_localhost(name)) {
		localhost(name, family, found);
		return found->err;
	}
	return dns_lookup(name, family, found);
}

/**
 * host_reverse() - Find the name of an address
 * @addr:	address
 * @name:	receives the name
 *
 * Return: 0, or EAI_NONAME, EAI_NODATA, EAI_AGAIN
 */
int host_reverse(const struct dns_addr *addr, char name[DNS_NAME])
{
	return hosts_by_addr(addr, name) ? 0 : dns_reverse(addr, name);
}
