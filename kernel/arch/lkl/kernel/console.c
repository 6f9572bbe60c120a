// SPDX-License-Identifier: GPL-2.0
/* console.c - Kernel log to the host */
#include <linux/console.h>
#include <linux/init.h>
#include "engine.h"

static void console_to_host(struct console *con, const char *str, unsigned int n)
{
	lkl_host->print(str, n);
}

static struct console lkl_console = {
	.name	= "lkl_console",
	.write	= console_to_host,
	.flags	= CON_PRINTBUFFER | CON_ENABLED,
	.index	= -1,
};

/**
 * lkl_console_init() - From now on the host sees the log
 */
void __init lkl_console_init(void)
{
	register_console(&lkl_console);
}
