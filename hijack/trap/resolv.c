// SPDX-License-Identifier: GPL-2.0
/*
 * resolv.c - /etc/resolv.conf, as a trapped program is to see it
 *
 * A program without our libc looks names up itself; its questions leave through
 * LKL, and have to go to a name server that can be reached from there: the one
 * that getaddrinfo() of other programs asks (dns_conf.c).
 */
#include "dns.h"
#include "fdtab.h"
#include "trap.h"

#include <arpa/inet.h>

/* The lines of the file. */
static void print_conf(FILE *f, const struct dns_conf *conf)
{
	char text[INET6_ADDRSTRLEN];

	for (int i = 0; i < conf->servers; i++) {
		const struct sockaddr_in6 *in6 = &conf->server[i];
		const struct sockaddr_in *in = (const void *)in6;
		bool v4 = in6->sin6_family == AF_INET;

		inet_ntop(in6->sin6_family,
			  v4 ? (const void *)&in->sin_addr : &in6->sin6_addr,
			  text, sizeof(text));
		fprintf(f, "nameserver %s", text);
		if (!v4 && in6->sin6_scope_id)
			fprintf(f, "%%%u", in6->sin6_scope_id);
		fputc('\n', f);
	}
	for (int i = 0; i < conf->searches; i++)
		fprintf(f, "%s%s", i ? " " : "search ", conf->search[i]);
	fprintf(f, "%soptions ndots:%d timeout:%d attempts:%d%s%s\n",
		conf->searches ? "\n" : "", conf->ndots, conf->timeout / 1000,
		conf->attempts, conf->use_tcp ? " use-vc" : "",
		conf->no_aaaa ? " no-aaaa" : "");
}

/**
 * trap_open_resolv() - Open what stands for /etc/resolv.conf
 * @flags:	of open()
 *
 * Return: descriptor, or a negative errno
 */
long trap_open_resolv(int flags)
{
	struct dns_conf conf;
	char *text = NULL;
	size_t len = 0;
	FILE *f;
	long fd;

	dns_conf_read(&conf);
	f = open_memstream(&text, &len);
	if (!f)
		return -ENOMEM;
	print_conf(f, &conf);
	if (fclose(f))
		return -ENOMEM;
	fd = RAW(SYS_memfd_create, "resolv.conf",
		 flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
	if (fd >= 0) {
		fdtab_born(fd);
		RAW(SYS_pwrite64, fd, text, len, 0);
	}
	free(text);
	return fd;
}
