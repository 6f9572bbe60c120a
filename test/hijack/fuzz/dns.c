// SPDX-License-Identifier: GPL-2.0
/*
 * dns.c - Answers of name servers that are damaged in all ways
 *
 * Usage: dns MESSAGES [SEED]. Makes answers with names, aliases and addresses,
 * compressed or not, changes some of their bytes, and has the library's code
 * read them, from memory that ends where the message does. Built with the
 * sanitizers: what it reads or writes beside ends the program.
 */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns.h"

#define ROOM 1024

static unsigned long long state;

/* xorshift64*: the same messages for the same seed. */
static unsigned int any(unsigned int below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (unsigned int)(state * 2685821657736338717ULL >> 33) % below;
}

static int put16(unsigned char *msg, int at, int value)
{
	msg[at] = value >> 8;
	msg[at + 1] = value;
	return at + 2;
}

/* A name: labels, then the end or a pointer to anywhere. */
static int put_name(unsigned char *msg, int at)
{
	static const char letters[] = "abcXYZ019-_. $\n\0\xff";

	for (int labels = any(4); labels; labels--) {
		int len = any(8) ? 1 + any(8) : 63;

		msg[at++] = len;
		while (len--)
			msg[at++] = letters[any(any(4) ? 11 : sizeof(letters))];
	}
	if (any(2))
		return put16(msg, at, 0xc000 | (any(4) ? DNS_HEADER : any(ROOM)));
	msg[at++] = 0;
	return at;
}

static int put_record(unsigned char *msg, int at)
{
	static const int types[] = { DNS_A, DNS_AAAA, DNS_CNAME, DNS_PTR, 46 };
	int type = types[any(5)], start;

	at = any(2) ? put16(msg, at, 0xc000 | DNS_HEADER) : put_name(msg, at);
	at = put16(msg, at, type);
	at = put16(msg, at, 1) + 4;
	start = at;
	at += 2;
	if (type == DNS_CNAME || type == DNS_PTR)
		at = put_name(msg, at);
	else
		at += type == DNS_A ? 4 : type == DNS_AAAA ? 16 : any(40);
	put16(msg, start, at - start - 2);
	return at;
}

/* An answer to a question about a name; returns its length. */
static int make(unsigned char *msg, const char *name, int type)
{
	int len, records = any(4);

	memset(msg, 0, 2 * ROOM);
	len = dns_encode(name, type, msg, ROOM);
	msg[2] |= 0x80;
	put16(msg, 6, records);
	while (records--)
		len = put_record(msg, len);
	for (int changes = any(3) ? any(6) : 0; changes; changes--)
		msg[any(len)] = any(256);
	return any(4) ? len : (int)any(len + 1);
}

/* Nothing is found that could not be in the message. */
static void check(const struct dns_found *found, int len, int type)
{
	size_t room = type == DNS_A ? 4 : 16;

	if (strlen(found->name) >= DNS_NAME || found->n < 0 ||
	    found->n * room > (size_t)len || found->err ||
	    strpbrk(found->name, " $\n\xff") || found->name[0] == '-')
		abort();
}

int main(int argc, char **argv)
{
	static const int types[] = { DNS_A, DNS_AAAA, DNS_PTR };
	long messages = argc > 1 ? atol(argv[1]) : 0, addresses = 0, names = 0;
	unsigned char msg[2 * ROOM];

	if (messages < 1) {
		fputs("usage: dns MESSAGES [SEED]\n", stderr);
		return 2;
	}
	state = argc > 2 ? strtoull(argv[2], NULL, 0) | 1 : 1;
	for (long i = 0; i < messages; i++) {
		struct dns_found found = { 0 };
		int type = types[any(3)];
		int len = make(msg, "host.test", type);
		unsigned char *exact = malloc(len ? len : 1);

		memcpy(exact, msg, len);
		dns_decode(exact, len, "host.test", type, &found);
		dns_rcode(exact, len);
		check(&found, len, type);
		addresses += found.n;
		names += type == DNS_PTR ? found.name[0] != 0 :
		       found.alias_len > 0;
		dns_found_free(&found);
		free(exact);
	}
	printf("%ld messages, %ld addresses, %ld names and aliases\n", messages,
	       addresses, names);
	return 0;
}
