// SPDX-License-Identifier: GPL-2.0
/* setup.c - Memory arena, command line, /proc/cpuinfo */
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <asm/setup.h>
#include "engine.h"

unsigned long memory_start;
unsigned long memory_end;
void *empty_zero_page;
EXPORT_SYMBOL(memory_start);
EXPORT_SYMBOL(memory_end);
EXPORT_SYMBOL(empty_zero_page);

char lkl_cmdline[COMMAND_LINE_SIZE];

/*
 * What a distribution has as modules must not put devices of its own beside
 * the user's; and there are as many threads as the host allows, however small
 * the arena. Comes first, so that the user's words win.
 */
static const char defaults[] __initconst =
	"sysctl.kernel.threads-max=32000 "
	"bonding.max_bonds=0 dummy.numdummies=0 ifb.numifbs=0 fb_tunnels=none ";

/* Buddy blocks must be aligned by address as by page number. */
#define ARENA_ALIGN	(PAGE_SIZE << MAX_PAGE_ORDER)

/**
 * lkl_reserve_memory() - Get the arena from the host: mem=, or the default
 *
 * Runs before the kernel does, so it reads the command line itself.
 *
 * Return: false if the host has no room
 */
bool lkl_reserve_memory(void)
{
	unsigned long size = (unsigned long)CONFIG_LKL_MEMORY_MB << 20;
	const char *p = lkl_cmdline;
	void *mem;

	while ((p = strstr(p, "mem="))) {
		if (p == lkl_cmdline || p[-1] == ' ')
			size = memparse(p + 4, NULL);
		p += 4;
	}
	size = max(round_up(size, ARENA_ALIGN), 16UL << 20);
	mem = lkl_host->mem_reserve(size, ARENA_ALIGN);
	if (!mem)
		return false;
	memory_start = (unsigned long)mem;
	memory_end = memory_start + size;
	return true;
}

static int __init ignore_mem(char *arg)
{
	return 0;
}
early_param("mem", ignore_mem);

void __init setup_arch(char **cmdline_p)
{
	unsigned long zone_ends[MAX_NR_ZONES] = { };
	u8 seed[64];

	strscpy(boot_command_line, defaults, COMMAND_LINE_SIZE);
	strlcat(boot_command_line, lkl_cmdline, COMMAND_LINE_SIZE);
	strscpy(lkl_cmdline, boot_command_line, COMMAND_LINE_SIZE);
	*cmdline_p = lkl_cmdline;
	parse_early_param();	/* loglevel=, before anything is shown */
	lkl_console_init();

	lkl_host->random(seed, sizeof(seed));
	add_bootloader_randomness(seed, sizeof(seed));
	memzero_explicit(seed, sizeof(seed));

	min_low_pfn = memory_start >> PAGE_SHIFT;
	max_low_pfn = max_pfn = memory_end >> PAGE_SHIFT;
	memblock_set_bottom_up(true);
	memblock_add(memory_start, memory_end - memory_start);
	setup_initial_init_mm(NULL, NULL, NULL, NULL);

	empty_zero_page = memblock_alloc(PAGE_SIZE, PAGE_SIZE);
	zone_ends[ZONE_NORMAL] = max_low_pfn;
	free_area_init(zone_ends);
}

void __init mem_init(void)
{
	memblock_free_all();
}

/* Init text and data are part of the library: there is nothing to give back. */
void free_initmem(void)
{
}

static int show_cpuinfo(struct seq_file *m, void *v)
{
	seq_puts(m, "processor\t: 0\nmodel name\t: Linux kernel library\n\n");
	return 0;
}

static void *cpuinfo_start(struct seq_file *m, loff_t *pos)
{
	return *pos ? NULL : (void *)1;
}

static void *cpuinfo_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void cpuinfo_stop(struct seq_file *m, void *v)
{
}

const struct seq_operations cpuinfo_op = {
	.start	= cpuinfo_start,
	.next	= cpuinfo_next,
	.stop	= cpuinfo_stop,
	.show	= show_cpuinfo,
};
