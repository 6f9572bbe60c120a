// SPDX-License-Identifier: GPL-2.0
/*
 * res.c - The resolver interface of raw DNS messages: res_query() and others
 *
 * For programs that want records other than addresses. The functions with a
 * state argument take their servers from our configuration all the same: the
 * state is libc's and knows the host's.
 */
#include "calls.h"
#include "dns.h"

/* <resolv.h> redefines these names; their types are all we need. */
EXPORT int res_send(const unsigned char *msg, int len, unsigned char *answer,
		    int room);
EXPORT int res_nsend(void *state, const unsigned char *msg, int len,
		     unsigned char *answer, int room);
EXPORT int res_query(const char *name, int class, int type,
		     unsigned char *answer, int room);
EXPORT int res_nquery(void *state, const char *name, int class, int type,
		      unsigned char *answer, int room);
EXPORT int res_search(const char *name, int class, int type,
		      unsigned char *answer, int room);
EXPORT int res_nsearch(void *state, const char *name, int class, int type,
		       unsigned char *answer, int room);

#define CLASS_IN 1

/**
 * transact() - Send a message and get the answer
 * @conf:	whom to ask
 * @q:		the question, made
 * @answer:	receives the answer, cut to the room there is
 * @room:	room there
 *
 * Return: length of the whole answer, or -1
 */
static int transact(const struct dns_conf *conf, struct dns_query *q,
		    unsigned char *answer, int room)
{
	unsigned char small[DNS_UDP];
	int len;

	q->answer = small;
	q->room = sizeof(small);
	q->answer_len = 0;
	dns_send(conf, q, 1);
	len = q->answer_len;
	memcpy(answer, q->answer, len < room ? len : room);
	if (q->answer != small)
		free(q->answer);
	return len ? len : -1;
}

/**
 * res_send() - Send a message to a name server and get the answer
 * @msg:	message
 * @len:	its length
 * @answer:	receives the answer
 * @room:	room there
 *
 * Return: length of the answer, or -1
 */
int res_send(const unsigned char *msg, int len, unsigned char *answer,
	     int room)
{
	struct dns_query q = { .ask_len = len };
	struct dns_conf conf;

	if (len < DNS_HEADER || len > DNS_ASK) {
		errno = EMSGSIZE;
		return -1;
	}
	memcpy(q.ask, msg, len);
	dns_conf_read(&conf);
	return transact(&conf, &q, answer, room);
}

int res_nsend(void *state, const unsigned char *msg, int len,
	      unsigned char *answer, int room)
{
	return res_send(msg, len, answer, room);
}

/**
 * ask() - Ask for records of exactly this name
 * @conf:	whom to ask
 * @name:	complete name
 * @type:	record type
 * @answer:	receives the answer
 * @room:	room there
 *
 * Return: length of the answer, or -1 with h_errno
 */
static int ask(const struct dns_conf *conf, const char *name, int type,
	       unsigned char *answer, int room)
{
	struct dns_query q;
	int len;

	q.ask_len = dns_encode(name, type, q.ask, sizeof(q.ask));
	if (q.ask_len < 0 || room < DNS_HEADER) {
		h_errno = NO_RECOVERY;
		return -1;
	}
	len = transact(conf, &q, answer, room);
	if (len < 0) {
		h_errno = TRY_AGAIN;
		return -1;
	}
	if (dns_rcode(answer, room) == 0 && (answer[6] || answer[7]))
		return len;
	h_errno = dns_rcode(answer, room) ? HOST_NOT_FOUND : NO_DATA;
	return -1;
}

/**
 * res_query() - Ask for records of a complete name
 * @name:	name
 * @class:	C_IN; others are not known here
 * @type:	record type
 * @answer:	receives the answer
 * @room:	room there
 *
 * Return: length of the answer, or -1 with h_errno
 */
int res_query(const char *name, int class, int type, unsigned char *answer,
	      int room)
{
	struct dns_conf conf;

	if (class != CLASS_IN) {
		h_errno = NO_RECOVERY;
		return -1;
	}
	dns_conf_read(&conf);
	return ask(&conf, name, type, answer, room);
}

int res_nquery(void *state, const char *name, int class, int type,
	       unsigned char *answer, int room)
{
	return res_query(name, class, type, answer, room);
}

/**
 * res_search() - Ask for records of a name, trying the search domains
 * @name:	name
 * @class:	C_IN
 * @type:	record type
 * @answer:	receives the answer
 * @room:	room there
 *
 * Return: length of the answer, or -1 with h_errno
 */
int res_search(const char *name, int class, int type, unsigned char *answer,
	       int room)
{
	int dots = 0, len, n = strlen(name);
	struct dns_conf conf;
	char full[DNS_NAME];

	for (const char *c = name; *c; c++)
		dots += *c == '.';
	dns_conf_read(&conf);
	if (class != CLASS_IN || dots >= conf.ndots)
		return res_query(name, class, type, answer, room);
	for (int i = 0; i < conf.searches && n; i++) {
		if ((size_t)snprintf(full, sizeof(full), "%s.%s", name,
				     conf.search[i]) >= sizeof(full))
			continue;
		len = ask(&conf, full, type, answer, room);
		if (len >= 0 || h_errno == TRY_AGAIN)
			return len;
	}
	return ask(&conf, name, type, answer, room);
}

int res_nsearch(void *state, const char *name, int class, int type,
		unsigned char *answer, int room)
{
	return res_search(name, class, type, answer, room);
}
