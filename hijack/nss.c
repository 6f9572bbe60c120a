// SPDX-License-Identifier: GPL-2.0
/*
 * nss.c - What libc looks up in its databases for a call of another kind
 *
 * Most of them are files, or asked for over a local socket. Where libc would ask
 * name servers inside itself, we ask instead (gethostid(), ruserok()), or
 * leave it the file alone: /etc/networks, and hosts that a .rhosts file names.
 */
#include "calls.h"
#include "dns.h"

#include <netdb.h>
#include <nss.h>

/**
 * gethostid() - Get the number of this machine
 *
 * Return: that of /etc/hostid, or one made of the address of its name; 0: none
 */
EXPORT long gethostid(void)
{
	int fd = open("/etc/hostid", O_RDONLY | O_CLOEXEC);
	struct dns_found found = { 0 };
	char name[DNS_NAME] = "";
	uint32_t address = 0;
	int32_t id;
	ssize_t n;

	if (fd >= 0) {
		n = read(fd, &id, sizeof(id));
		close(fd);
		if (n == sizeof(id))
			return id;
	}
	if (!gethostname(name, sizeof(name) - 1) && *name &&
	    !host_lookup(name, AF_INET, &found) && found.n)
		memcpy(&address, found.addrs[0].bytes, sizeof(address));
	dns_found_free(&found);
	return (int32_t)(address << 16 | address >> 16);
}

static void set_files_only(void)
{
	__nss_configure_lookup("networks", "files");
	__nss_configure_lookup("hosts", "files");
}

/* Looks up in files; what libc would ask name servers for, it does not find. */
static void files_only(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, set_files_only);
}

EXPORT struct netent *getnetbyname(const char *name)
{
	files_only();
	return HOST(getnetbyname)(name);
}

EXPORT int getnetbyname_r(const char *restrict name,
			  struct netent *restrict entry, char *restrict buf,
			  size_t len, struct netent **restrict result,
			  int *restrict herr)
{
	files_only();
	return HOST(getnetbyname_r)(name, entry, buf, len, result, herr);
}

EXPORT struct netent *getnetbyaddr(uint32_t net, int type)
{
	files_only();
	return HOST(getnetbyaddr)(net, type);
}

EXPORT int getnetbyaddr_r(uint32_t net, int type,
			  struct netent *restrict entry, char *restrict buf,
			  size_t len, struct netent **restrict result,
			  int *restrict herr)
{
	files_only();
	return HOST(getnetbyaddr_r)(net, type, entry, buf, len, result, herr);
}

EXPORT int iruserok_af(const void *addr, int superuser, const char *remote,
		       const char *local, sa_family_t family)
{
	files_only();
	return HOST(iruserok_af)(addr, superuser, remote, local, family);
}

EXPORT int iruserok(uint32_t addr, int superuser, const char *remote,
		    const char *local)
{
	return iruserok_af(&addr, superuser, remote, local, AF_INET);
}

/**
 * ruserok_af() - May a user of another machine log in here?
 * @host:	the machine
 * @superuser:	it is about root: only ~/.rhosts counts
 * @remote:	user there
 * @local:	user here
 * @family:	AF_*
 *
 * Return: 0, or -1
 */
EXPORT int ruserok_af(const char *host, int superuser, const char *remote,
		      const char *local, sa_family_t family)
{
	struct addrinfo hints = { .ai_family = family }, *list, *i;
	const void *addr;
	int ret = -1;

	if (getaddrinfo(host, NULL, &hints, &list))
		return -1;
	for (i = list; i && ret; i = i->ai_next) {
		addr = i->ai_family == AF_INET ?
		       (void *)&((struct sockaddr_in *)i->ai_addr)->sin_addr :
		       (void *)&((struct sockaddr_in6 *)i->ai_addr)->sin6_addr;
		ret = iruserok_af(addr, superuser, remote, local, i->ai_family);
	}
	freeaddrinfo(list);
	return ret;
}

EXPORT int ruserok(const char *host, int superuser, const char *remote,
		   const char *local)
{
	return ruserok_af(host, superuser, remote, local, AF_INET);
}
