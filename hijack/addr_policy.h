/* SPDX-License-Identifier: GPL-2.0 */
/*
 * addr_policy.h - Which addresses the administrator prefers: gai.conf(5)
 */
#ifndef HIJACK_ADDR_POLICY_H
#define HIJACK_ADDR_POLICY_H

#pragma GCC visibility push(hidden)

#define POLICY_LINES 32

/**
 * struct policy - A line of a table
 * @prefix:	prefix of addresses, of IPv4 ones as mapped addresses
 * @bits:	its length
 * @value:	what is said about them
 */
struct policy {
	unsigned char prefix[16];
	int bits;
	int value;
};

/**
 * struct policy_table - A table; the line with the longest prefix counts
 * @lines:	lines
 * @n:		how many
 */
struct policy_table {
	struct policy lines[POLICY_LINES];
	int n;
};

/**
 * struct addr_policy - Both tables
 * @label:	source and destination should have the same value
 * @precedence:	the bigger the better
 */
struct addr_policy {
	struct policy_table label;
	struct policy_table precedence;
};

void addr_policy_read(struct addr_policy *policy);
int policy_value(const struct policy_table *table, const unsigned char *bytes);

#pragma GCC visibility pop

#endif /* HIJACK_ADDR_POLICY_H */
