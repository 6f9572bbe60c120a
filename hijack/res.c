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

#include <netdb.h>

/* <resolv.h> redefines these names; their types are all we need. */
EXPORT int res_send(const unsigned char *msg, int len, unsigned char *answer,
		    int room);
EXPORT int res_nsend(void *state, const unsigned char *msg, int len,
		     unsigned char *answer, int room);
EXPORT int res_query(const char *name, int class, int type,
		     unsigned char *answer, int room);
EXPORT int res_nquery(void *state, const char *name, int class, int type,
		      unsigned char *answer, int room);
EXPORT int res_querydomain(const char *name, const char *domain, int class,
			   int type, unsigned char *answer, int room);
EXPORT int res_nquerydomain(void *state, const char *name, const char *domain,
			    int class, int type, unsigned char *answer,
			    int room);
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
 * struct wanted - What is asked about a name
 * @type:	record type
 * @answer:	receives the answer
 * @room:	room there
 * @len:	receives its length
 */
struct wanted {
	int type;
	unsigned char *answer;
	int room;
	int len;
};

/**
 * ask() - Ask for records of exactly this name; see dns_try
 * @conf:	whom to ask
 * @name:	complete name
 * @arg:	struct wanted
 *
 * Return: 0, or EAI_NONAME, EAI_NODATA, EAI_AGAIN, EAI_FAIL, DNS_FAILED
 */
static int ask(const struct dns_conf *conf, const char *name, void *arg)
{
	struct wanted *wanted = arg;
	unsigned char *answer = wanted->answer;
	struct dns_query q = { 0 };

	q.ask_len = dns_encode(name, wanted->type, q.ask, sizeof(q.ask));
	if (q.ask_len < 0 || wanted->room < DNS_HEADER)
		return EAI_FAIL;
	wanted->len = transact(conf, &q, answer, wanted->room);
	if (wanted->len < 0)
		return q.failed ? DNS_FAILED : EAI_AGAIN;
	if (dns_rcode(answer, wanted->room))
		return EAI_NONAME;
	return answer[6] || answer[7] ? 0 : EAI_NODATA;
}

/**
 * result() - What the functions return
 * @ret:	0, EAI_* or DNS_FAILED
 * @wanted:	has the length of the answer
 *
 * Return: length of the answer, or -1 with h_errno
 */
static int result(int ret, const struct wanted *wanted)
{
	if (!ret)
		return wanted->len;
	h_errno = ret == EAI_NONAME ? HOST_NOT_FOUND :
		  ret == EAI_NODATA ? NO_DATA :
		  ret == EAI_FAIL ? NO_RECOVERY : TRY_AGAIN;
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
	struct wanted wanted = { type, answer, room, -1 };
	struct dns_conf conf;

	if (class != CLASS_IN)
		return result(EAI_FAIL, &wanted);
	dns_conf_read(&conf);
	return result(ask(&conf, name, &wanted), &wanted);
}

int res_nquery(void *state, const char *name, int class, int type,
	       unsigned char *answer, int room)
{
	return res_query(name, class, type, answer, room);
}

/**
 * res_querydomain() - Ask for records of a name in a domain
 * @name:	name
 * @domain:	domain, or NULL if the name is complete
 * @class:	C_IN
 * @type:	record type
 * @answer:	receives the answer
 * @room:	room there
 *
 * Return: length of the answer, or -1 with h_errno
 */
int res_querydomain(const char *name, const char *domain, int class, int type,
		    unsigned char *answer, int room)
{
	char full[DNS_NAME];

	if (!domain)
		return res_query(name, class, type, answer, room);
	if ((size_t)snprintf(full, sizeof(full), "%s.%s", name, domain) >=
	    sizeof(full)) {
		h_errno = NO_RECOVERY;
		return -1;
	}
	return res_query(full, class, type, answer, room);
}

int res_nquerydomain(void *state, const char *name, const char *domain,
		     int class, int type, unsigned char *answer, int room)
{
	return res_querydomain(name, domain, class, type, answer, room);
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
	struct wanted wanted = { type, answer, room, -1 };
	struct dns_conf conf;

	if (class != CLASS_IN)
		return result(EAI_FAIL, &wanted);
	dns_conf_read(&conf);
	return result(dns_search(&conf, name, ask, &wanted), &wanted);
}

int res_nsearch(void *state, const char *name, int class, int type,
		unsigned char *answer, int room)
{
	return res_search(name, class, type, answer, room);
}
