// SPDX-License-Identifier: GPL-2.0
/*
 * dns_message.c - DNS messages: questions made, answers read (RFC 1035)
 */
#include "dns.h"
#include "raw.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static inline int get16(const unsigned char *p)
{
	return p[0] << 8 | p[1];
}

/**
 * encode_name() - Write a name as labels
 * @name:	text, a dot at the end is allowed
 * @to:		where to, 255 bytes
 *
 * Return: bytes written, or -1 if it is no valid name
 */
static int encode_name(const char *name, unsigned char *to)
{
	int at = 0, len;

	if (!strcmp(name, "."))
		name = "";
	while (*name) {
		len = strcspn(name, ".");
		if (!len || len > 63 || at + len + 2 > 255)
			return -1;
		to[at++] = len;
		memcpy(to + at, name, len);
		at += len;
		name += len;
		if (*name == '.')
			name++;
	}
	to[at++] = 0;
	return at;
}

/**
 * dns_encode() - Make a question
 * @name:	about this name
 * @type:	DNS_*
 * @msg:	where to
 * @room:	room there
 *
 * Return: length of the message, or -1 (not a valid name)
 */
int dns_encode(const char *name, int type, unsigned char *msg, int room)
{
	unsigned char labels[256];
	int len = encode_name(name, labels);

	if (len < 0 || DNS_HEADER + len + 4 > room)
		return -1;
	memset(msg, 0, DNS_HEADER);
	RAW(SYS_getrandom, msg, 2, 0);	/* an id nobody can guess */
	msg[2] = 1;			/* recursion desired */
	msg[5] = 1;			/* one question */
	memcpy(msg + DNS_HEADER, labels, len);
	len += DNS_HEADER;
	msg[len++] = type >> 8;
	msg[len++] = type;
	msg[len++] = 0;
	msg[len++] = 1;			/* class IN */
	return len;
}

/**
 * decode_name() - Read a name, following compression
 *
 * What a text cannot show, a NUL or a dot within a label, becomes a space: so
 * it is no name of a host, and not that of another one.
 *
 * @msg:	message
 * @len:	its length
 * @at:		where the name is; receives where it ends
 * @name:	receives the text, NULL to skip it
 *
 * Return: 0, or -1 if it is malformed
 */
static int decode_name(const unsigned char *msg, int len, int *at, char *name)
{
	int pos = *at, out = 0, jumps = 0, n;

	for (;;) {
		if (pos >= len)
			return -1;
		n = msg[pos++];
		if ((n & 0xc0) == 0xc0) {
			if (pos >= len || ++jumps > 64)
				return -1;
			n = (n & 0x3f) << 8 | msg[pos++];
			if (jumps == 1)
				*at = pos;
			pos = n;
			continue;
		}
		if (n & 0xc0 || pos + n > len || out + n + 1 >= DNS_NAME)
			return -1;
		if (!n)
			break;
		if (name && out)
			name[out] = '.';
		out += !!out;
		for (; n; n--, pos++, out++)
			if (name)
				name[out] = msg[pos] && msg[pos] != '.' ?
					    msg[pos] : ' ';
	}
	if (name)
		name[out] = '\0';
	if (!jumps)
		*at = pos;
	return 0;
}

/**
 * dns_rcode() - What the server says
 * @msg:	answer
 * @len:	its length
 *
 * Return: response code, -1 if it is no answer
 */
int dns_rcode(const unsigned char *msg, int len)
{
	return len < DNS_HEADER || !(msg[2] & 0x80) ? -1 : msg[3] & 0xf;
}

/**
 * is_host_name() - May a host have this name? Programs print and log it
 * @name:	name
 *
 * Return: true if it is made of letters, digits, - and _, and does not look like
 * an option
 */
static bool is_host_name(const char *name)
{
	if (*name == '-')
		return false;
	for (; *name; name++)
		if (!isascii(*name) || !(isalnum(*name) || strchr("-_.", *name)))
			return false;
	return true;
}

/**
 * keep() - Take the contents of one record of the wanted type
 * @msg:	answer
 * @len:	its length
 * @at:		where the contents are
 * @size:	their size
 * @type:	DNS_*
 * @found:	addresses are appended, the first PTR becomes the name
 */
static void keep(const unsigned char *msg, int len, int at, int size, int type,
		 struct dns_found *found)
{
	int family = type == DNS_A ? AF_INET : AF_INET6;
	struct dns_addr addr = { .family = family };
	char name[DNS_NAME];

	if (type == DNS_PTR) {
		if (decode_name(msg, len, &at, name) || !is_host_name(name))
			return;
		if (!found->name[0])
			strcpy(found->name, name);
		return;
	}
	if (size != dns_addr_len(family))
		return;
	memcpy(addr.bytes, msg + at, size);
	dns_found_add(found, &addr);
}

/**
 * dns_decode() - Read the records of an answer
 * @msg:	answer
 * @len:	its length
 * @name:	asked about, complete
 * @type:	DNS_A, DNS_AAAA or DNS_PTR: the records wanted
 * @found:	addresses are appended; @found->name becomes the end of the
 *		chain of aliases (for DNS_PTR: the name itself)
 *
 * Records that are not of @name, nor of what it is an alias of, are not looked
 * at.
 */
void dns_decode(const unsigned char *msg, int len, const char *name, int type,
		struct dns_found *found)
{
	int at = DNS_HEADER, questions, records, rtype, size, start;
	char end[DNS_NAME], owner[DNS_NAME];

	if (len < DNS_HEADER)
		return;
	snprintf(end, sizeof(end), "%.*s", (int)(strlen(name) -
		 (*name && name[strlen(name) - 1] == '.')), name);
	questions = get16(msg + 4);
	records = get16(msg + 6);
	while (questions--) {
		if (decode_name(msg, len, &at, NULL) || at + 4 > len)
			return;
		at += 4;
	}
	while (records--) {
		if (decode_name(msg, len, &at, owner) || at + 10 > len)
			break;
		rtype = get16(msg + at);
		size = get16(msg + at + 8);
		at += 10;
		if (at + size > len)
			break;
		start = at;
		at += size;
		if (strcasecmp(owner, end))
			continue;
		if (rtype == type) {
			keep(msg, len, start, size, type, found);
		} else if (rtype == DNS_CNAME &&
			   !decode_name(msg, len, &start, owner) &&
			   is_host_name(owner)) {
			if (type != DNS_PTR)
				dns_found_alias(found, end);
			strcpy(end, owner);
		}
	}
	if (type != DNS_PTR)
		strcpy(found->name, end);
}
