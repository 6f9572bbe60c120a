// SPDX-License-Identifier: GPL-2.0
/*
 * addr_policy.c - Which addresses the administrator prefers: gai.conf(5)
 *
 * The tables of RFC 3484 as libc has them by default. A line in the file takes
 * the place of the whole table of its kind.
 */
#include "addr_policy.h"
#include "dns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct addr_policy defaults = {
	.label = { {
		{ { [15] = 1 }, 128, 0 },
		{ { 0 }, 0, 1 },
		{ { 0x20, 0x02 }, 16, 2 },
		{ { 0 }, 96, 3 },
		{ { [10] = 0xff, 0xff }, 96, 4 },
		{ { 0xfe, 0xc0 }, 10, 5 },
		{ { 0xfc }, 7, 6 },
		{ { 0x20, 0x01 }, 32, 7 },
	}, 8 },
	.precedence = { {
		{ { [15] = 1 }, 128, 50 },
		{ { 0 }, 0, 40 },
		{ { 0x20, 0x02 }, 16, 30 },
		{ { 0 }, 96, 20 },
		{ { [10] = 0xff, 0xff }, 96, 10 },
	}, 5 },
};

/** has_prefix() - Return: true if the first @bits of both are the same */
static bool has_prefix(const unsigned char *a, const unsigned char *b, int bits)
{
	int rest = bits % 8;

	return !memcmp(a, b, bits / 8) &&
	       (!rest || !((a[bits / 8] ^ b[bits / 8]) >> (8 - rest)));
}

/**
 * policy_value() - What a table says about an address
 * @table:	table
 * @bytes:	IPv6 address
 *
 * Return: the value; 0 if nothing is said
 */
int policy_value(const struct policy_table *table, const unsigned char *bytes)
{
	int bits = -1, value = 0;

	for (int i = 0; i < table->n; i++) {
		const struct policy *p = &table->lines[i];

		if (p->bits > bits && has_prefix(bytes, p->prefix, p->bits)) {
			bits = p->bits;
			value = p->value;
		}
	}
	return value;
}

/**
 * add_line() - Add a line to a table
 * @table:	table
 * @prefix:	address/bits
 * @value:	a number
 *
 * What is no prefix is left out, as libc does.
 */
static void add_line(struct policy_table *table, char *prefix, int value)
{
	struct policy *p = &table->lines[table->n];
	char *slash = strchr(prefix, '/');
	struct dns_addr addr;
	int bits = 128;

	if (slash) {
		*slash = '\0';
		bits = atoi(slash + 1);
	}
	if (table->n == POLICY_LINES || bits < 0 || bits > 128 ||
	    !dns_parse_addr(prefix, &addr) || addr.family != AF_INET6)
		return;
	memcpy(p->prefix, addr.bytes, sizeof(p->prefix));
	p->bits = bits;
	p->value = value;
	table->n++;
}

/**
 * addr_policy_read() - Read the tables
 * @policy:	receives them
 */
void addr_policy_read(struct addr_policy *policy)
{
	char *line = NULL, key[16], prefix[64];
	size_t size = 0;
	int value;
	FILE *f;

	memset(policy, 0, sizeof(*policy));
	f = fopen("/etc/gai.conf", "re");
	while (f && getline(&line, &size, f) > 0) {
		line[strcspn(line, "#")] = '\0';
		if (sscanf(line, "%15s %63s %d", key, prefix, &value) != 3)
			continue;
		if (!strcmp(key, "label"))
			add_line(&policy->label, prefix, value);
		else if (!strcmp(key, "precedence"))
			add_line(&policy->precedence, prefix, value);
	}
	free(line);
	if (f)
		fclose(f);
	if (!policy->label.n)
		policy->label = defaults.label;
	if (!policy->precedence.n)
		policy->precedence = defaults.precedence;
}
