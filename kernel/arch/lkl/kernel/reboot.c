// SPDX-License-Identifier: GPL-2.0
/* reboot.c - The ends of the kernel: halt and panic */
#include <linux/console.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kmsg_dump.h>
#include <linux/panic_notifier.h>
#include <linux/reboot.h>
#include "engine.h"

void machine_halt(void)
{
	__atomic_store_n(&lkl_vcpu.halted, LKL_HALTING, __ATOMIC_SEQ_CST);
	lkl_halt_threads();
	__atomic_store_n(&lkl_vcpu.halted, LKL_HALTED, __ATOMIC_SEQ_CST);
	lkl_host->halted();
	lkl_host->kick();
	lkl_helper_unpark();
	for (;;)
		lkl_vcpu_yield();
}

void machine_power_off(void)
{
	machine_halt();
}

void machine_restart(char *cmd)
{
	machine_halt();
}

/* Show the whole log, whatever part of it the console has let through. */
static void print_log(void)
{
	static char line[1024];
	struct kmsg_dump_iter iter;
	size_t len;

	kmsg_dump_rewind(&iter);
	while (kmsg_dump_get_line(&iter, false, line, sizeof(line), &len))
		lkl_host->print(line, len);
}

static int panic_to_host(struct notifier_block *nb, unsigned long event,
			 void *msg)
{
	console_loglevel = CONSOLE_LOGLEVEL_SILENT;
	dump_stack();
	print_log();
	lkl_host->panic(msg);
	return NOTIFY_DONE;
}

static struct notifier_block panic_block = {
	.notifier_call = panic_to_host,
	.priority = INT_MIN,
};

static int __init panic_init(void)
{
	return atomic_notifier_chain_register(&panic_notifier_list,
					      &panic_block);
}
early_initcall(panic_init);

void lkl_image_fault(unsigned long ip, unsigned long addr)
{
	if (__kernel_text_address(ip))
		panic("bad access to %#lx at %pS", addr, (void *)ip);
}
