// SPDX-License-Identifier: GPL-2.0
/*
 * mmap.c - What there is of mmap(): files as copies, rings of packet sockets
 *
 * Without an MMU, Linux maps a file by reading it, and a socket not at all. But
 * programs that capture frames read them from a ring that they have mapped, and
 * know no other way. The ring's pages are the kernel's; the host lets the
 * program have them at a second address, side by side (see vmap.c).
 *
 * Such a mapping is one of Linux, but for its place: it is in a list here, not
 * in the tree of the address space, whose addresses are all of the arena. It
 * holds the socket and so the ring, even when the descriptor is closed.
 *
 * The addresses are those of the process that the kernel is in: guests (guest.c)
 * map nothing.
 */
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <net/sock.h>
#include "engine.h"

/**
 * struct ring_map - A mapping of a packet socket
 * @list:	all of them, under the mmap_lock
 * @vma:	its addresses: from 0 on until it is mapped
 * @pages:	addresses of its pages in the arena, until it is mapped
 */
struct ring_map {
	struct list_head list;
	struct vm_area_struct vma;
	void **pages;
};

static LIST_HEAD(ring_maps);

/* Marks the vma of a struct ring_map that takes pages. */
static const struct vm_operations_struct takes_pages;

/**
 * vm_insert_page() - Take a page into a mapping
 * @vma:	the mapping
 * @addr:	where in it
 * @page:	the page
 *
 * Return: 0, -EINVAL if it is no mapping of a packet socket
 */
int vm_insert_page(struct vm_area_struct *vma, unsigned long addr,
		   struct page *page)
{
	struct ring_map *map = container_of(vma, struct ring_map, vma);

	if (vma->vm_ops != &takes_pages)
		return -EINVAL;
	map->pages[addr >> PAGE_SHIFT] = page_address(page);
	return 0;
}

/**
 * ring_map_pages() - Let the socket say what its pages are, and map them
 * @map:	the mapping
 *
 * Return: 0, or a negative errno (-EINVAL: not the size of the ring, -ENOMEM)
 */
static int ring_map_pages(struct ring_map *map)
{
	struct vm_area_struct *vma = &map->vma;
	unsigned long size = vma->vm_end;
	int err = call_mmap(vma->vm_file, vma);

	if (err)
		return err;
	vma->vm_start = (unsigned long)lkl_host->mem_alias(map->pages,
							   size >> PAGE_SHIFT);
	if (!vma->vm_start) {
		vma->vm_ops->close(vma);
		return -ENOMEM;
	}
	vma->vm_end = vma->vm_start + size;
	return 0;
}

/**
 * map_ring() - Map the rings of a packet socket
 * @file:	the socket
 * @size:	of its rings together, in bytes
 * @off:	0
 *
 * Return: the address, or a negative errno
 */
static long map_ring(struct file *file, unsigned long size, unsigned long off)
{
	struct mm_struct *mm = current->mm;
	struct ring_map *map;
	int err = -ENOMEM;

	/* No ring is that large, and the list of its pages would not be small. */
	if (size >> PAGE_SHIFT > totalram_pages())
		return -EINVAL;
	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	map->pages = kvcalloc(size >> PAGE_SHIFT, sizeof(*map->pages),
			      GFP_KERNEL);
	vma_init(&map->vma, mm);
	vm_flags_init(&map->vma, VM_SHARED | VM_READ | VM_WRITE);
	map->vma.vm_end = size;
	map->vma.vm_pgoff = off >> PAGE_SHIFT;
	map->vma.vm_ops = &takes_pages;
	map->vma.vm_file = get_file(file);
	mmap_write_lock(mm);
	if (map->pages && lkl_host->mem_alias)
		err = ring_map_pages(map);
	if (!err)
		list_add(&map->list, &ring_maps);
	mmap_write_unlock(mm);
	kvfree(map->pages);
	if (!err)
		return map->vma.vm_start;
	fput(file);
	kfree(map);
	return err;
}

/**
 * map_socket() - Map a socket, at an address of the host's choice
 * @file:	the socket
 * @len:	bytes
 * @flags:	MAP_*
 * @off:	where in it
 *
 * What is mapped can be read and written.
 *
 * Return: the address, or a negative errno
 */
static long map_socket(struct file *file, unsigned long len,
		       unsigned long flags, unsigned long off)
{
	unsigned long type = flags & MAP_TYPE;

	if (!len || flags & MAP_FIXED ||
	    (type != MAP_SHARED && type != MAP_SHARED_VALIDATE &&
	     type != MAP_PRIVATE))
		return -EINVAL;
	if (sock_from_file(file)->sk->sk_family != PF_PACKET ||
	    type == MAP_PRIVATE)
		return -ENODEV;
	if (len > TASK_SIZE)
		return -ENOMEM;
	return map_ring(file, PAGE_ALIGN(len), off);
}

SYSCALL_DEFINE6(mmap, unsigned long, addr, unsigned long, len,
		unsigned long, prot, unsigned long, flags,
		unsigned long, fd, unsigned long, off)
{
	if (off & ~PAGE_MASK)
		return -EINVAL;
	if (current->thread.guest)
		return -ENODEV;
	if (!(flags & MAP_ANONYMOUS)) {
		CLASS(fd, f)(fd);

		if (fd_file(f) && sock_from_file(fd_file(f)))
			return map_socket(fd_file(f), len, flags, off);
	}
	if (len > PAGE_SIZE << MAX_PAGE_ORDER)	/* there are no larger pieces */
		return -ENOMEM;
	return ksys_mmap_pgoff(addr, len, prot, flags, fd, off >> PAGE_SHIFT);
}

/**
 * unmap_rings() - Unmap a range of addresses that packet sockets are mapped in
 * @start:	of the range
 * @end:	of the range
 *
 * All of the range goes, whatever else is there, and in one step: who else maps
 * something at the same time does not lose it. A mapping is over when all of it
 * is gone, from either end; a hole in its middle does not count.
 *
 * Return: false, and nothing is done, if there is no such mapping in it
 */
static bool unmap_rings(unsigned long start, unsigned long end)
{
	struct ring_map *map, *next;
	bool found = false;

	list_for_each_entry_safe(map, next, &ring_maps, list) {
		struct vm_area_struct *vma = &map->vma;

		if (vma->vm_end <= start || vma->vm_start >= end)
			continue;
		if (!found)
			lkl_host->mem_unalias((void *)start,
					      (end - start) >> PAGE_SHIFT);
		found = true;
		if (vma->vm_start >= start && vma->vm_end <= end) {
			list_del(&map->list);
			vma->vm_ops->close(vma);
			fput(vma->vm_file);
			kfree(map);
		} else if (vma->vm_start >= start) {
			vma->vm_start = end;
		} else if (vma->vm_end <= end) {
			vma->vm_end = start;
		}
	}
	return found;
}

SYSCALL_DEFINE2(lkl_munmap, unsigned long, addr, size_t, len)
{
	struct mm_struct *mm = current->mm;
	bool found;

	if (current->thread.guest)
		return -EINVAL;
	if (virt_addr_valid(addr))
		return vm_munmap(addr, len);
	if (offset_in_page(addr) || len > TASK_SIZE || addr > TASK_SIZE - len)
		return -EINVAL;
	mmap_write_lock(mm);
	found = unmap_rings(addr, addr + PAGE_ALIGN(len));
	mmap_write_unlock(mm);
	return found ? 0 : -EINVAL;
}
