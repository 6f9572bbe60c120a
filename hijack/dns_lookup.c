// SPDX-License-Identifier: GPL-2.0
/*
 * dns_lookup.c - Names to addresses and back, by DNS
 */
#include "dns.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_QUERIES 2

/**
 * ask_name() - Ask for the addresses of exactly this name
 * @conf:	whom to ask
 * @name:	complete name
 * @types:	DNS_*, one or two
 * @n:		how many
 * @found:	receives what was found
 *
 * Return: 0, or EAI_NONAME, EAI_NODATA, EAI_AGAIN, EAI_MEMORY
 */
static int ask_name(const struct dns_conf *conf, const char *name,
		    const int *types, int n, struct dns_found *found)
{
	unsigned char small[MAX_QUERIES][DNS_UDP];
	struct dns_query q[MAX_QUERIES];
	bool exists = false, silent = false;

	for (int i = 0; i < n; i++) {
		q[i].answer = small[i];
		q[i].room = DNS_UDP;
		q[i].answer_len = 0;
		q[i].ask_len = dns_encode(name, types[i], q[i].ask,
					  sizeof(q[i].ask));
		if (q[i].ask_len < 0)
			return EAI_NONAME;
	}
	dns_send(conf, q, n);
	snprintf(found->name, sizeof(found->name), "%s",
		 types[0] == DNS_PTR ? "" : name);
	for (int i = 0; i < n; i++) {
		silent |= !q[i].answer_len;
		exists |= q[i].answer_len &&
			  !dns_rcode(q[i].answer, q[i].answer_len);
		dns_decode(q[i].answer, q[i].answer_len, types[i], found);
		if (q[i].answer != small[i])
			free(q[i].answer);
	}
	if (found->err)
		return found->err;
	if (found->n || (types[0] == DNS_PTR && found->name[0]))
		return 0;
	return silent ? EAI_AGAIN : exists ? EAI_NODATA : EAI_NONAME;
}

/**
 * dns_lookup() - Find the addresses of a name, trying the search domains
 * @name:	name
 * @family:	AF_INET, AF_INET6 or AF_UNSPEC for both
 * @found:	receives what was found; all zero before
 *
 * Return: 0, or EAI_NONAME, EAI_NODATA, EAI_AGAIN, EAI_MEMORY
 */
int dns_lookup(const char *name, int family, struct dns_found *found)
{
	int types[MAX_QUERIES], n = 0, dots = 0, ret, worst = EAI_NONAME;
	size_t len = strlen(name);
	struct dns_conf conf;
	char full[DNS_NAME];
	bool complete;

	if (!len || len >= DNS_NAME)
		return EAI_NONAME;
	if (family != AF_INET6)
		types[n++] = DNS_A;
	if (family != AF_INET)
		types[n++] = DNS_AAAA;
	dns_conf_read(&conf);
	for (const char *c = name; *c; c++)
		dots += *c == '.';
	complete = name[len - 1] == '.';

	/* As it is first or last, with the search domains between. */
	for (int i = -1; i <= conf.searches; i++) {
		if (i < 0 || i == conf.searches) {
			bool first = complete || dots >= conf.ndots;

			if (first != (i < 0))
				continue;
			snprintf(full, sizeof(full), "%.*s",
				 (int)(len - complete), name);
		} else if (complete ||
			   (size_t)snprintf(full, sizeof(full), "%s.%s", name,
					    conf.search[i]) >= sizeof(full)) {
			continue;
		}
		ret = ask_name(&conf, full, types, n, found);
		if (!ret || ret == EAI_AGAIN || ret == EAI_MEMORY)
			return ret;
		if (ret == EAI_NODATA)
			worst = ret;
	}
	return worst;
}

/**
 * dns_reverse() - Find the name of an address
 * @addr:	address
 * @name:	receives the name
 *
 * Return: 0, or EAI_NONAME, EAI_NODATA, EAI_AGAIN
 */
int dns_reverse(const struct dns_addr *addr, char name[DNS_NAME])
{
	static const int ptr = DNS_PTR;
	const unsigned char *b = addr->bytes;
	struct dns_found found = { 0 };
	struct dns_conf conf;
	char arpa[80], *to = arpa;
	int ret;

	if (addr->family == AF_INET) {
		sprintf(arpa, "%d.%d.%d.%d.in-addr.arpa", b[3], b[2], b[1],
			b[0]);
	} else {
		for (int i = 15; i >= 0; i--)
			to += sprintf(to, "%x.%x.", b[i] & 15, b[i] >> 4);
		strcpy(to, "ip6.arpa");
	}
	dns_conf_read(&conf);
	ret = ask_name(&conf, arpa, &ptr, 1, &found);
	if (!ret)
		strcpy(name, found.name);
	return ret;
}
