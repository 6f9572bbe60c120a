// SPDX-License-Identifier: GPL-2.0
/* csum.c - The Internet checksum, 64 bits at a time */
#include <linux/export.h>
#include <linux/swab.h>
#include <linux/unaligned.h>
#include <asm/checksum.h>

/* Sum with end-around carry. */
static __always_inline u64 add(u64 sum, u64 word)
{
	asm("addq %1, %0\n\tadcq $0, %0" : "+r" (sum) : "rm" (word) : "cc");
	return sum;
}

/**
 * do_csum() - Sum of a buffer as 16-bit words in memory order
 * @buf:	any address: sums do not depend on it
 * @len:	bytes
 *
 * Return: the sum folded to 16 bits, not complemented
 */
unsigned int do_csum(const unsigned char *buf, int len)
{
	u64 a = 0, b = 0, last = 0;
	const u64 *word = (const u64 *)buf;
	int rest;

	/* Two chains: an add waits for the carry of the one before. */
	for (; len >= 32; len -= 32, word += 4) {
		asm("addq 0(%2), %0\n\t"
		    "adcq 8(%2), %0\n\t"
		    "adcq $0, %0\n\t"
		    "addq 16(%2), %1\n\t"
		    "adcq 24(%2), %1\n\t"
		    "adcq $0, %1"
		    : "+&r" (a), "+&r" (b) : "r" (word), "m" (*(u64 (*)[4])word)
		    : "cc");
	}
	for (; len >= 8; len -= 8)
		a = add(a, *word++);
	for (rest = 0; rest < len; rest++)
		last |= (u64)((const u8 *)word)[rest] << 8 * rest;
	return lkl_csum_fold32(lkl_csum_fold64(add(add(a, b), last)));
}
EXPORT_SYMBOL(do_csum);
