// SPDX-License-Identifier: GPL-2.0
/*
 * slirp_forward.c - List of the host's ports that are forwarded to the guest
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netdev.h"
#include "slirp_forward.h"

/**
 * take_port() - Read ":PORT"
 * @at:		text, moved behind it
 *
 * Return: the port, 0 if there is none
 */
static int take_port(const char **at)
{
	int port = 0;

	if (*(*at)++ != ':')
		return 0;
	while (**at >= '0' && **at <= '9' && port <= 65535)
		port = 10 * port + *(*at)++ - '0';
	return port <= 65535 ? port : 0;
}

/**
 * take_forward() - Read one entry
 * @at:		text, moved behind it
 * @fwd:	receives the entry
 *
 * Return: false if it is malformed; @at is somewhere in it then
 */
static bool take_forward(const char **at, struct forward *fwd)
{
	if (strncmp(*at, "tcp:", 4) && strncmp(*at, "udp:", 4))
		return false;
	fwd->udp = **at == 'u';
	*at += 3;
	fwd->host_port = take_port(at);
	if (!fwd->host_port)
		return false;
	fwd->guest_port = take_port(at);
	return fwd->guest_port && (!**at || **at == ',');
}

/**
 * udp_port_taken() - Has the host a UDP socket on this port?
 * @port:	port
 *
 * libslirp sets SO_REUSEADDR, with which two UDP sockets share a port and one
 * of them gets nothing. So ask without.
 *
 * Return: true if it has
 */
static bool udp_port_taken(int port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool taken = bind(sock, (struct sockaddr *)&addr, sizeof(addr)) &&
		     errno == EADDRINUSE;

	close(sock);
	return taken;
}

/**
 * forward_each() - Set up every entry of a list
 * @list:	"tcp:HOSTPORT:GUESTPORT,udp:...", may be NULL or ""
 * @fn:		sets one up
 * @opaque:	for @fn
 *
 * Return: false: see lkl_netdev_error()
 */
bool forward_each(const char *list, forward_fn fn, void *opaque)
{
	for (const char *at = list; at && *at; at += *at == ',') {
		const char *entry = at;
		struct forward fwd;
		int err;

		if (!take_forward(&at, &fwd)) {
			netdev_fail("slirp: forward '%.*s': expected tcp:HOSTPORT:GUESTPORT or udp:HOSTPORT:GUESTPORT, ports 1 to 65535",
				    (int)strcspn(entry, ","), entry);
			return false;
		}
		err = fwd.udp && udp_port_taken(fwd.host_port) ?
			EADDRINUSE : fn(opaque, &fwd);
		if (err) {
			netdev_fail("slirp: forward '%.*s': host port %d of 127.0.0.1: %s",
				    (int)(at - entry), entry, fwd.host_port,
				    strerror(err));
			return false;
		}
	}
	return true;
}
