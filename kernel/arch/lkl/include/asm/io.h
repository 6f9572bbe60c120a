/* SPDX-License-Identifier: GPL-2.0 */
/* The only registers there are belong to virtio devices of the host library. */
#ifndef _ASM_LKL_IO_H
#define _ASM_LKL_IO_H

#include <linux/types.h>
#include <asm/page.h>

u64 lkl_mmio_read(unsigned long addr, unsigned int size);
void lkl_mmio_write(unsigned long addr, u64 val, unsigned int size);

#define __LKL_MMIO(w, T)						\
static inline T __raw_read##w(const volatile void __iomem *addr)	\
{									\
	return lkl_mmio_read((unsigned long)addr, sizeof(T));	\
}									\
static inline void __raw_write##w(T val, volatile void __iomem *addr)	\
{									\
	lkl_mmio_write((unsigned long)addr, val, sizeof(T));	\
}
__LKL_MMIO(b, u8)
__LKL_MMIO(w, u16)
__LKL_MMIO(l, u32)
__LKL_MMIO(q, u64)
#undef __LKL_MMIO

#define __raw_readb __raw_readb
#define __raw_readw __raw_readw
#define __raw_readl __raw_readl
#define __raw_readq __raw_readq
#define __raw_writeb __raw_writeb
#define __raw_writew __raw_writew
#define __raw_writel __raw_writel
#define __raw_writeq __raw_writeq

static inline void __iomem *ioremap(phys_addr_t offset, size_t size)
{
	return (void __iomem *)(unsigned long)offset;
}
#define ioremap ioremap

static inline void iounmap(volatile void __iomem *addr)
{
}
#define iounmap iounmap

#include <asm-generic/io.h>

#endif
