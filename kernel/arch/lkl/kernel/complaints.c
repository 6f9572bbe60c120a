// SPDX-License-Identifier: GPL-2.0
/*
 * complaints.c - A debug kernel ends with the first complaint of its checkers
 *
 * Lockdep and the others write to the log and go on. Nobody reads the log of a
 * kernel in a program that works, so the end of the call, a safe place, is the
 * end of the program: with the whole log on stderr.
 */
#include <linux/init.h>
#include <linux/kmsg_dump.h>
#include <linux/panic.h>
#include <linux/string.h>
#include <trace/events/printk.h>
#include "engine.h"

/* What complaints begin with. */
static const char * const words[] = { "WARNING:", "BUG:", "BUG ", "INFO:" };

static bool complained;

static void look(void *unused, const char *text, size_t len)
{
	for (int i = 0; i < ARRAY_SIZE(words); i++)
		if (len >= strlen(words[i]) &&
		    !strncmp(text, words[i], strlen(words[i])))
			complained = true;
}

/**
 * lkl_check_complaints() - Panic if there was one
 */
void lkl_check_complaints(void)
{
	if (unlikely(complained)) {
		complained = false;
		panic("a checker has complained, see the log");
	}
}

/* From now on every message is looked at, and those from before. */
static int __init complaints_init(void)
{
	static char line[1024] __initdata;
	struct kmsg_dump_iter iter;
	char *text;
	size_t len;

	kmsg_dump_rewind(&iter);
	while (kmsg_dump_get_line(&iter, false, line, sizeof(line), &len)) {
		text = strnstr(line, "] ", len);	/* after the time */
		if (text)
			look(NULL, text + 2, line + len - text - 2);
	}
	return register_trace_console(look, NULL);
}
early_initcall(complaints_init);
