// SPDX-License-Identifier: GPL-2.0
/*
 * lookups.c - What the resolver's functions give, as text
 *
 * Not a test by itself: the same questions are asked on the host and under the
 * library, and the answers compared. Its arguments are names of hosts and
 * numeric addresses.
 */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <resolv.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void print_sockaddr(const struct sockaddr *sa, socklen_t len)
{
	const struct sockaddr_in6 *in6 = (const void *)sa;
	const struct sockaddr_in *in = (const void *)sa;
	char text[INET6_ADDRSTRLEN];

	if (sa->sa_family == AF_INET)
		printf(" %s:%d", inet_ntop(AF_INET, &in->sin_addr, text, len),
		       ntohs(in->sin_port));
	else
		printf(" [%s%%%u]:%d", inet_ntop(AF_INET6, &in6->sin6_addr, text,
						 sizeof(text)),
		       in6->sin6_scope_id, ntohs(in6->sin6_port));
}

/* What getaddrinfo() has given; frees it. */
static void print_list(int err, struct addrinfo *list)
{
	if (err)
		printf(" %s", gai_strerror(err));
	for (struct addrinfo *i = list; i; i = i->ai_next) {
		printf(" %d/%d", i->ai_socktype, i->ai_protocol);
		print_sockaddr(i->ai_addr, i->ai_addrlen);
		if (i->ai_canonname)
			printf(" (%s)", i->ai_canonname);
	}
	printf("\n");
	if (list)
		freeaddrinfo(list);
}

static void by_getaddrinfo(const char *node, const char *service, int type,
			   int family, int flags)
{
	struct addrinfo hints = {
		.ai_family = family, .ai_socktype = type, .ai_flags = flags,
	};
	struct addrinfo *list = NULL;
	int err = getaddrinfo(node, service, &hints, &list);

	printf("getaddrinfo(%s, %s) type %d family %d flags %#x:",
	       node ? node : "-", service ? service : "-", type, family, flags);
	print_list(err, list);
}

static void print_hostent(const struct hostent *he)
{
	char text[INET6_ADDRSTRLEN];

	printf(" %s family %d", he->h_name, he->h_addrtype);
	for (char **alias = he->h_aliases; *alias; alias++)
		printf(" alias %s", *alias);
	for (char **addr = he->h_addr_list; *addr; addr++)
		printf(" %s", inet_ntop(he->h_addrtype, *addr, text,
					sizeof(text)));
}

static void by_gethostbyname(const char *node, int family)
{
	static const size_t sizes[] = { 8, 80, 4096 };
	struct hostent *he, entry;
	char buf[4096];
	int herr;

	h_errno = 0;
	he = gethostbyname2(node, family);
	printf("gethostbyname2(%s, %d):", node, family);
	if (he)
		print_hostent(he);
	else
		printf(" %s", hstrerror(h_errno));
	printf("\n");
	for (size_t i = 0; i < COUNT(sizes); i++) {
		int err = gethostbyname2_r(node, family, &entry, buf, sizes[i],
					   &he, &herr);

		if (err == ERANGE)
			continue;	/* how much is needed is libc's affair */
		printf("gethostbyname2_r(%s, %d): %d", node, family, err);
		if (he)
			print_hostent(he);
		else
			printf(" %s", hstrerror(herr));
		printf("\n");
		return;
	}
	printf("gethostbyname2_r(%s): ERANGE\n", node);
}

/* Numeric addresses to names. */
static void by_address(const char *text)
{
	static const int flags[] = {
		0, NI_NAMEREQD, NI_NUMERICHOST, NI_NOFQDN, NI_DGRAM,
		NI_NUMERICSERV, NI_NUMERICHOST | NI_NUMERICSERV,
	};
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *ai;
	struct hostent *he;
	bool v4;

	if (getaddrinfo(text, "514", &hints, &ai))
		return;
	for (size_t i = 0; i < COUNT(flags); i++) {
		char host[NI_MAXHOST] = "", serv[NI_MAXSERV] = "";
		int err = getnameinfo(ai->ai_addr, ai->ai_addrlen, host,
				      sizeof(host), serv, sizeof(serv),
				      flags[i]);

		printf("getnameinfo(%s) flags %#x: %s %s %s\n", text, flags[i],
		       err ? gai_strerror(err) : "", host, serv);
	}
	v4 = ai->ai_family == AF_INET;
	h_errno = 0;
	he = gethostbyaddr(v4 ? (void *)&((struct sockaddr_in *)ai->ai_addr)->sin_addr :
				(void *)&((struct sockaddr_in6 *)ai->ai_addr)->sin6_addr,
			   v4 ? 4 : 16, ai->ai_family);
	printf("gethostbyaddr(%s):", text);
	if (he)
		print_hostent(he);
	else
		printf(" %s", hstrerror(h_errno));
	printf("\n");
	freeaddrinfo(ai);
}

