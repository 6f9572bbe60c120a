// SPDX-License-Identifier: GPL-2.0
/*
 * names.c - Names of interfaces, hosts and files are those of the LKL network
 */
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netpacket/packet.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "net.h"

static void interfaces(void)
{
	bool link = false, v4 = false;
	struct ifaddrs *list, *i;
	struct if_nameindex *names;
	char name[IF_NAMESIZE];

	must(!getifaddrs(&list));
	for (i = list; i; i = i->ifa_next) {
		if (strcmp(i->ifa_name, "lo") || !i->ifa_addr)
			continue;
		link |= i->ifa_addr->sa_family == AF_PACKET &&
			i->ifa_flags & IFF_LOOPBACK;
		v4 |= i->ifa_addr->sa_family == AF_INET &&
		      ((struct sockaddr_in *)i->ifa_addr)->sin_addr.s_addr ==
		      htonl(INADDR_LOOPBACK) &&
		      ((struct sockaddr_in *)i->ifa_netmask)->sin_addr.s_addr ==
		      htonl(0xff000000);
	}
	freeifaddrs(list);
	ok(link, "getifaddrs: lo as a link");
	ok(v4, "getifaddrs: 127.0.0.1/8 on lo");
	ok(if_nametoindex("lo") == 1, "if_nametoindex");
	errno = 0;
	ok(if_nametoindex("nosuch0") == 0 && errno == ENODEV,
	   "if_nametoindex: ENODEV");
	ok(if_indextoname(1, name) == name && !strcmp(name, "lo"),
	   "if_indextoname");
	errno = 0;
	ok(!if_indextoname(12345, name) && errno == ENXIO,
	   "if_indextoname: ENXIO");
	names = if_nameindex();
	ok(names && names[0].if_index == 1 && !strcmp(names[0].if_name, "lo"),
	   "if_nameindex");
	if_freenameindex(names);
}

/* An AF_UNIX socket must answer about the LKL network as well. */
static void by_unix_socket(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	ok(!ioctl(fd, SIOCGIFINDEX, &ifr) && ifr.ifr_ifindex == 1,
	   "SIOCGIFINDEX on an AF_UNIX socket");
	close(fd);
}

static int lookup(const char *node, const char *service, int family, int flags,
		  struct addrinfo **res)
{
	struct addrinfo hints = {
		.ai_family = family, .ai_flags = flags,
		.ai_socktype = SOCK_STREAM,
	};

	return getaddrinfo(node, service, &hints, res);
}

static void hosts(void)
{
	struct addrinfo *res = NULL;
	struct sockaddr_in *in;
	struct sockaddr_in6 *in6;
	struct hostent *he;
	char host[64], serv[64];

	ok(!lookup("192.0.2.1", "80", AF_UNSPEC, 0, &res) && !res->ai_next,
	   "a numeric address gives one entry");
	in = (struct sockaddr_in *)res->ai_addr;
	ok(res->ai_family == AF_INET && in->sin_port == htons(80) &&
	   in->sin_addr.s_addr == inet_addr("192.0.2.1"), "with its address");
	ok(!getnameinfo(res->ai_addr, res->ai_addrlen, host, sizeof(host),
			serv, sizeof(serv), NI_NUMERICHOST) &&
	   !strcmp(host, "192.0.2.1") && !strcmp(serv, "http"),
	   "getnameinfo gives both back");
	freeaddrinfo(res);
	ok(!lookup("fe80::1%lo", "80", AF_INET6, 0, &res),
	   "an address with a scope");
	in6 = (struct sockaddr_in6 *)res->ai_addr;
	ok(in6->sin6_scope_id == 1, "has it");
	freeaddrinfo(res);
	ok(!lookup("192.0.2.1", "http", AF_INET6, AI_V4MAPPED, &res) &&
	   res->ai_family == AF_INET6, "AI_V4MAPPED");
	freeaddrinfo(res);
	ok(lookup("192.0.2.1", NULL, AF_INET6, 0, &res) == EAI_ADDRFAMILY,
	   "the other family is EAI_ADDRFAMILY");
	ok(lookup("host.invalid", NULL, AF_INET, AI_NUMERICHOST, &res) ==
	   EAI_NONAME, "AI_NUMERICHOST with a name is EAI_NONAME");
	ok(lookup("localhost", "nosuchservice", AF_INET, 0, &res) ==
	   EAI_SERVICE, "an unknown service is EAI_SERVICE");
	ok(lookup(NULL, NULL, AF_INET, 0, &res) == EAI_NONAME,
	   "nothing at all is EAI_NONAME");
	ok(!lookup("localhost", "22", AF_INET, AI_CANONNAME, &res) &&
	   res->ai_canonname, "localhost is found");
	in = (struct sockaddr_in *)res->ai_addr;
	ok(in->sin_addr.s_addr == htonl(INADDR_LOOPBACK), "as 127.0.0.1");
	freeaddrinfo(res);
	ok(!lookup(NULL, "22", AF_INET, AI_PASSIVE, &res), "AI_PASSIVE");
	in = (struct sockaddr_in *)res->ai_addr;
	ok(in->sin_addr.s_addr == INADDR_ANY, "is any address");
	freeaddrinfo(res);
	he = gethostbyname("localhost");
	ok(he && he->h_length == 4 &&
	   *(in_addr_t *)he->h_addr_list[0] == htonl(INADDR_LOOPBACK),
	   "gethostbyname");
}

static void files(void)
{
	char line[256];
	bool lo = false;
	struct stat st;
	FILE *f;
	int fd;

	f = fopen("/proc/net/dev", "r");
	ok(f, "fopen of /proc/net/dev");
	while (f && fgets(line, sizeof(line), f))
		lo |= strstr(line, "lo:") != NULL;
	ok(lo, "lists lo");
	if (f)
		fclose(f);
	fd = open("/proc/sys/net/ipv4/ip_forward", O_RDONLY);
	ok(fd >= 0 && read(fd, line, sizeof(line)) == 2,
	   "/proc/sys/net can be read");
	close(fd);
	ok(!stat("/sys/class/net/lo/mtu", &st), "/sys/class/net has lo");
	ok(access("/sys/class/net/nosuch0", F_OK) == -1 && errno == ENOENT,
	   "and not what does not exist");
	ok(!stat("/proc/self/status", &st), "other files are the host's");
}

int main(void)
{
	interfaces();
	by_unix_socket();
	hosts();
	files();
	return tap_done();
}
