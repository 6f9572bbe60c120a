// SPDX-License-Identifier: GPL-2.0
/*
 * getaddrinfo.c - getaddrinfo(): names and services to socket addresses
 *
 * libc's own resolver makes its system calls where no preloaded library sees
 * them, and its look-ups would leave through the host. So the look-up is done
 * here (hosts.c, dns_*.c) on sockets of the LKL kernel. Names of services are
 * libc's: they come from a file.
 *
 * The list is laid out as libc's own (one allocation per entry, the canonical
 * name a second one), so that either freeaddrinfo() frees it.
 */
#include "calls.h"
#include "dns.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>

#define KNOWN_FLAGS (AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST |	\
		     AI_V4MAPPED | AI_ALL | AI_ADDRCONFIG |		\
		     AI_NUMERICSERV | AI_IDN | AI_CANONIDN |		\
		     0x100 | 0x200 /* the obsolete AI_IDN_* */)

/**
 * struct kind - A socket type and protocol to make entries for
 * @socktype:	SOCK_*
 * @protocol:	IPPROTO_*; 0 for SOCK_RAW: any
 * @service:	name of the protocol in /etc/services, NULL if it has no ports
 * @asked:	only when asked for
 * @port:	port found, network order
 */
struct kind {
	int socktype, protocol;
	const char *service;
	bool asked;
	uint16_t port;
};

static const struct kind all_kinds[] = {
	{ SOCK_STREAM, IPPROTO_TCP, "tcp", false, 0 },
	{ SOCK_DGRAM, IPPROTO_UDP, "udp", false, 0 },
	{ SOCK_DCCP, IPPROTO_DCCP, "dccp", true, 0 },
	{ SOCK_DGRAM, IPPROTO_UDPLITE, "udplite", true, 0 },
	{ SOCK_STREAM, IPPROTO_SCTP, "sctp", true, 0 },
	{ SOCK_SEQPACKET, IPPROTO_SCTP, "sctp", true, 0 },
	{ SOCK_RAW, 0, NULL, false, 0 },
};

/**
 * find_kinds() - Socket types and protocols that fit the hints
 * @hints:	hints
 * @kinds:	receives them: the first that fits, or all if any is wanted
 *
 * Return: how many
 */
static int find_kinds(const struct addrinfo *hints, struct kind *kinds)
{
	bool any = !hints->ai_socktype && !hints->ai_protocol;
	int n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(all_kinds) && (any || !n); i++) {
		const struct kind *k = &all_kinds[i];

		if (any ? k->asked :
		    (hints->ai_socktype && hints->ai_socktype != k->socktype) ||
		    (hints->ai_protocol && k->protocol &&
		     hints->ai_protocol != k->protocol))
			continue;
		kinds[n] = *k;
		if (!k->protocol)
			kinds[n].protocol = hints->ai_protocol;
		n++;
	}
	return n;
}

/**
 * named_port() - Port of a service by name
 * @k:		kind; receives the port
 * @name:	name
 *
 * Return: true if there is such a service
 */
static bool named_port(struct kind *k, const char *name)
{
	struct servent entry, *found = NULL;
	char buf[1024];

	if (!k->service)
		return false;
	if (getservbyname_r(name, k->service, &entry, buf, sizeof(buf),
			    &found) || !found)
		return false;
	k->port = found->s_port;
	return true;
}

/**
 * find_ports() - Find the port of a service for each kind
 * @service:	name or number, NULL for none
 * @flags:	AI_*
 * @kinds:	kinds; those without such a service are removed
 * @n:		how many, updated
 *
 * Return: 0, or EAI_SERVICE, EAI_NONAME
 */
static int find_ports(const char *service, int flags, struct kind *kinds,
		      int *n)
{
	unsigned long port;
	int left = 0;
	char *end;

	if (!service)
		return 0;
	port = strtoul(service, &end, 10);
	if (!*end && (int)port >= 0) {
		/* Too big: libc does not mind. */
		for (int i = 0; i < *n; i++)
			kinds[i].port = htons(port);
		return 0;
	}
	if (flags & AI_NUMERICSERV && *end)
		return EAI_NONAME;
	for (int i = 0; i < *n; i++)
		if (named_port(&kinds[i], service))
			kinds[left++] = kinds[i];
	*n = left;
	return left ? 0 : EAI_SERVICE;
}

