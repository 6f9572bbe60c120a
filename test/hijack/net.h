/* SPDX-License-Identifier: GPL-2.0 */
/*
 * net.h - Connected sockets over the loopback interface
 */
#ifndef TEST_NET_H
#define TEST_NET_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"

/**
 * net_listen() - Make a listening TCP socket on 127.0.0.1
 * @sa:	receives its address
 *
 * Return: the socket
 */
__attribute__((unused)) static int net_listen(struct sockaddr_in *sa)
{
	socklen_t len = sizeof(*sa);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	memset(sa, 0, sizeof(*sa));
	sa->sin_family = AF_INET;
	sa->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(fd >= 0);
	must(!bind(fd, (struct sockaddr *)sa, sizeof(*sa)));
	must(!listen(fd, 16));
	must(!getsockname(fd, (struct sockaddr *)sa, &len));
	return fd;
}

/**
 * net_pair() - Make two connected TCP sockets
 * @fds:	receives them
 */
__attribute__((unused)) static void net_pair(int fds[2])
{
	struct sockaddr_in sa;
	int listener = net_listen(&sa);

	fds[0] = socket(AF_INET, SOCK_STREAM, 0);
	must(fds[0] >= 0);
	must(!connect(fds[0], (struct sockaddr *)&sa, sizeof(sa)));
	fds[1] = accept(listener, NULL, NULL);
	must(fds[1] >= 0);
	must(!close(listener));
}

#endif /* TEST_NET_H */
