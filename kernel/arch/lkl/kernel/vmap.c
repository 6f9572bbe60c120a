// SPDX-License-Identifier: GPL-2.0
/*
 * vmap.c - Pages side by side: what there is of virtual memory
 *
 * The host maps them at a second address, if it can. Who gets NULL reports
 * -ENOMEM. The host maps no more than that: vmalloc() stays kmalloc().
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/xarray.h>
#include "engine.h"

/* Numbers of pages of what vmap() returned, by address: vunmap() is not told. */
static DEFINE_XARRAY(aliases);

static bool are_contiguous(struct page **pages, unsigned int count)
{
	for (unsigned int i = 1; i < count; i++) {
		if (pages[i] != pages[0] + i)
			return false;
	}
	return true;
}

/**
 * vm_map_ram() - Map pages side by side
 * @pages:	the pages
 * @count:	how many
 * @node:	not used
 *
 * Return: the address, NULL if there is no memory or the host cannot do it
 */
void *vm_map_ram(struct page **pages, unsigned int count, int node)
{
	void **addresses, *alias;

	if (are_contiguous(pages, count))
		return page_address(pages[0]);
	if (!lkl_host->mem_alias)
		return NULL;
	addresses = kmalloc_array(count, sizeof(*addresses), GFP_NOIO);
	if (!addresses)
		return NULL;
	for (unsigned int i = 0; i < count; i++)
		addresses[i] = page_address(pages[i]);
	alias = lkl_host->mem_alias(addresses, count);
	kfree(addresses);
	return alias;
}

/**
 * vm_unmap_ram() - End what vm_map_ram() began
 * @mem:	the address
 * @count:	number of pages
 */
void vm_unmap_ram(const void *mem, unsigned int count)
{
	if (!virt_addr_valid(mem))
		lkl_host->mem_unalias((void *)mem, count);
}

/**
 * vmap() - Map pages side by side
 * @pages:	the pages
 * @count:	how many
 * @flags:	VM_MAP
 * @prot:	not used: it is memory that can be read and written
 *
 * Return: the address, NULL if there is no memory or the host cannot do it
 */
void *vmap(struct page **pages, unsigned int count, unsigned long flags,
	   pgprot_t prot)
{
	void *mem = vm_map_ram(pages, count, NUMA_NO_NODE);

	if (mem && !virt_addr_valid(mem) &&
	    xa_err(xa_store(&aliases, virt_to_pfn(mem), xa_mk_value(count),
			    GFP_NOIO))) {
		vm_unmap_ram(mem, count);
		return NULL;
	}
	return mem;
}

/**
 * vunmap() - End what vmap() began
 * @addr:	the address, or NULL
 */
void vunmap(const void *addr)
{
	void *count;

	if (!addr || virt_addr_valid(addr))
		return;
	count = xa_erase(&aliases, virt_to_pfn(addr));
	if (!WARN_ON(!count))
		vm_unmap_ram(addr, xa_to_value(count));
}
