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
 * struct wanted - What is asked about a name
 * @types:	DNS_*
 * @n:		how many
 * @found:	receives what was found
 */
struct wanted {
	int types[MAX_QUERIES];
	int n;
	struct dns_found *found;
};

/**
 * ask_name() - Ask for the records of exactly this name; see dns_try
 * @conf:	whom to ask
 * @name:	complete name
 * @arg:	struct wanted
 *
 * Return: 0, or EAI_NONAME, EAI_NODATA, EAI_AGAIN, EAI_MEMORY, DNS_FAILED
 */
static int ask_name(const struct dns_conf *conf, const char *name, void *arg)
{
	const struct wanted *wanted = arg;
	struct dns_found *found = wanted->found;
	unsigned char small[MAX_QUERIES][DNS_UDP];
	struct dns_query q[MAX_QUERIES];
	bool exists = false, silent = false, failed = false;

	for (int i = 0; i < wanted->n; i++) {
		q[i].answer = small[i];
		q[i].room = DNS_UDP;
		q[i].answer_len = 0;
		q[i].failed = false;
		q[i].ask_len = dns_encode(name, wanted->types[i], q[i].ask,
					  sizeof(q[i].ask));
		if (q[i].ask_len < 0)
			return EAI_NONAME;
	}
	dns_send(conf, q, wanted->n);
	for (int i = 0; i < wanted->n; i++) {
		failed |= q[i].failed;
		silent |= !q[i].answer_len && !q[i].failed;
		exists |= q[i].answer_len &&
			  !dns_rcode(q[i].answer, q[i].answer_len);
		dns_decode(q[i].answer, q[i].answer_len, name,
			   wanted->types[i], found);
		if (q[i].answer != small[i])
			free(q[i].answer);
	}
	if (found->err)
		return found->err;
	if (found->n || (wanted->types[0] == DNS_PTR && found->name[0]))
		return 0;
	dns_found_free(found);
	return silent ? EAI_AGAIN : failed ? DNS_FAILED :
	       exists ? EAI_NODATA : EAI_NONAME;
}

/* Is the search for a name over? */
static bool is_final(int ret)
{
	return ret != EAI_NONAME && ret != EAI_NODATA && ret != DNS_FAILED;
}

/**
 * dns_search() - Try a name with the search domains
 * @conf:	how to ask; has them
 * @name:	name
 * @try:	called for each complete name, until it finds something
 * @arg:	for @try
 *
 * As libc does: as it is first if it has dots enough, else last. What is said
 * about the name as it is counts most.
 *
 * Return: as of @try
 */
int dns_search(const struct dns_conf *conf, const char *name, dns_try *try,
	       void *arg)
{
	bool complete, nodata = false, failed = false;
	int dots = 0, ret, first = 0;
	size_t len = strlen(name);
	char full[DNS_NAME];

	for (const char *c = name; *c; c++)
		dots += *c == '.';
	complete = len && name[len - 1] == '.';
	if (complete || dots >= conf->ndots) {
		first = try(conf, name, arg);
		if (complete || is_final(first))
			return first;
	}
	for (int i = 0; i < conf->searches && len; i++) {
		if ((size_t)snprintf(full, sizeof(full), "%s.%s", name,
				     conf->search[i]) >= sizeof(full))
			continue;
		ret = try(conf, full, arg);
		if (is_final(ret))
			return ret;
		nodata |= ret == EAI_NODATA;
		failed |= ret == DNS_FAILED;
	}
	if (first)
		return first;
	ret = try(conf, name, arg);
	if (is_final(ret))
		return ret;
	return nodata ? EAI_NODATA : failed ? DNS_FAILED : ret;
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
	struct wanted wanted = { .found = found };
	struct dns_conf conf;
	int ret;

	if (!*name || strlen(name) >= DNS_NAME)
		return EAI_NONAME;
	dns_conf_read(&conf);
	if (family != AF_INET6)
		wanted.types[wanted.n++] = DNS_A;
	if (family != AF_INET && !conf.no_aaaa)
		wanted.types[wanted.n++] = DNS_AAAA;
	if (!wanted.n)
		return EAI_NODATA;
	ret = dns_search(&conf, name, ask_name, &wanted);
	return ret == DNS_FAILED ? EAI_AGAIN : ret;
}

/**
 * dns_reverse() - Find the names of an address
 * @addr:	address
 * @found:	receives the names; all zero before
 *
 * Return: 0, or EAI_NONAME, EAI_NODATA, EAI_AGAIN, EAI_MEMORY
 */
int dns_reverse(const struct dns_addr *addr, struct dns_found *found)
{
	struct wanted wanted = { { DNS_PTR }, 1, found };
	const unsigned char *b = addr->bytes;
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
	ret = ask_name(&conf, arpa, &wanted);
	return ret == DNS_FAILED ? EAI_AGAIN : ret;
}
