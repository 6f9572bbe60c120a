// SPDX-License-Identifier: GPL-2.0
/*
 * image.c - Map a program as Linux does; see elf(5)
 */
#include "trap.h"

#include <elf.h>
#include <link.h>

#define PAGE		4096UL
#define PAGE_DOWN(x)	((x) & ~(PAGE - 1))
#define PAGE_UP(x)	PAGE_DOWN((x) + PAGE - 1)

/* More program headers than that are not for a program. */
#define HEADERS		128

static int protection(const ElfW(Phdr) *p)
{
	return (p->p_flags & PF_R ? PROT_READ : 0) |
	       (p->p_flags & PF_W ? PROT_WRITE : 0) |
	       (p->p_flags & PF_X ? PROT_EXEC : 0);
}

/**
 * reserve() - Find addresses for all segments
 * @image:	receives the bias
 * @ehdr:	header of the file
 * @phdrs:	its program headers
 *
 * Return: 0 or a negative errno (-ENOEXEC: nothing to load; -EEXIST: the
 * program has to be at addresses that are taken)
 */
static long reserve(struct trap_image *image, const ElfW(Ehdr) *ehdr,
		    const ElfW(Phdr) *phdrs)
{
	unsigned long low = ~0UL, high = 0, align = PAGE, at;
	bool fixed = ehdr->e_type == ET_EXEC;
	void *mem;

	for (int i = 0; i < ehdr->e_phnum; i++) {
		const ElfW(Phdr) *p = &phdrs[i];

		if (p->p_type != PT_LOAD || !p->p_memsz)
			continue;
		if (PAGE_DOWN(p->p_vaddr) < low)
			low = PAGE_DOWN(p->p_vaddr);
		if (PAGE_UP(p->p_vaddr + p->p_memsz) > high)
			high = PAGE_UP(p->p_vaddr + p->p_memsz);
		if (p->p_align > align && !(p->p_align & (p->p_align - 1)))
			align = p->p_align;
	}
	if (low >= high)
		return -ENOEXEC;
	mem = mmap(fixed ? (void *)low : NULL,
		   high - low + (fixed ? 0 : align), PROT_NONE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
		   (fixed ? MAP_FIXED_NOREPLACE : 0), -1, 0);
	if (mem == MAP_FAILED)
		return -errno;
	at = (unsigned long)mem;
	if (!fixed)
		at = (at + align - 1) & ~(align - 1);
	image->bias = at - low;
	return 0;
}

/**
 * map_segment() - Map one segment
 * @fd:		the file
 * @bias:	added to its addresses
 * @p:		its program header
 *
 * Return: 0 or a negative errno
 */
static long map_segment(int fd, unsigned long bias, const ElfW(Phdr) *p)
{
	unsigned long from = PAGE_DOWN(bias + p->p_vaddr);
	unsigned long file = bias + p->p_vaddr + p->p_filesz;
	unsigned long end = bias + p->p_vaddr + p->p_memsz;
	int prot = protection(p);

	if (p->p_filesz &&
	    mmap((void *)from, file - from, prot, MAP_PRIVATE | MAP_FIXED, fd,
		 PAGE_DOWN(p->p_offset)) == MAP_FAILED)
		return -errno;
	if (p->p_memsz <= p->p_filesz)
		return 0;
	/* The rest of the last page of the file, and pages behind it. */
	if (p->p_filesz && prot & PROT_WRITE)
		memset((void *)file, 0, PAGE_UP(file) - file);
	from = p->p_filesz ? PAGE_UP(file) : from;
	if (PAGE_UP(end) > from &&
	    mmap((void *)from, PAGE_UP(end) - from, prot,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return -errno;
	return 0;
}

/**
 * trap_image_load() - Map a program
 * @fd:		its file
 * @image:	receives what is known of it
 *
 * Return: 0 or a negative errno (-ENOEXEC: it is no program for this machine)
 */
long trap_image_load(int fd, struct trap_image *image)
{
	ElfW(Phdr) phdrs[HEADERS];
	ElfW(Ehdr) ehdr;
	long err;
	size_t size;

	memset(image, 0, sizeof(*image));
	if (pread(fd, &ehdr, sizeof(ehdr), 0) != sizeof(ehdr) ||
	    memcmp(ehdr.e_ident, ELFMAG, SELFMAG) ||
	    ehdr.e_ident[EI_CLASS] != ELFCLASS64 ||
	    ehdr.e_machine != EM_X86_64 || !ehdr.e_phnum ||
	    (ehdr.e_type != ET_EXEC && ehdr.e_type != ET_DYN) ||
	    ehdr.e_phnum > HEADERS || ehdr.e_phentsize != sizeof(phdrs[0]))
		return -ENOEXEC;
	size = ehdr.e_phnum * sizeof(phdrs[0]);
	if (pread(fd, phdrs, size, ehdr.e_phoff) != (ssize_t)size)
		return -ENOEXEC;
	err = reserve(image, &ehdr, phdrs);
	for (int i = 0; i < ehdr.e_phnum && !err; i++) {
		const ElfW(Phdr) *p = &phdrs[i];

		if (p->p_type == PT_LOAD && p->p_memsz) {
			err = map_segment(fd, image->bias, p);
			if (ehdr.e_phoff >= p->p_offset &&
			    ehdr.e_phoff < p->p_offset + p->p_filesz)
				image->phdr = image->bias + p->p_vaddr +
					      ehdr.e_phoff - p->p_offset;
		} else if (p->p_type == PT_INTERP &&
			   (p->p_filesz >= sizeof(image->interp) ||
			    pread(fd, image->interp, p->p_filesz,
				  p->p_offset) != (ssize_t)p->p_filesz)) {
			err = -ENOEXEC;
		}
	}
	image->entry = image->bias + ehdr.e_entry;
	image->phnum = ehdr.e_phnum;
	return err;
}
