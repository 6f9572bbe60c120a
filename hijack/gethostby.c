// SPDX-License-Identifier: GPL-2.0
/*
 * gethostby.c - gethostbyname() and gethostbyaddr() with their variants
 *
 * One function packs a struct hostent into a caller's buffer; the variants
 * without one have a buffer per thread, as long as the answer needs.
 */
#include "calls.h"
#include "dns.h"

#include <netdb.h>

/**
 * aliases_of() - Count aliases
 * @found:	has them
 *
 * Return: how many
 */
static size_t aliases_of(const struct dns_found *found)
{
	size_t n = 0;

	for (size_t i = 0; i < found->alias_len; i++)
		n += !found->aliases[i];
	return n;
}

/**
 * pack_size() - Size of the buffer that pack() needs, if it is aligned
 * @found:	names and addresses
 * @family:	family of the addresses
 *
 * Return: bytes
 */
static size_t pack_size(const struct dns_found *found, int family)
{
	return (found->n + aliases_of(found) + 2) * sizeof(char *) +
	       found->n * dns_addr_len(family) + found->alias_len +
	       strlen(found->name) + 1;
}

/**
 * pack() - Make a struct hostent in a buffer
 * @found:	names and addresses
 * @family:	family of the addresses
 * @he:		receives it
 * @buf:	buffer
 * @len:	its size
 *
 * Return: 0 or ERANGE (@buf too small)
 */
static int pack(const struct dns_found *found, int family, struct hostent *he,
		char *buf, size_t len)
{
	size_t pad = -(uintptr_t)buf % sizeof(char *), n = aliases_of(found);
	char **list = (char **)(buf + pad), *at;
	int size = dns_addr_len(family);

	if (pad + pack_size(found, family) > len)
		return ERANGE;
	at = (char *)(list + found->n + n + 2);
	he->h_addrtype = family;
	he->h_length = size;
	he->h_addr_list = list;
	for (int i = 0; i < found->n; i++, at += size)
		*list++ = memcpy(at, found->addrs[i].bytes, size);
	*list++ = NULL;
	he->h_aliases = list;
	if (n)
		memcpy(at, found->aliases, found->alias_len);
	for (; n; n--, at += strlen(at) + 1)
		*list++ = at;
	*list = NULL;
	he->h_name = strcpy(at, found->name);
	return 0;
}

/**
 * to_h_errno() - Error of the old interface for one of the new
 * @eai:	EAI_*
 *
 * Return: NO_RECOVERY, ...
 */
static int to_h_errno(int eai)
{
	switch (eai) {
	case EAI_AGAIN:
		return TRY_AGAIN;
	case EAI_NODATA:
		return NO_DATA;
	case EAI_NONAME:
		return HOST_NOT_FOUND;
	default:
		return NO_RECOVERY;
	}
}

/**
 * finish() - Give what was found, or why nothing was
 * @eai:	0 or EAI_*
 * @found:	name and addresses
 * @family:	family of the addresses
 * @he:		receives it
 * @buf:	buffer
 * @len:	its size
 * @res:	receives @he or NULL
 * @herr:	receives the h_errno
 *
 * Return: 0 (also for "not found"), ERANGE, EAGAIN
 */
static int finish(int eai, const struct dns_found *found, int family,
		  struct hostent *he, char *buf, size_t len,
		  struct hostent **res, int *herr)
{
	int ret;

	*res = NULL;
	if (eai) {
		*herr = to_h_errno(eai);
		return eai == EAI_AGAIN ? EAGAIN : 0;
	}
	ret = pack(found, family, he, buf, len);
	*herr = ret ? NETDB_INTERNAL : 0;
	if (!ret)
		*res = he;
	errno = ret ? ret : errno;
	return ret;
}

/**
 * find() - Find the addresses of a host, of one family
 * @name:	name or numeric address
 * @family:	AF_INET or AF_INET6
 * @found:	receives what was found; all zero before
 *
 * Return: 0 or EAI_*
 */
static int find(const char *name, int family, struct dns_found *found)
{
	struct dns_addr addr;

	if (family != AF_INET && family != AF_INET6)
		return EAI_FAMILY;
	if (strchr(name, '%'))
		return EAI_NONAME;	/* no place for an interface */
	if (!dns_parse_addr(name, &addr))
		return host_lookup(name, family, found);
	if (addr.family != family)
		return EAI_NONAME;
	snprintf(found->name, sizeof(found->name), "%s", name);
	dns_found_add(found, &addr);
	return found->err;
}

/**
 * gethostbyname2_r() - Addresses of a host, of one family
 * @name:	name or numeric address
 * @family:	AF_INET or AF_INET6
 * @he:		receives it
 * @buf:	buffer for what it points to
 * @len:	its size
 * @res:	receives @he or NULL
 * @herr:	receives the h_errno
 *
 * Return: 0 (also for "not found"), ERANGE, EAGAIN
 */
