// SPDX-License-Identifier: GPL-2.0
/*
 * rcmd.c - Commands on other machines, and the ports that vouch for root
 *
 * libc's own make their sockets inside. What they print is what libc prints.
 */
#include "calls.h"

#include <netinet/in.h>

/* Exported by libc, but in no header: name and password of ~/.netrc. */
int ruserpass(const char *host, const char **name, const char **password);

#define LOWEST_PORT	(IPPORT_RESERVED / 2)
#define LONGEST_WAIT	16	/* seconds between attempts */

union address {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_storage any;
};

/* Where the port is, in both families. */
static in_port_t *port_of(union address *address)
{
	return address->sa.sa_family == AF_INET6 ? &address->in6.sin6_port :
						   &address->in.sin_port;
}

/* Size of an address of this family, 0: none that we know. */
static socklen_t address_size(sa_family_t family)
{
	return family == AF_INET ? sizeof(struct sockaddr_in) :
	       family == AF_INET6 ? sizeof(struct sockaddr_in6) : 0;
}

/**
 * bindresvport() - Bind a socket to a reserved port
 * @fd:		socket
 * @sin:	address, receives the port; NULL: any
 *
 * Return: 0, or -1 with errno (EADDRINUSE: none is free)
 */
EXPORT int bindresvport(int fd, struct sockaddr_in *sin)
{
	enum { FIRST = 600, COUNT = IPPORT_RESERVED - FIRST };
	struct sockaddr_in any = { .sin_family = AF_INET };
	static int next;

	if (!sin) {
		sin = &any;
	} else if (sin->sin_family != AF_INET) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	if (!next)
		next = getpid();
	for (int i = 0; i < COUNT; i++) {
		sin->sin_port = htons(FIRST + (unsigned int)next++ % COUNT);
		if (!bind(fd, (struct sockaddr *)sin, sizeof(*sin)))
			return 0;
		if (errno != EADDRINUSE)
			return -1;
	}
	return -1;
}

/**
 * rresvport_af() - Make a socket that is bound to a reserved port
 * @port:	port to begin with, going down; receives the one taken
 * @family:	AF_INET or AF_INET6
 *
 * Return: the socket, or -1 with errno (EAGAIN: none is free)
 */
