/* SPDX-License-Identifier: GPL-2.0 */
/* The sums that every packet needs, in 64-bit words; the rest is generic. */
#ifndef _ASM_LKL_CHECKSUM_H
#define _ASM_LKL_CHECKSUM_H

#include <linux/types.h>

unsigned int do_csum(const unsigned char *buf, int len);
#define do_csum do_csum

/* One's complement: fold 64 bits to 32, and 32 to 16. */
static __always_inline u32 lkl_csum_fold64(u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	return (sum & 0xffffffff) + (sum >> 32);
}

static __always_inline u16 lkl_csum_fold32(u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

static __always_inline __sum16 ip_fast_csum(const void *iph, unsigned int ihl)
{
	const u32 *word = iph;
	u64 sum = 0;

	while (ihl--)
		sum += *word++;
	return (__force __sum16)~lkl_csum_fold32(lkl_csum_fold64(sum));
}
#define ip_fast_csum ip_fast_csum

static __always_inline __wsum csum_tcpudp_nofold(__be32 saddr, __be32 daddr,
						 __u32 len, __u8 proto,
						 __wsum sum)
{
	u64 s = (__force u32)sum;

	s += (__force u32)saddr;
	s += (__force u32)daddr;
	s += (u64)(proto + len) << 8;
	return (__force __wsum)lkl_csum_fold64(s);
}
#define csum_tcpudp_nofold csum_tcpudp_nofold

#include <asm-generic/checksum.h>

#endif
