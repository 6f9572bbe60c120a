/* SPDX-License-Identifier: GPL-2.0 */
/* Physical is virtual: one arena of host memory is all the RAM there is. */
#ifndef _ASM_LKL_PAGE_H
#define _ASM_LKL_PAGE_H

#include <linux/const.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(_AC(1, UL) << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))

#ifndef __ASSEMBLY__
#include <linux/types.h>

extern unsigned long memory_start;
extern unsigned long memory_end;

void *memset(void *s, int c, size_t n);
void *memcpy(void *to, const void *from, size_t n);

#define clear_page(page)		memset((page), 0, PAGE_SIZE)
#define copy_page(to, from)		memcpy((to), (from), PAGE_SIZE)
#define clear_user_page(page, va, pg)	clear_page(page)
#define copy_user_page(to, from, va, pg) copy_page(to, from)

typedef struct { unsigned long pte; } pte_t;
typedef struct { unsigned long pmd; } pmd_t;
typedef struct { unsigned long pgd; } pgd_t;
typedef struct { unsigned long pgprot; } pgprot_t;
typedef struct page *pgtable_t;

#define pte_val(x)	((x).pte)
#define pmd_val(x)	((x).pmd)
#define pgd_val(x)	((x).pgd)
#define pgprot_val(x)	((x).pgprot)
#define __pte(x)	((pte_t) { (x) })
#define __pgd(x)	((pgd_t) { (x) })
#define __pgprot(x)	((pgprot_t) { (x) })

#define PAGE_OFFSET	memory_start
#define ARCH_PFN_OFFSET	(memory_start >> PAGE_SHIFT)

#define __pa(va)	((unsigned long)(va))
#define __va(pa)	((void *)(unsigned long)(pa))

static inline unsigned long virt_to_pfn(const volatile void *va)
{
	return __pa(va) >> PAGE_SHIFT;
}

static inline void *pfn_to_virt(unsigned long pfn)
{
	return __va(pfn << PAGE_SHIFT);
}

#define virt_to_page(va)	pfn_to_page(virt_to_pfn(va))
#define page_to_virt(page)	pfn_to_virt(page_to_pfn(page))
#define page_to_phys(page)	((phys_addr_t)page_to_pfn(page) << PAGE_SHIFT)
#define phys_to_page(pa)	pfn_to_page((pa) >> PAGE_SHIFT)

#define virt_addr_valid(va)	((unsigned long)(va) - memory_start < \
				 memory_end - memory_start)

#include <asm-generic/memory_model.h>
#include <asm-generic/getorder.h>
#endif /* __ASSEMBLY__ */

#endif