EXPORT int rresvport_af(int *port, sa_family_t family)
{
	union address address = { .any.ss_family = family };
	socklen_t size = address_size(family);
	int fd, first;

	if (!size) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	fd = socket(family, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (*port < LOWEST_PORT)
		*port = LOWEST_PORT;
	else if (*port >= IPPORT_RESERVED)
		*port = IPPORT_RESERVED - 1;
	first = *port;
	do {
		*port_of(&address) = htons(*port);
		if (!bind(fd, &address.sa, size))
			return fd;
		if (errno != EADDRINUSE)
			goto fail;
		if ((*port)-- == LOWEST_PORT)
			*port = IPPORT_RESERVED - 1;
	} while (*port != first);
	errno = EAGAIN;
fail:
	first = errno;
	close(fd);
	errno = first;
	return -1;
}

EXPORT int rresvport(int *port)
{
	return rresvport_af(port, AF_INET);
}

/**
 * find_host() - Look a machine up
 * @host:	its name; receives the canonical one, kept until the next call
 * @port:	port, network order
 * @family:	AF_*
 * @list:	receives its addresses
 *
 * Return: 0 or EAI_*
 */
static int find_host(char **host, uint16_t port, sa_family_t family,
		     struct addrinfo **list)
{
	struct addrinfo hints = {
		.ai_flags = AI_CANONNAME,
		.ai_family = family,
		.ai_socktype = SOCK_STREAM,
	};
	static char *canonical;
	char service[8];
	int err;

	snprintf(service, sizeof(service), "%d", ntohs(port));
	err = getaddrinfo(*host, service, &hints, list);
	if (err)
		return err;
	free(canonical);
	canonical = strdup((*list)->ai_canonname ?: *host);
	if (canonical)
		*host = canonical;
	return 0;
}

/* "connect to address ...", as libc prints it. */
static void tell_refusal(const struct addrinfo *ai)
{
	char text[NI_MAXHOST];
	int err = errno;

	getnameinfo(ai->ai_addr, ai->ai_addrlen, text, sizeof(text), NULL, 0,
		    NI_NUMERICHOST);
	fprintf(stderr, "connect to address %s: %s\n", text, strerror(err));
	ai = ai->ai_next;
	getnameinfo(ai->ai_addr, ai->ai_addrlen, text, sizeof(text), NULL, 0,
		    NI_NUMERICHOST);
	fprintf(stderr, "Trying %s...\n", text);
}

/**
 * reach() - Connect to one of a machine's addresses
 * @list:	addresses; each is tried, and all again if they refuse
 * @port:	reserved port to begin with, updated; NULL: any port of ours
 *
 * Return: the socket, or -1; what is wrong has been printed
 */
static int reach(const struct addrinfo *list, int *port)
{
	const struct addrinfo *ai = list;
	bool refused = false;
	unsigned int wait = 1;
	int fd;

	for (;;) {
		fd = port ? rresvport_af(port, ai->ai_family) :
			    socket(ai->ai_family, ai->ai_socktype, 0);
		if (fd < 0) {
			if (port && errno == EAGAIN)
				fputs("rcmd: socket: All ports in use\n",
				      stderr);
			else
				perror(port ? "rcmd: socket" : "rexec: socket");
			return -1;
		}
		if (port)
			fcntl(fd, F_SETOWN, getpid());
		if (!connect(fd, ai->ai_addr, ai->ai_addrlen))
			return fd;
		close(fd);
		if (port && errno == EADDRINUSE) {
			(*port)--;
			continue;
		}
		refused |= errno == ECONNREFUSED;
		if (ai->ai_next) {
			tell_refusal(ai);
			ai = ai->ai_next;
		} else if (refused && wait <= LONGEST_WAIT) {
			sleep(wait);
			wait *= 2;
			ai = list;
			refused = false;
		} else {
			perror(port ? "rcmd" : "rexec");
			return -1;
		}
	}
}

/**
 * second_connection() - Have the other side connect, for its errors
 * @fd:		first connection
 * @port:	reserved port to begin with; NULL: any
 *
 * Return: the connection, or -1; what is wrong has been printed
 */
static int second_connection(int fd, int *port)
{
	union address from = { 0 }, own = { 0 };
	socklen_t size = sizeof(own);
	struct pollfd fds[2] = { { .fd = fd, .events = POLLIN } };
	int listener, conn = -1;
	char text[8];

	if (getsockname(fd, &own.sa, &size))
		return -1;
	listener = port ? rresvport_af(port, own.sa.sa_family) :
			  socket(own.sa.sa_family, SOCK_STREAM, 0);
	if (listener < 0)
		return -1;
	size = sizeof(own);
	if (listen(listener, 1) || getsockname(listener, &own.sa, &size))
		goto end;
	snprintf(text, sizeof(text), "%d", ntohs(*port_of(&own)));
	if (write(fd, text, strlen(text) + 1) < 0) {
		perror("write: setting up stderr");
		goto end;
	}
	fds[1] = (struct pollfd){ .fd = listener, .events = POLLIN };
	errno = 0;
	if (poll(fds, 2, -1) < 1 || !(fds[1].revents & POLLIN)) {
		if (errno)
			perror("poll: setting up stderr");
		else
			fputs("poll: protocol failure in circuit setup\n",
			      stderr);
		goto end;
	}
	size = sizeof(from);
	conn = accept(listener, &from.sa, &size);
	if (conn < 0) {
		perror("accept");
	} else if (port && (ntohs(*port_of(&from)) >= IPPORT_RESERVED ||
			    ntohs(*port_of(&from)) < LOWEST_PORT)) {
		fputs("socket: protocol failure in circuit setup\n", stderr);
		close(conn);
		conn = -1;
	}
end:
	close(listener);
	return conn;
}

/**
 * ask() - Name the user and the command, and hear what comes of it
 * @fd:		connection
 * @texts:	what to say, each is sent with its end
 *
 * Return: true if it is accepted; a refusal has been printed
 */
static bool ask(int fd, const char *const texts[3])
{
	struct iovec iov[3];
	ssize_t n;
	char c;

	for (int i = 0; i < 3; i++)
		iov[i] = (struct iovec){ (char *)texts[i],
					 strlen(texts[i]) + 1 };
	while (writev(fd, iov, 3) < 0 && errno == EINTR)
		;
	n = read(fd, &c, 1);
	if (n == 1 && !c)
		return true;
	if (n < 0)
		perror(texts[2]);
	else if (n == 0)
		fputs("rcmd: short read\n", stderr);
	while (n == 1 && (n = read(fd, &c, 1)) == 1) {
		fputc(c, stderr);
		if (c == '\n')
			break;
	}
	return false;
}

/**
 * begin() - Begin the command, when the connection is there
 * @fd:		connection; closed on failure
 * @texts:	what to say
 * @port:	as of second_connection()
 * @fd2:	receives the connection for errors; NULL: none is wanted
 *
 * Return: @fd or -1
 */
static int begin(int fd, const char *const texts[3], int *port, int *fd2)
{
	int errors = -1;

	if (fd < 0)
		return -1;
	if (fd2)
		errors = second_connection(fd, port);
	else
		write(fd, "", 1);
	if ((!fd2 || errors >= 0) && ask(fd, texts)) {
		if (fd2)
			*fd2 = errors;
		return fd;
	}
	if (errors >= 0)
		close(errors);
	close(fd);
	return -1;
}

/**
 * rcmd_af() - Run a command on another machine, trusted by our port
 * @host:	the machine; receives its canonical name
 * @port:	port there, network order
 * @local:	user here
 * @remote:	user there
 * @command:	command
 * @fd2:	receives a connection for its errors; NULL: none is wanted
 * @family:	AF_*
 *
 * Return: a connection with it, or -1; what is wrong has been printed
 */
EXPORT int rcmd_af(char **restrict host, unsigned short port,
		   const char *restrict local, const char *restrict remote,
		   const char *restrict command, int *restrict fd2,
		   sa_family_t family)
{
	const char *texts[] = { local, remote, command };
	int from = IPPORT_RESERVED - 1, fd, err;
	struct addrinfo *list;
	sigset_t urgent, old;

	if (family != AF_UNSPEC && !address_size(family)) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	err = find_host(host, port, family, &list);
	if (err) {
		if (err == EAI_NONAME && *host)
			fprintf(stderr, "%s: Unknown host\n", *host);
		else
			fprintf(stderr, "rcmd: getaddrinfo: %s\n",
				gai_strerror(err));
		return -1;
	}
	sigemptyset(&urgent);
	sigaddset(&urgent, SIGURG);
	sigprocmask(SIG_BLOCK, &urgent, &old);
	fd = reach(list, &from);
	from--;
	fd = begin(fd, texts, &from, fd2);
	sigprocmask(SIG_SETMASK, &old, NULL);
	freeaddrinfo(list);
	return fd;
}

EXPORT int rcmd(char **restrict host, unsigned short port,
		const char *restrict local, const char *restrict remote,
		const char *restrict command, int *restrict fd2)
{
	return rcmd_af(host, port, local, remote, command, fd2, AF_INET);
}

/**
 * rexec_af() - Run a command on another machine, with a password
 * @host:	the machine; receives its canonical name
 * @port:	port there, network order
 * @name:	user there; NULL: asked for, or of ~/.netrc
 * @password:	the user's; likewise
 * @command:	command
 * @fd2:	receives a connection for its errors; NULL: none is wanted
 * @family:	AF_*
 *
 * Return: a connection with it, or -1; what is wrong has been printed
 */
EXPORT int rexec_af(char **restrict host, int port, const char *name,
		    const char *password, const char *restrict command,
		    int *restrict fd2, sa_family_t family)
{
	struct addrinfo *list;
	int fd;

	if (find_host(host, port, family, &list))
		return -1;
	ruserpass(*host, &name, &password);
	fd = begin(reach(list, NULL),
		   (const char *const[]){ name, password, command }, NULL, fd2);
	freeaddrinfo(list);
	return fd;
}

EXPORT int rexec(char **restrict host, int port, const char *restrict name,
		 const char *restrict password, const char *restrict command,
		 int *restrict fd2)
{
	return rexec_af(host, port, name, password, command, fd2, AF_INET);
}
