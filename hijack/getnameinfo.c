// SPDX-License-Identifier: GPL-2.0
/*
 * getnameinfo.c - getnameinfo(): socket addresses to names and services
 */
#include "calls.h"
#include "dns.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>

/* NI_IDN and its two obsolete companions are libc's own. */
#define KNOWN_FLAGS (NI_NUMERICHOST | NI_NUMERICSERV | NI_NOFQDN |	\
		     NI_NAMEREQD | NI_DGRAM | NI_IDN | 0x40 | 0x80)

/**
 * numeric_host() - Write an address in numbers
 * @addr:	address
 * @text:	where to, DNS_NAME bytes
 */
static void numeric_host(const struct dns_addr *addr, char text[DNS_NAME])
{
	char name[IF_NAMESIZE];
	size_t len;

	inet_ntop(addr->family, addr->bytes, text, INET6_ADDRSTRLEN);
	if (!addr->scope)
		return;
	len = strlen(text);
	if (dns_is_link_local(addr) && if_indextoname(addr->scope, name))
		snprintf(text + len, DNS_NAME - len, "%%%s", name);
	else
		snprintf(text + len, DNS_NAME - len, "%%%u", addr->scope);
}

/**
 * short_name() - Cut the domain of this host off a name (NI_NOFQDN)
 * @name:	name
 */
static void short_name(char *name)
{
	char own[DNS_NAME], *dot;

	if (gethostname(own, sizeof(own)))
		return;
	own[sizeof(own) - 1] = '\0';
	dot = strchr(own, '.');
	if (dot && strchr(name, '.') && !strcasecmp(strchr(name, '.'), dot))
		*strchr(name, '.') = '\0';
}

/**
 * find_host() - Write the name of an address
 * @addr:	address
 * @flags:	NI_*
 * @text:	where to
 *
 * Return: 0 or EAI_*
 */
static int find_host(const struct dns_addr *addr, int flags,
		     char text[DNS_NAME])
{
	struct dns_found found = { 0 };
	int ret = EAI_NONAME;

	if (!(flags & NI_NUMERICHOST)) {
		ret = host_reverse(addr, &found);
		strcpy(text, found.name);
		dns_found_free(&found);
	}
	if (!ret) {
		if (flags & NI_NOFQDN)
			short_name(text);
		return 0;
	}
	if (ret != EAI_NONAME && ret != EAI_NODATA)
		return ret;
	if (flags & NI_NAMEREQD)
		return EAI_NONAME;
	numeric_host(addr, text);
	return 0;
}

/**
 * find_service() - Write the name of a port
 * @port:	port, network order
 * @flags:	NI_*
 * @text:	where to
 * @size:	room there
 */
static void find_service(int port, int flags, char *text, size_t size)
{
	struct servent entry, *found = NULL;
	char buf[1024];

	if (!(flags & NI_NUMERICSERV))
		getservbyport_r(port, flags & NI_DGRAM ? "udp" : "tcp", &entry,
				buf, sizeof(buf), &found);
	if (found)
		snprintf(text, size, "%s", found->s_name);
	else
		snprintf(text, size, "%u", ntohs(port));
}

/**
 * put() - Give a text to the caller
 * @text:	text
 * @to:		where to, may be NULL
 * @size:	room there
 *
 * Return: true if it fits
 */
static bool put(const char *text, char *to, size_t size)
{
	return !to || !size || (size_t)snprintf(to, size, "%s", text) < size;
}

/**
 * getnameinfo() - Socket address to names
 * @sa:		address
 * @len:	its size
 * @host:	receives the name of the host, or NULL
 * @hostlen:	room there
 * @serv:	receives the name of the service, or NULL
 * @servlen:	room there
 * @flags:	NI_*
 *
 * Return: 0 or EAI_*
 */
EXPORT int getnameinfo(const struct sockaddr *restrict sa, socklen_t len,
		       char *restrict host, socklen_t hostlen,
		       char *restrict serv, socklen_t servlen, int flags)
{
	const struct sockaddr_in6 *in6 = (const void *)sa;
	const struct sockaddr_in *in = (const void *)sa;
	struct dns_addr addr = { 0 };
	char text[DNS_NAME];
	int ret;

	if (flags & ~KNOWN_FLAGS)
		return EAI_BADFLAGS;
	if (len < sizeof(sa->sa_family))
		return EAI_FAMILY;
	if (sa->sa_family != AF_INET && sa->sa_family != AF_INET6)
		return HOST(getnameinfo)(sa, len, host, hostlen, serv, servlen,
					 flags);
	if (len < (sa->sa_family == AF_INET ? sizeof(*in) :
		   offsetof(struct sockaddr_in6, sin6_scope_id)))
		return EAI_FAMILY;
	if ((!host || !hostlen) && (!serv || !servlen))
		return EAI_NONAME;
	addr.family = sa->sa_family;
	memcpy(addr.bytes, sa->sa_family == AF_INET ? (void *)&in->sin_addr :
						      (void *)&in6->sin6_addr,
	       dns_addr_len(addr.family));
	if (sa->sa_family == AF_INET6 && len >= sizeof(*in6))
		addr.scope = in6->sin6_scope_id;
	if (host && hostlen) {
		ret = find_host(&addr, flags, text);
		if (ret)
			return ret;
		if (!put(text, host, hostlen))
			return EAI_OVERFLOW;
	}
	if (serv && servlen) {
		find_service(in->sin_port, flags, text, sizeof(text));
		if (!put(text, serv, servlen))
			return EAI_OVERFLOW;
	}
	return 0;
}
