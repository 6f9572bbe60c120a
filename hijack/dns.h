/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dns.h - Names and addresses of hosts, asked for through the LKL network
 */
#ifndef HIJACK_DNS_H
#define HIJACK_DNS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

#define DNS_HEADER	12	/* size of the fixed part of a message */
#define DNS_NAME	256	/* longest name as text, with its end */
#define DNS_SERVERS	3
#define DNS_SEARCH	32
#define DNS_ASK		512	/* longest question */
#define DNS_UDP		4096	/* longest answer over UDP */

#define DNS_A		1
#define DNS_CNAME	5
#define DNS_PTR		12
#define DNS_AAAA	28

/* Beside EAI_*: all servers say that they cannot answer. */
#define DNS_FAILED	1

/**
 * struct dns_addr - An address of either family
 * @family:	AF_INET or AF_INET6
 * @scope:	interface of a link-local IPv6 address, else 0
 * @bytes:	the address, network order
 */
struct dns_addr {
	int family;
	uint32_t scope;
	unsigned char bytes[16];
};

/**
 * struct dns_found - What is known about a host; begins as all zero
 * @name:	its canonical name
 * @aliases:	its other names, one behind the other, each with its end
 * @alias_len:	length of all of them
 * @n:		number of addresses
 * @room:	how many there is room for
 * @addrs:	addresses, to be freed with dns_found_free()
 * @err:	EAI_MEMORY if there was no memory for one, else 0
 */
struct dns_found {
	char name[DNS_NAME];
	char *aliases;
	size_t alias_len;
	int n;
	int room;
	struct dns_addr *addrs;
	int err;
};

/**
 * struct dns_conf - How to ask
 * @server:	name servers
 * @servers:	how many
 * @search:	domains to append
 * @searches:	how many
 * @ndots:	a name with this many dots is tried as it is first
 * @timeout:	milliseconds per server and attempt
 * @attempts:	rounds over all servers
 * @use_tcp:	never ask over UDP
 * @no_aaaa:	do not ask for IPv6 addresses
 */
struct dns_conf {
	struct sockaddr_in6 server[DNS_SERVERS];	/* or sockaddr_in */
	int servers;
	char search[DNS_SEARCH][DNS_NAME];
	int searches;
	int ndots;
	int timeout;
	int attempts;
	bool use_tcp;
	bool no_aaaa;
};

/**
 * struct dns_query - One question on its way
 * @ask:	message to send
 * @ask_len:	its length
 * @answer:	receives the answer; may be replaced by a longer malloc()ed one
 * @room:	room there
 * @answer_len:	length of the answer, 0 while there is none
 * @asked:	of the server that is being asked
 * @failed:	the server that was asked last cannot answer
 */
struct dns_query {
	unsigned char ask[DNS_ASK];
	int ask_len;
	unsigned char *answer;
	int room;
	int answer_len;
	bool asked;
	bool failed;
};

/**
 * typedef dns_try - Look up a complete name
 * @conf:	how to ask
 * @name:	complete name
 * @arg:	the caller's
 *
 * Return: 0, or EAI_NONAME, EAI_NODATA: another name may be tried; DNS_FAILED:
 * so it may, but another server might know this one; or else another EAI_*
 */
typedef int dns_try(const struct dns_conf *conf, const char *name, void *arg);

void dns_found_add(struct dns_found *found, const struct dns_addr *addr);
void dns_found_add_text(struct dns_found *found, const char *text);
void dns_found_alias(struct dns_found *found, const char *name);
void dns_found_free(struct dns_found *found);

void dns_conf_read(struct dns_conf *conf);
void dns_add_server(struct dns_conf *conf, const char *text);

int dns_encode(const char *name, int type, unsigned char *msg, int room);
int dns_rcode(const unsigned char *msg, int len);
void dns_decode(const unsigned char *msg, int len, const char *name, int type,
		struct dns_found *found);
int dns_send(const struct dns_conf *conf, struct dns_query *q, int n);

int dns_search(const struct dns_conf *conf, const char *name, dns_try *try,
	       void *arg);
int dns_lookup(const char *name, int family, struct dns_found *found);
int dns_reverse(const struct dns_addr *addr, struct dns_found *found);

bool hosts_by_name(const char *name, int family, struct dns_found *found);
bool hosts_by_addr(const struct dns_addr *addr, struct dns_found *found);
void dns_unmap(struct dns_addr *addr);
bool dns_parse_addr(const char *text, struct dns_addr *addr);
int host_lookup(const char *name, int family, struct dns_found *found);
int host_reverse(const struct dns_addr *addr, struct dns_found *found);

void addr_sort(struct dns_addr *addrs, int n);

/**
 * dns_addr_len() - Bytes of an address of a family
 * @family:	AF_INET or AF_INET6
 *
 * Return: 4 or 16
 */
static inline int dns_addr_len(int family)
{
	return family == AF_INET ? 4 : 16;
}

/** dns_is_link_local() - Is this an IPv6 address whose scope is a link? */
static inline bool dns_is_link_local(const struct dns_addr *addr)
{
	const struct in6_addr *in6 = (const void *)addr->bytes;

	return addr->family == AF_INET6 && (IN6_IS_ADDR_LINKLOCAL(in6) ||
					    IN6_IS_ADDR_MC_LINKLOCAL(in6));
}

#pragma GCC visibility pop

#endif /* HIJACK_DNS_H */