/* 127.0.0.1 or ::1 */
static bool is_loopback(const struct sockaddr *sa)
{
	const struct sockaddr_in6 *in6 = (const void *)sa;
	const struct sockaddr_in *in = (const void *)sa;

	return sa->sa_family == AF_INET ?
	       in->sin_addr.s_addr == htonl(INADDR_LOOPBACK) :
	       sa->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

/**
 * configured() - Families that an interface has an address of
 * @has4:	receives whether there is an IPv4 address beyond 127.0.0.1
 * @has6:	the same for IPv6 and ::1
 */
static void configured(bool *has4, bool *has6)
{
	struct ifaddrs *list, *i;

	*has4 = *has6 = false;
	if (getifaddrs(&list)) {
		*has4 = *has6 = true;
		return;
	}
	for (i = list; i; i = i->ifa_next) {
		if (!i->ifa_addr || is_loopback(i->ifa_addr))
			continue;
		*has4 |= i->ifa_addr->sa_family == AF_INET;
		*has6 |= i->ifa_addr->sa_family == AF_INET6;
	}
	freeifaddrs(list);
}

/**
 * apply_addrconfig() - Carry AI_ADDRCONFIG out: ask for what is of use only
 * @hints:	hints; the family changes
 *
 * As libc does, for numeric addresses as well.
 *
 * Return: 0, or EAI_NONAME if nothing is of use
 */
static int apply_addrconfig(struct addrinfo *hints)
{
	bool has4, has6;

	configured(&has4, &has6);
	if (hints->ai_family == AF_UNSPEC && has4 != has6)
		hints->ai_family = has4 ? AF_INET : AF_INET6;
	else if ((hints->ai_family == AF_INET && !has4) ||
		 (hints->ai_family == AF_INET6 && !has6))
		return EAI_NONAME;
	return 0;
}

/**
 * map_v4() - Turn an IPv4 address into an IPv4-mapped IPv6 address
 * @addr:	address
 */
static void map_v4(struct dns_addr *addr)
{
	memcpy(addr->bytes + 12, addr->bytes, 4);
	memset(addr->bytes, 0, 10);
	memset(addr->bytes + 10, 0xff, 2);
	addr->family = AF_INET6;
}

/**
 * numeric_node() - Take a numeric address, if it is one
 * @node:	node
 * @hints:	hints
 * @found:	receives it
 *
 * Return: 0, 1 if it is no numeric address, or EAI_ADDRFAMILY, EAI_MEMORY
 */
static int numeric_node(const char *node, const struct addrinfo *hints,
			struct dns_found *found)
{
	struct dns_addr addr;

	if (!dns_parse_addr(node, &addr))
		return 1;
	if (addr.family == AF_INET && hints->ai_family == AF_INET6 &&
	    hints->ai_flags & AI_V4MAPPED)
		map_v4(&addr);
	if (hints->ai_family == AF_INET)
		dns_unmap(&addr);
	if (hints->ai_family != AF_UNSPEC && hints->ai_family != addr.family)
		return EAI_ADDRFAMILY;
	dns_found_add(found, &addr);
	snprintf(found->name, sizeof(found->name), "%s", node);
	return found->err;
}

/**
 * no_node() - The addresses of no name: any, or loopback
 * @hints:	hints
 * @found:	receives them
 *
 * Return: 0 or EAI_MEMORY
 */
static int no_node(const struct addrinfo *hints, struct dns_found *found)
{
	bool any = hints->ai_flags & AI_PASSIVE;

	if (any && hints->ai_family != AF_INET6)
		dns_found_add_text(found, "0.0.0.0");
	if (hints->ai_family != AF_INET)
		dns_found_add_text(found, any ? "::" : "::1");
	if (!any && hints->ai_family != AF_INET6)
		dns_found_add_text(found, "127.0.0.1");
	return found->err;
}

/**
 * named_node() - Look up a name, as the flags want it
 * @node:	name
 * @hints:	hints
 * @found:	receives what was found, in the order worth trying
 *
 * Return: 0 or EAI_*
 */
static int named_node(const char *node, const struct addrinfo *hints,
		      struct dns_found *found)
{
	bool mapped = hints->ai_family == AF_INET6 &&
		      hints->ai_flags & AI_V4MAPPED;
	int family = mapped ? AF_UNSPEC : hints->ai_family;
	bool real6 = false;
	int ret, left = 0;

	ret = host_lookup(node, family, found);
	if (ret)
		return ret;
	for (int i = 0; i < found->n; i++)
		real6 |= found->addrs[i].family == AF_INET6;
	for (int i = 0; i < found->n && mapped; i++) {
		if (found->addrs[i].family == AF_INET) {
			if (real6 && !(hints->ai_flags & AI_ALL))
				continue;
			map_v4(&found->addrs[i]);
		}
		found->addrs[left++] = found->addrs[i];
	}
	if (mapped)
		found->n = left;
	addr_sort(found->addrs, found->n);
	return 0;
}

/**
 * find_node() - Find the addresses of a node
 * @node:	name or address, NULL for none
 * @hints:	hints
 * @found:	receives them
 *
 * Return: 0 or EAI_*
 */
static int find_node(const char *node, const struct addrinfo *hints,
		     struct dns_found *found)
{
	int ret;

	if (!node)
		return no_node(hints, found);
	ret = numeric_node(node, hints, found);
	if (ret != 1)
		return ret;
	if (hints->ai_flags & AI_NUMERICHOST)
		return EAI_NONAME;
	return named_node(node, hints, found);
}

/**
 * make_entry() - Make an entry of the list
 * @addr:	address
 * @k:		kind of socket, with port
 * @flags:	AI_* of the hints
 *
 * Return: the entry, or NULL
 */
static struct addrinfo *make_entry(const struct dns_addr *addr,
				   const struct kind *k, int flags)
{
	struct {
		struct addrinfo ai;
		union {
			struct sockaddr sa;
			struct sockaddr_in in;
			struct sockaddr_in6 in6;
		} sa;
	} *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->ai.ai_flags = flags;
	e->ai.ai_family = addr->family;
	e->ai.ai_socktype = k->socktype;
	e->ai.ai_protocol = k->protocol;
	e->ai.ai_addr = &e->sa.sa;
	e->sa.sa.sa_family = addr->family;
	if (addr->family == AF_INET) {
		e->ai.ai_addrlen = sizeof(e->sa.in);
		e->sa.in.sin_port = k->port;
		memcpy(&e->sa.in.sin_addr, addr->bytes, 4);
	} else {
		e->ai.ai_addrlen = sizeof(e->sa.in6);
		e->sa.in6.sin6_port = k->port;
		e->sa.in6.sin6_scope_id = addr->scope;
		memcpy(&e->sa.in6.sin6_addr, addr->bytes, 16);
	}
	return &e->ai;
}

/**
 * make_list() - Make the list of all addresses and kinds
 * @found:	addresses
 * @kinds:	kinds
 * @n:		how many kinds
 * @flags:	AI_* of the hints
 * @res:	receives the list
 *
 * Return: 0 or EAI_MEMORY
 */
static int make_list(const struct dns_found *found, const struct kind *kinds,
		     int n, int flags, struct addrinfo **res)
{
	struct addrinfo *first = NULL, **last = &first;

	for (int i = 0; i < found->n; i++) {
		for (int k = 0; k < n; k++) {
			*last = make_entry(&found->addrs[i], &kinds[k], flags);
			if (!*last)
				goto no_memory;
			last = &(*last)->ai_next;
		}
	}
	if (first && flags & AI_CANONNAME) {
		first->ai_canonname = strdup(found->name);
		if (!first->ai_canonname)
			goto no_memory;
	}
	*res = first;
	return 0;

no_memory:
	freeaddrinfo(first);
	return EAI_MEMORY;
}

/**
 * freeaddrinfo() - Free a list
 * @ai:	from getaddrinfo()
 */
EXPORT void freeaddrinfo(struct addrinfo *ai)
{
	struct addrinfo *next;

	for (; ai; ai = next) {
		next = ai->ai_next;
		free(ai->ai_canonname);
		free(ai);
	}
}

/**
 * getaddrinfo() - Names to socket addresses
 * @node:	name or numeric address, or NULL
 * @service:	name or number, or NULL
 * @hints:	what is wanted, or NULL
 * @res:	receives the list
 *
 * Return: 0 or EAI_*
 */
EXPORT int getaddrinfo(const char *restrict node,
		       const char *restrict service,
		       const struct addrinfo *restrict hints,
		       struct addrinfo **restrict res)
{
	struct addrinfo want = { .ai_flags = AI_V4MAPPED | AI_ADDRCONFIG };
	struct kind kinds[ARRAY_SIZE(all_kinds)];
	struct dns_found found = { 0 };
	int n, ret;

	if (CALLED_BY_HOSTLIB())
		return HOST(getaddrinfo)(node, service, hints, res);
	if (node && !strcmp(node, "*"))
		node = NULL;
	if (service && !strcmp(service, "*"))
		service = NULL;
	if (!node && !service)
		return EAI_NONAME;
	if (hints)
		want = *hints;
	if (want.ai_flags & ~KNOWN_FLAGS ||
	    (want.ai_flags & AI_CANONNAME && !node))
		return EAI_BADFLAGS;
	if (want.ai_family != AF_UNSPEC && want.ai_family != AF_INET &&
	    want.ai_family != AF_INET6)
		return EAI_FAMILY;
	if (want.ai_flags & AI_ADDRCONFIG && apply_addrconfig(&want))
		return EAI_NONAME;
	n = find_kinds(&want, kinds);
	if (!n)
		return want.ai_socktype ? EAI_SOCKTYPE : EAI_SERVICE;
	if (service && !*service)
		service = NULL;
	/* With sockets that have no ports. */
	if (service && n == 1 && !kinds[0].service)
		return EAI_SERVICE;
	ret = find_ports(service, want.ai_flags, kinds, &n);
	if (!ret)
		ret = find_node(node, &want, &found);
	if (!ret)
		ret = make_list(&found, kinds, n, want.ai_flags, res);
	dns_found_free(&found);
	return ret;
}
