// SPDX-License-Identifier: GPL-2.0
/*
 * hosts.c - Names from /etc/hosts, numeric addresses, then DNS
 *
 * The order of Debian's nsswitch.conf ("files dns"). Other sources of names
 * (mDNS, LDAP, myhostname) are services of the host and not asked.
 */
#include "dns.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SPACE " \t\r\n"

/**
 * parse_scope() - Read the interface after the % of an IPv6 address
 * @text:	its number, or if the address is link-local its name
 * @addr:	the address; receives the number
 *
 * Return: true if it is one
 */
static bool parse_scope(const char *text, struct dns_addr *addr)
{
	unsigned long scope;
	char *end;

	if (dns_is_link_local(addr)) {
		addr->scope = if_nametoindex(text);
		if (addr->scope)
			return true;
	}
	scope = strtoul(text, &end, 10);
	addr->scope = scope;
	return isdigit(*text) && !*end && scope <= UINT32_MAX;
}

/* inet_aton() itself takes anything that follows the address and a space. */
static bool parse_v4(const char *text, unsigned char *bytes)
{
	return !strpbrk(text, " \t\n\v\f\r") && inet_aton(text, (void *)bytes);
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
	if (parse_v4(text, addr->bytes))
		return true;
	if (len >= sizeof(part))
		return false;
	memcpy(part, text, len);
	part[len] = '\0';
	addr->family = AF_INET6;
	return inet_pton(AF_INET6, part, addr->bytes) == 1 &&
	       (!percent || parse_scope(percent + 1, addr));
}

/**
 * dns_found_add_text() - Append a numeric address
 * @found:	what was found so far
 * @text:	address, well-formed
 */
void dns_found_add_text(struct dns_found *found, const char *text)
{
	struct dns_addr addr;

	dns_parse_addr(text, &addr);
	dns_found_add(found, &addr);
}

/**
 * dns_unmap() - Have the IPv4 address that an IPv6 address stands for
 * @addr:	address; changes if it is such
 */
void dns_unmap(struct dns_addr *addr)
{
	if (addr->family != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED((struct in6_addr *)addr->bytes))
		return;
	memcpy(addr->bytes, addr->bytes + 12, 4);
	addr->family = AF_INET;
}

/**
 * struct hosts - /etc/hosts while it is read
 * @f:		the file, NULL if there is none
 * @line:	a line, cut into words; to be freed
 * @size:	room there
 * @save:	state of strtok_r()
 * @addr:	address of the line
 * @name:	its first name
 */
struct hosts {
	FILE *f;
	char *line;
	size_t size;
	char *save;
	struct dns_addr addr;
	char *name;
};

/** hosts_open() - Return: the file, before its first line */
static struct hosts hosts_open(void)
{
	return (struct hosts){ .f = fopen("/etc/hosts", "re") };
}

/** hosts_next() - Go to the next entry; return: is there one? */
static bool hosts_next(struct hosts *h)
{
	char *text;

	while (h->f && getline(&h->line, &h->size, h->f) > 0) {
		h->line[strcspn(h->line, "#")] = '\0';
		text = strtok_r(h->line, SPACE, &h->save);
		if (!text || !dns_parse_addr(text, &h->addr))
			continue;
		h->name = strtok_r(NULL, SPACE, &h->save);
		if (h->name)
			return true;
	}
	return false;
}

/** hosts_word() - Return: the next name of the entry, NULL if there is none */
static char *hosts_word(struct hosts *h)
{
	return strtok_r(NULL, SPACE, &h->save);
}

static void hosts_close(struct hosts *h)
{
	free(h->line);
	if (h->f)
		fclose(h->f);
}

/**
 * take_names() - Take the names of an entry
 * @all:	all names, as aliases
 * @found:	the first becomes its name if it has none, the others aliases
 */
static void take_names(const struct dns_found *all, struct dns_found *found)
{
	const char *name = all->aliases, *end = name + all->alias_len;

	if (name < end && !found->name[0])
		snprintf(found->name, sizeof(found->name), "%s", name);
	while (name < end && (name += strlen(name) + 1) < end)
		dns_found_alias(found, name);
}

/**
 * take_entry() - Take the names of the entry, unless they are another's
 * @h:		the file, at the entry
 * @name:	one of the names, NULL for any
 * @found:	the first becomes its name if it has none, the others aliases
 *
 * Return: true if @name is one of them
 */
static bool take_entry(struct hosts *h, const char *name,
		       struct dns_found *found)
{
	struct dns_found all = { 0 };
	bool match = !name;

	for (char *word = h->name; word; word = hosts_word(h)) {
		match |= name && !strcasecmp(word, name);
		dns_found_alias(&all, word);
	}
	found->err |= all.err;
	if (match)
		take_names(&all, found);
	dns_found_free(&all);
	return match;
}

/**
 * as_v4() - Have the IPv4 address that an IPv6 one stands for
 * @addr:	address; changes if it is such, or ::1
 */
static void as_v4(struct dns_addr *addr)
{
	const struct in6_addr *in6 = (const void *)addr->bytes;
	in_addr_t loopback = htonl(INADDR_LOOPBACK);

	dns_unmap(addr);
	if (addr->family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(in6)) {
		memcpy(addr->bytes, &loopback, 4);
		addr->family = AF_INET;
	}
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
	struct hosts h = hosts_open();

	while (hosts_next(&h)) {
		if (family == AF_INET)
			as_v4(&h.addr);
		if (family != AF_UNSPEC && family != h.addr.family)
			continue;
		if (take_entry(&h, name, found))
			dns_found_add(found, &h.addr);
	}
	hosts_close(&h);
	return found->n > 0 || found->err;
}

/**
 * hosts_by_addr() - Look an address up in /etc/hosts
 * @addr:	address
 * @found:	receives its names; all zero before
 *
 * Return: true if it is there
 */
bool hosts_by_addr(const struct dns_addr *addr, struct dns_found *found)
{
	struct hosts h = hosts_open();

	while (!found->name[0] && hosts_next(&h))
		if (h.addr.family == addr->family &&
		    !memcmp(h.addr.bytes, addr->bytes,
			    dns_addr_len(addr->family)))
			take_entry(&h, NULL, found);
	hosts_close(&h);
	return found->name[0] || found->err;
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
 * host_reverse() - Find the names of an address
 * @addr:	address; one that stands for an IPv4 address has that one's names
 * @found:	receives them; all zero before
 *
 * Return: 0, or EAI_NONAME, EAI_NODATA, EAI_AGAIN, EAI_MEMORY
 */
int host_reverse(const struct dns_addr *addr, struct dns_found *found)
{
	struct dns_addr real = *addr;

	dns_unmap(&real);
	if (hosts_by_addr(&real, found))
		return found->err;
	return dns_reverse(&real, found);
}
