/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One script for two links: the shared object (vmlinux) and, with LKL_RELOC,
 * the relocatable object (lkl.o). All text is one output section in both, so
 * that kallsyms' offsets from _text are the same.
 */
#define RO_EXCEPTION_TABLE_ALIGN 16
#define LOAD_OFFSET 0

#include <asm/page.h>
#include <asm/cache.h>
#include <asm/thread_info.h>
#include <asm-generic/vmlinux.lds.h>

/* With -fPIC, what has to be relocated is in sections of its own. */
#undef DATA_MAIN
#define DATA_MAIN .data .data.rel .data.rel.local

OUTPUT_FORMAT("elf64-x86-64")
OUTPUT_ARCH(i386:x86-64)
#ifndef LKL_RELOC
ENTRY(lkl_image_start)
#endif

jiffies = jiffies_64;

SECTIONS
{
#ifndef LKL_RELOC
	/* Not 0: glibc takes a symbol of value 0 for undefined. */
	. = PAGE_SIZE;
#endif
	.text : {
		_text = .;
		_stext = .;
		HEAD_TEXT
		TEXT_TEXT
		SCHED_TEXT
		LOCK_TEXT
		KPROBES_TEXT
		IRQENTRY_TEXT
		SOFTIRQENTRY_TEXT
		. = ALIGN(16);
		_sinittext = .;
		__init_begin = .;
		INIT_TEXT
		EXIT_TEXT
		_einittext = .;
		_etext = .;
	}

	. = ALIGN(PAGE_SIZE);
	_sdata = .;
	RO_DATA(PAGE_SIZE)

	RW_DATA(L1_CACHE_BYTES, PAGE_SIZE, THREAD_SIZE)
	_edata = .;

	INIT_DATA_SECTION(16)
	__init_end = .;

	BSS_SECTION(PAGE_SIZE, PAGE_SIZE, PAGE_SIZE)
	_end = .;

	ELF_DETAILS
	DISCARDS
}
