// SPDX-License-Identifier: GPL-2.0
/*
 * types.c - Settings that are texts, numbers, masks and lists
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "net/entries.h"

static void parse_text(struct lkl_config *cfg, const struct setting *s,
		       const char *value, void *field)
{
	if (s->max && strlen(value) > s->max)
		config_error(cfg, s->name, value,
			     "is %zu bytes long; expected at most %u",
			     strlen(value), s->max);
	else
		config_set_text(cfg, field, value);
}

static char *format_text(const struct setting *s, const void *field)
{
	const char *text = *(char *const *)field;

	(void)s;
	return text ? text_format("%s", text) : NULL;
}

const struct setting_type type_text = { parse_text, format_text };

/**
 * parse_unsigned() - Read a number without sign or blanks
 * @text:	decimal, or hexadecimal after 0x
 * @value:	receives it
 *
 * Return: false if the text is anything else
 */
bool parse_unsigned(const char *text, unsigned long *value)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	char *end;

	if (!*digits || strspn(digits, hex ? "0123456789abcdefABCDEF" :
					     "0123456789") != strlen(digits))
		return false;
	errno = 0;
	*value = strtoul(digits, &end, hex ? 16 : 10);
	return !errno;
}

static void parse_number(struct lkl_config *cfg, const struct setting *s,
			 const char *value, void *field)
{
	unsigned long n;

	if (parse_unsigned(value, &n) && n >= s->min && n <= s->max)
		*(unsigned int *)field = n;
	else if (s->expected)
		config_error(cfg, s->name, value, "expected %s", s->expected);
	else
		config_error(cfg, s->name, value, "expected %u to %u", s->min,
			     s->max);
}

static char *format_number(const struct setting *s, const void *field)
{
	unsigned int n = *(const unsigned int *)field;

	return n != s->standard ? text_format("%u", n) : NULL;
}

const struct setting_type type_number = { parse_number, format_number };

static void parse_choice(struct lkl_config *cfg, const struct setting *s,
			 const char *value, void *field)
{
	unsigned int i;

	for (i = 0; s->words[i]; i++)
		if (!strcmp(s->words[i], value))
			break;
	if (s->words[i])
		*(unsigned int *)field = i;
	else
		config_error(cfg, s->name, value, "expected %s", s->expected);
}

static char *format_choice(const struct setting *s, const void *field)
{
	unsigned int i = *(const unsigned int *)field;

	return i ? text_format("%s", s->words[i]) : NULL;
}

const struct setting_type type_choice = { parse_choice, format_choice };

/**
 * names_to_bits() - Read a list of names of bits
 * @cfg:	settings
 * @s:		the setting
 * @names:	list, is cut
 *
 * Return: the mask; names that are not known are recorded as errors
 */
static unsigned int names_to_bits(struct lkl_config *cfg,
				  const struct setting *s, char *names)
{
	const struct setting_bit *b;
	unsigned int mask = 0;
	char *name;

	while ((name = next_entry(&names, ","))) {
		for (b = s->bits; b->bits; b++)
			if (!strcmp(b->name, name))
				break;
		mask |= b->bits;
		if (!b->bits)
			config_error(cfg, s->name, name, "expected %s",
				     s->expected);
	}
	return mask;
}

/**
 * known_bits() - All bits a mask may have
 * @s:	the setting
 *
 * Return: the bits
 */
static unsigned int known_bits(const struct setting *s)
{
	const struct setting_bit *b;
	unsigned int known = 0;

	for (b = s->bits; b->bits; b++)
		known |= b->bits;
	return known;
}

/* A mask is a number or a list of names; no text at all is a mistake, not 0. */
static void parse_bits(struct lkl_config *cfg, const struct setting *s,
		       const char *value, void *field)
{
	unsigned long mask, unknown;
	char *names;

	if (parse_unsigned(value, &mask)) {
		unknown = mask & ~(unsigned long)known_bits(s);
		if (unknown)
			config_error(cfg, s->name, value,
				     "has unknown bits 0x%lx; expected %s",
				     unknown, s->expected);
		*(unsigned int *)field = mask;
		return;
	}
	if (!value[strspn(value, ENTRY_BLANKS ",")]) {
		config_error(cfg, s->name, value, "expected %s", s->expected);
		return;
	}
	names = strdup(value);
	if (names)
		*(unsigned int *)field = names_to_bits(cfg, s, names);
	else
		config_out_of_memory(cfg);
	free(names);
}

static char *format_bits(const struct setting *s, const void *field)
{
	unsigned int mask = *(const unsigned int *)field;

	(void)s;
	return mask ? text_format("0x%x", mask) : NULL;
}

const struct setting_type type_bits = { parse_bits, format_bits };

static void parse_list(struct lkl_config *cfg, const struct setting *s,
		       const char *value, void *field)
{
	char *copy = strdup(value), *check, *why;
	char *rest = copy, *entry;

	if (!copy) {
		config_out_of_memory(cfg);
		return;
	}
	while ((entry = next_entry(&rest, s->separators))) {
		check = strdup(entry);
		why = check ? s->entry_problem(check) : NULL;
		if (!check)
			config_out_of_memory(cfg);
		else if (why)
			config_error(cfg, s->name, entry, "%s", why);
		free(check);
		free(why);
	}
	free(copy);
	config_set_text(cfg, field, value);
}

const struct setting_type type_list = { parse_list, format_text };

static void parse_iftype(struct lkl_config *cfg, const struct setting *s,
			 const char *value, void *field)
{
	char *names = NULL, *longer;

	config_set_text(cfg, field, value);
	if (iftype_find(value))
		return;
	for (size_t i = 0; i < iftypes_count; i++) {
		longer = text_format("%s%s%s", names ? names : "",
				     names ? ", " : "", iftypes[i].name);
		free(names);
		names = longer;
	}
	config_error(cfg, s->name, value, "%sexpected one of %s",
		     strcmp(value, "dpdk") ? "" : "not built in; ",
		     names ? names : "");
	free(names);
}

const struct setting_type type_iftype = { parse_iftype, format_text };

static char *format_nothing(const struct setting *s, const void *field)
{
	(void)s;
	(void)field;
	return NULL;
}

/* NET_TAP and CONFIG_FILE are not values, but say where values are. */
const struct setting_type type_source = { NULL, format_nothing };