/* Raw answers: their length, response code and number of records. */
static void by_res(const char *node)
{
	unsigned char answer[65536];
	int len;

	for (int search = 0; search < 2; search++) {
		h_errno = 0;
		len = (search ? res_search : res_query)
			(node, ns_c_in, ns_t_a, answer, sizeof(answer));
		printf("%s(%s):", search ? "res_search" : "res_query", node);
		if (len < 0)
			printf(" %s\n", hstrerror(h_errno));
		else
			printf(" %d bytes, rcode %d, %d records\n", len,
			       answer[3] & 15, answer[6] << 8 | answer[7]);
	}
	h_errno = 0;
	len = res_querydomain(node, "test", ns_c_in, ns_t_a, answer,
			      sizeof(answer));
	printf("res_querydomain(%s, test): %d %s\n", node, len,
	       len < 0 ? hstrerror(h_errno) : "");
}

static void all_about(const char *node)
{
	static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };
	static const int flags[] = {
		0, AI_CANONNAME, AI_ADDRCONFIG, AI_V4MAPPED,
		AI_V4MAPPED | AI_ALL, AI_V4MAPPED | AI_ADDRCONFIG, AI_PASSIVE,
		AI_NUMERICHOST,
	};

	for (size_t f = 0; f < COUNT(families); f++)
		for (size_t i = 0; i < COUNT(flags); i++)
			by_getaddrinfo(node, "80", SOCK_STREAM, families[f],
				       flags[i]);
	by_gethostbyname(node, AF_INET);
	by_gethostbyname(node, AF_INET6);
	by_address(node);
	by_res(node);
}

static void by_protocol(int type, int protocol)
{
	static const char *const services[] = { NULL, "80", "domain" };
	struct addrinfo hints = {
		.ai_socktype = type, .ai_protocol = protocol,
	};

	for (size_t i = 0; i < COUNT(services); i++) {
		struct addrinfo *list = NULL;
		int err = getaddrinfo("192.0.2.1", services[i], &hints, &list);

		printf("getaddrinfo(%s) type %d protocol %d:",
		       services[i] ? services[i] : "-", type, protocol);
		print_list(err, list);
	}
}

/* Services, kinds of sockets, no node at all. */
static void in_general(void)
{
	static const char *const services[] = {
		NULL, "", "0", "http", "80", " 80", "+80", "-1", "99999", "80x", "shell",
		"ntp", "nosuchservice", "*",
	};
	static const int types[] = {
		0, SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_RDM,
	};
	static const int protocols[] = {
		IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, IPPROTO_SCTP,
		IPPROTO_DCCP, IPPROTO_ICMP, 255,
	};
	static const char *const nodes[] = { NULL, "", "*", "192.0.2.1" };

	for (size_t p = 0; p < COUNT(protocols); p++)
		for (size_t t = 0; t < COUNT(types); t++)
			by_protocol(types[t], protocols[p]);
	for (size_t n = 0; n < COUNT(nodes); n++)
		for (size_t s = 0; s < COUNT(services); s++) {
			for (size_t t = 0; t < COUNT(types); t++)
				by_getaddrinfo(nodes[n], services[s], types[t],
					       AF_INET, 0);
			by_getaddrinfo(nodes[n], services[s], SOCK_STREAM,
				       AF_UNSPEC, AI_PASSIVE);
			by_getaddrinfo(nodes[n], services[s], SOCK_STREAM,
				       AF_INET6, AI_NUMERICSERV);
			by_getaddrinfo(nodes[n], services[s], SOCK_STREAM,
				       AF_UNSPEC, AI_CANONNAME);
		}
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 1)
		in_general();
	for (int i = 1; i < argc; i++)
		all_about(argv[i]);
	return 0;
}