EXPORT int gethostbyname2_r(const char *restrict name, int family,
			    struct hostent *restrict he, char *restrict buf,
			    size_t len, struct hostent **restrict res,
			    int *restrict herr)
{
	struct dns_found found = { 0 };
	int eai = find(name, family, &found);
	int ret = finish(eai, &found, family, he, buf, len, res, herr);

	dns_found_free(&found);
	return ret;
}

/**
 * gethostbyname_r() - IPv4 addresses of a host
 * @name:	name or numeric address
 * @he:		receives it
 * @buf:	buffer for what it points to
 * @len:	its size
 * @res:	receives @he or NULL
 * @herr:	receives the h_errno
 *
 * Return: 0 (also for "not found"), ERANGE, EAGAIN
 */
EXPORT int gethostbyname_r(const char *restrict name,
			   struct hostent *restrict he, char *restrict buf,
			   size_t len, struct hostent **restrict res,
			   int *restrict herr)
{
	return gethostbyname2_r(name, AF_INET, he, buf, len, res, herr);
}

/**
 * find_names() - Find the names of an address
 * @bytes:	address
 * @len:	its size
 * @family:	AF_INET or AF_INET6
 * @found:	receives it with its names; all zero before. An address that
 *		stands for an IPv4 one becomes that
 *
 * Return: 0 or EAI_*
 */
static int find_names(const void *bytes, socklen_t len, int family,
		      struct dns_found *found)
{
	struct dns_addr addr = { .family = family };
	int ret;

	if ((family != AF_INET && family != AF_INET6) ||
	    len < (socklen_t)dns_addr_len(family))
		return EAI_FAMILY;
	memcpy(addr.bytes, bytes, dns_addr_len(family));
	dns_unmap(&addr);
	ret = host_reverse(&addr, found);
	if (!ret)
		dns_found_add(found, &addr);
	return ret ? ret : found->err;
}

/**
 * gethostbyaddr_r() - Name of an address
 * @addr:	address
 * @alen:	its size
 * @family:	AF_INET or AF_INET6
 * @he:		receives it
 * @buf:	buffer for what it points to
 * @len:	its size
 * @res:	receives @he or NULL
 * @herr:	receives the h_errno
 *
 * Return: 0 (also for "not found"), ERANGE, EAGAIN
 */
EXPORT int gethostbyaddr_r(const void *restrict addr, socklen_t alen,
			   int family, struct hostent *restrict he,
			   char *restrict buf, size_t len,
			   struct hostent **restrict res, int *restrict herr)
{
	struct dns_found found = { 0 };
	int eai = find_names(addr, alen, family, &found), ret;

	if (!eai)
		family = found.addrs->family;
	ret = finish(eai, &found, family, he, buf, len, res, herr);
	dns_found_free(&found);
	return ret;
}

/* What the old interface returns stays until the next call of the thread. */
static __thread struct hostent own_entry;
static pthread_key_t own_key;
static pthread_once_t own_once = PTHREAD_ONCE_INIT;

static void make_own_key(void)
{
	pthread_key_create(&own_key, free);
}

/**
 * own_room() - The buffer of this thread, in place of the one before
 * @size:	bytes wanted
 *
 * Return: the buffer, or NULL
 */
static char *own_room(size_t size)
{
	char *buf = malloc(size);

	pthread_once(&own_once, make_own_key);
	free(pthread_getspecific(own_key));
	pthread_setspecific(own_key, buf);
	return buf;
}

/**
 * own_result() - Give what was found, in the buffer of this thread
 * @eai:	0 or EAI_*
 * @found:	names and addresses; is freed
 * @family:	family of the addresses
 *
 * Return: entry of the calling thread, or NULL with h_errno
 */
static struct hostent *own_result(int eai, struct dns_found *found, int family)
{
	size_t size = pack_size(found, family);
	char *buf = own_room(size);
	struct hostent *res;
	int herr;

	finish(eai, found, family, &own_entry, buf, buf ? size : 0, &res,
	       &herr);
	dns_found_free(found);
	if (!res)
		h_errno = herr;
	return res;
}

/**
 * gethostbyname2() - Addresses of a host, of one family
 * @name:	name or numeric address
 * @family:	AF_INET or AF_INET6
 *
 * Return: entry of the calling thread, or NULL with h_errno
 */
EXPORT struct hostent *gethostbyname2(const char *name, int family)
{
	struct dns_found found = { 0 };
	int eai = find(name, family, &found);

	return own_result(eai, &found, family);
}

/**
 * gethostbyname() - IPv4 addresses of a host
 * @name:	name or numeric address
 *
 * Return: entry of the calling thread, or NULL with h_errno
 */
EXPORT struct hostent *gethostbyname(const char *name)
{
	return gethostbyname2(name, AF_INET);
}

/**
 * gethostbyaddr() - Name of an address
 * @addr:	address
 * @len:	its size
 * @family:	AF_INET or AF_INET6
 *
 * Return: entry of the calling thread, or NULL with h_errno
 */
EXPORT struct hostent *gethostbyaddr(const void *addr, socklen_t len,
				     int family)
{
	struct dns_found found = { 0 };
	int eai = find_names(addr, len, family, &found);

	if (!eai)
		family = found.addrs->family;
	return own_result(eai, &found, family);
}
