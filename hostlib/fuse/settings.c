// SPDX-License-Identifier: GPL-2.0
/* settings.c - The command line: read, check, complain */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuse/lklfuse.h"

#define MB_DEFAULT	64
#define MB_MIN		32
#define MB_MAX		65536
#define PART_MAX	1023

enum { KEY_RO = 1, KEY_RW };

#define OPTION(text, field) { text, offsetof(struct settings, field), 1 }

static const struct fuse_opt options[] = {
	OPTION("type=%s", type),
	OPTION("opts=%s", opts),
	OPTION("log=%s", log),
	OPTION("lock=%s", lock),
	OPTION("mb=%s", mb),
	OPTION("part=%s", partition),
	OPTION("-f", foreground),
	OPTION("-h", help),
	OPTION("--help", help),
	OPTION("-V", version),
	OPTION("--version", version),
	FUSE_OPT_KEY("ro", KEY_RO),
	FUSE_OPT_KEY("rw", KEY_RW),
	FUSE_OPT_END
};

/* Take what stands alone: the operands, and what others need to know too. */
static int take(void *data, const char *arg, int key, struct fuse_args *rest)
{
	struct settings *s = data;

	(void)rest;
	if (key == KEY_RO || key == KEY_RW) {
		s->read_only = key == KEY_RO;
		return key == KEY_RO;	/* and pass it on */
	}
	if (key != FUSE_OPT_KEY_NONOPT)
		return 1;
	if (!s->image)
		return fuse_opt_add_opt(&s->image, arg);
	if (!s->mountpoint)
		return fuse_opt_add_opt(&s->mountpoint, arg);
	fprintf(stderr, "lklfuse: expected IMAGE MOUNTPOINT, got also %s\n",
		arg);
	return -1;
}

/**
 * number() - Read a number
 * @name:	option
 * @text:	its value, NULL: not given
 * @min:	smallest
 * @max:	largest
 * @value:	receives it; not changed if the option was not given
 *
 * Return: true if it is one, else the user has been told
 */
static bool number(const char *name, const char *text, unsigned int min,
		   unsigned int max, unsigned int *value)
{
	unsigned long n;
	char *end;

	if (!text)
		return true;
	n = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || n < min || n > max) {
		fprintf(stderr,
			"lklfuse: %s: expected a number from %u to %u, got \"%s\"\n",
			name, min, max, text);
		return false;
	}
	*value = n;
	return true;
}

static bool not_empty(const char *name, const char *text)
{
	if (!text || *text)
		return true;
	fprintf(stderr, "lklfuse: %s: expected a value, got \"\"\n", name);
	return false;
}

static bool has_operands(const struct settings *s)
{
	if (s->mountpoint)
		return true;
	fprintf(stderr, "lklfuse: expected IMAGE MOUNTPOINT, got %s\n",
		s->image ? s->image : "nothing");
	return false;
}

/**
 * settings_read() - Read the command line
 * @s:		receives the settings
 * @args:	command line; what is for libfuse is left there
 *
 * Return: 0, or STATUS_USAGE: all that is wrong has been told
 */
int settings_read(struct settings *s, struct fuse_args *args)
{
	bool good;

	if (fuse_opt_parse(args, s, options, take))
		return STATUS_USAGE;
	if (s->help || s->version)
		return 0;
	s->memory = MB_DEFAULT;
	good = has_operands(s);
	good &= number("mb", s->mb, MB_MIN, MB_MAX, &s->memory);
	good &= number("part", s->partition, 0, PART_MAX, &s->part);
	good &= not_empty("type", s->type);
	good &= not_empty("log", s->log);
	good &= not_empty("lock", s->lock);
	return good ? 0 : STATUS_USAGE;
}
