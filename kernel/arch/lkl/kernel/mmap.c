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
 * The addresses are those of the process that the kernel is in. A guest
 * (guest.c) brings memory of its own, that takes the place of the ring's pages
 * and that it maps by itself; the mapping has a number then, and ends with it.
 */
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <net/sock.h>
#include "engine.h"

/**
 * struct ring_map - A mapping of a packet socket
 * @list:	all of them, under the mmap_lock
 * @vma:	its addresses: from 0 on until it is mapped
 * @pages:	addresses of its pages in the arena, until it is mapped; in a
 *		guest as long as it is
 * @guest:	the guest that has it, NULL: this process
 * @nr:		its number there
 * @uses:	how often that guest has it
 */
struct ring_map {
	struct list_head list;
	struct vm_area_struct vma;
	void **pages;
	struct lkl_guest *guest;
	unsigned int nr;
	unsigned int uses;
};

static LIST_HEAD(ring_maps);

/* Those of guests, and their lock. */
static LIST_HEAD(lent_maps);
static DEFINE_MUTEX(lent_lock);

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

/* A mapping that has yet to be mapped, NULL: there is no memory */
static struct ring_map *new_map(struct file *file, unsigned long size,
				unsigned long off)
{
	struct ring_map *map = kzalloc(sizeof(*map), GFP_KERNEL);

	if (!map)
		return NULL;
	map->pages = kvcalloc(size >> PAGE_SHIFT, sizeof(*map->pages),
			      GFP_KERNEL);
	vma_init(&map->vma, current->mm);
	vm_flags_init(&map->vma, VM_SHARED | VM_READ | VM_WRITE);
	map->vma.vm_end = size;
	map->vma.vm_pgoff = off >> PAGE_SHIFT;
	map->vma.vm_ops = &takes_pages;
	map->vma.vm_file = get_file(file);
	return map;
}

/* Free a mapping that is not, or no more, mapped. */
static void free_map(struct ring_map *map)
{
	fput(map->vma.vm_file);
	kvfree(map->pages);
	kfree(map);
}

/* Has this process mapped the rings of a socket? */
static bool is_mapped_here(struct file *file)
{
	struct mm_struct *mm = current->mm;
	struct ring_map *map;
	bool found = false;

	mmap_read_lock(mm);
	list_for_each_entry(map, &ring_maps, list)
		found |= map->vma.vm_file == file;
	mmap_read_unlock(mm);
	return found;
}

/* The same mapping of the current guest, NULL: there is none */
static struct ring_map *find_lent(struct file *file, unsigned long size,
				  unsigned long off)
{
	struct ring_map *map;

	list_for_each_entry(map, &lent_maps, list)
		if (map->guest == current->thread.guest && !off &&
		    map->vma.vm_file == file && map->vma.vm_end == size)
			return map;
	return NULL;
}

/**
 * lend_ring() - Map the rings of a packet socket in a guest
 * @file:	the socket
 * @size:	of its rings together, in bytes
 * @off:	0
 * @mem:	the guest's descriptor of memory of that size; not needed if it has
 *		this mapping
 *
 * Return: number of the mapping, or a negative errno
 */
static long lend_ring(struct file *file, unsigned long size, unsigned long off,
		      int mem)
{
	static unsigned int nr;
	struct ring_map *map = new_map(file, size, off), *other;
	int err = -ENOMEM;

	if (!map)
		return -ENOMEM;
	if (is_mapped_here(file)) {
		free_map(map);
		return -EBUSY;
	}
	mutex_lock(&lent_lock);
	other = find_lent(file, size, off);
	if (other) {
		other->uses++;
		err = other->nr;
		mutex_unlock(&lent_lock);
		free_map(map);
		return err;
	}
	if (map->pages && lkl_host->mem_lend)
		err = call_mmap(file, &map->vma);
	if (!err) {
		err = lkl_host->mem_lend(current->thread.far, mem, map->pages,
					 size >> PAGE_SHIFT);
		if (err)
			map->vma.vm_ops->close(&map->vma);
	}
	if (err) {
		free_map(map);
	} else {
		map->guest = current->thread.guest;
		map->nr = err = nr++ & INT_MAX;
		map->uses = 1;
		list_add(&map->list, &lent_maps);
	}
	mutex_unlock(&lent_lock);
	return err;
}

/* Take a ring back from a guest. */
static void return_ring(struct ring_map *map)
{
	lkl_host->mem_return(map->pages, map->vma.vm_end >> PAGE_SHIFT);
	list_del(&map->list);
	map->vma.vm_ops->close(&map->vma);
	free_map(map);
}

/**
 * lkl_rings_return() - A guest has no mappings any more
 * @g:	the guest
 */
void lkl_rings_return(struct lkl_guest *g)
{
	struct ring_map *map, *next;

	mutex_lock(&lent_lock);
	list_for_each_entry_safe(map, next, &lent_maps, list)
		if (map->guest == g)
			return_ring(map);
	mutex_unlock(&lent_lock);
}

/* A guest unmaps one. */
static long unmap_lent(struct lkl_guest *g, unsigned int nr)
{
	struct ring_map *map, *next;
	long err = -EINVAL;

	mutex_lock(&lent_lock);
	list_for_each_entry_safe(map, next, &lent_maps, list) {
		if (map->guest == g && map->nr == nr) {
			if (!--map->uses)
				return_ring(map);
			err = 0;
		}
	}
	mutex_unlock(&lent_lock);
	return err;
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
	struct ring_map *map = new_map(file, size, off);
	int err = -ENOMEM;

	if (!map)
		return -ENOMEM;
	mmap_write_lock(mm);
	if (map->pages && lkl_host->mem_alias)
		err = ring_map_pages(map);
	if (!err)
		list_add(&map->list, &ring_maps);
	mmap_write_unlock(mm);
	if (err) {
		free_map(map);
		return err;
	}
	kvfree(map->pages);
	map->pages = NULL;
	return map->vma.vm_start;
}

/**
 * map_socket() - Map a socket, at an address of the host's choice
 * @file:	the socket
 * @mem:	in a guest: its memory for the ring
 * @len:	bytes
 * @flags:	MAP_*
 * @off:	where in it
 *
 * What is mapped can be read and written.
 *
 * Return: the address, in a guest a number, or a negative errno
 */
static long map_socket(struct file *file, unsigned long mem, unsigned long len,
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
	len = PAGE_ALIGN(len);
	/* No ring is that large, and the list of its pages would not be small. */
	if (len >> PAGE_SHIFT > totalram_pages())
		return -EINVAL;
	return current->thread.guest ? lend_ring(file, len, off, mem) :
				       map_ring(file, len, off);
}

SYSCALL_DEFINE6(mmap, unsigned long, addr, unsigned long, len,
		unsigned long, prot, unsigned long, flags,
		unsigned long, fd, unsigned long, off)
{
	if (off & ~PAGE_MASK)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS)) {
		CLASS(fd, f)(fd);

		if (fd_file(f) && sock_from_file(fd_file(f)))
			return map_socket(fd_file(f), addr, len, flags, off);
	}
	if (current->thread.guest)
		return -ENODEV;
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
			free_map(map);
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
		return unmap_lent(current->thread.guest, addr);
	if (virt_addr_valid(addr))
		return vm_munmap(addr, len);
	if (offset_in_page(addr) || len > TASK_SIZE || addr > TASK_SIZE - len)
		return -EINVAL;
	mmap_write_lock(mm);
	found = unmap_rings(addr, addr + PAGE_ALIGN(len));
	mmap_write_unlock(mm);
	return found ? 0 : -EINVAL;
}
