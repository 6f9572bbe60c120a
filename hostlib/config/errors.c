// SPDX-License-Identifier: GPL-2.0
/*
 * errors.c - Record and print what is wrong with the settings
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"

/* Longest part of a value that a message repeats. */
#define VALUE_SHOWN 160

/**
 * text_format() - Make a text
 * @fmt:	as of printf()
 *
 * Return: the text, malloc()ed, or NULL
 */
char *text_format(const char *fmt, ...)
{
	va_list ap;
	char *text;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	return len < 0 ? NULL : text;
}

/**
 * config_out_of_memory() - Record that memory was short
 * @cfg:	settings
 *
 * An error that counts, but has no entry in the list.
 */
void config_out_of_memory(struct lkl_config *cfg)
{
	cfg->error_count++;
}

/**
 * config_set_text() - Set a text of the settings
 * @cfg:	settings
 * @field:	text, freed if there is one
 * @text:	new text, is copied
 */
void config_set_text(struct lkl_config *cfg, char **field, const char *text)
{
	free(*field);
	*field = strdup(text);
	if (!*field)
		config_out_of_memory(cfg);
}

/**
 * clean() - Make a text fit to be part of one line
 * @text:	text
 */
static void clean(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

/**
 * add_error() - Append an error to the list
 * @cfg:	settings
 * @text:	its text, malloc()ed; NULL: memory was short
 */
static void add_error(struct lkl_config *cfg, char *text)
{
	struct lkl_config_error *err = calloc(1, sizeof(*err));
	struct lkl_config_error **end = &cfg->errors;

	cfg->error_count++;
	if (!err || !text) {
		free(err);
		free(text);
		return;
	}
	clean(text);
	err->text = text;
	while (*end)
		end = &(*end)->next;
	*end = err;
}

/**
 * config_verror() - config_error() with the arguments in a list
 * @cfg:	settings
 * @name:	variable it is about
 * @value:	its value, or the part that is wrong; NULL: there is none
 * @fmt:	what is wrong
 * @ap:		arguments of @fmt
 */
void config_verror(struct lkl_config *cfg, const char *name, const char *value,
		   const char *fmt, va_list ap)
{
	char *why = NULL;

	if (vasprintf(&why, fmt, ap) < 0) {
		config_out_of_memory(cfg);
		return;
	}
	if (value)
		add_error(cfg, text_format("%s=%.*s%s: %s", name, VALUE_SHOWN,
					   value, strlen(value) > VALUE_SHOWN ?
					   "..." : "", why));
	else
		add_error(cfg, text_format("%s: %s", name, why));
	free(why);
}

/**
 * config_error() - Record an error
 * @cfg:	settings
 * @name:	variable it is about
 * @value:	its value, or the part that is wrong; NULL: there is none
 * @fmt:	what is wrong, as of printf(), without end of line
 */
void config_error(struct lkl_config *cfg, const char *name, const char *value,
		  const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	config_verror(cfg, name, value, fmt, ap);
	va_end(ap);
}

/**
 * config_is_bad() - Has an error been recorded for a setting?
 * @cfg:	settings
 * @name:	setting
 *
 * Return: true if so
 */
bool config_is_bad(const struct lkl_config *cfg, const char *name)
{
	const struct lkl_config_error *err;
	size_t len = strlen(name);

	for (err = cfg->errors; err; err = err->next)
		if (!strncmp(err->text, name, len) &&
		    (err->text[len] == '=' || err->text[len] == ':'))
			return true;
	return false;
}

/**
 * place_of() - Where in the file is an error?
 * @cfg:	settings
 * @text:	of the error
 *
 * Return: line and column, to compare; nowhere is behind all of them
 */
static unsigned long long place_of(const struct lkl_config *cfg,
				   const char *text)
{
	size_t len = cfg->file ? strlen(cfg->file) : 0;
	unsigned int line, column;

	if (!len || strncmp(text, cfg->file, len) ||
	    sscanf(text + len, ":%u:%u", &line, &column) != 2)
		return -1;
	return (unsigned long long)line << 32 | column;
}

/**
 * config_sort_errors() - Put those of the file first, as they are there
 * @cfg:	settings
 */
void config_sort_errors(struct lkl_config *cfg)
{
	struct lkl_config_error *err, *rest = cfg->errors;
	struct lkl_config_error **at;

	cfg->errors = NULL;
	while ((err = rest)) {
		rest = err->next;
		at = &cfg->errors;
		while (*at && place_of(cfg, (*at)->text) <=
			      place_of(cfg, err->text))
			at = &(*at)->next;
		err->next = *at;
		*at = err;
	}
}

/**
 * config_clear_errors() - Forget all errors
 * @cfg:	settings
 */
void config_clear_errors(struct lkl_config *cfg)
{
	struct lkl_config_error *err;

	while ((err = cfg->errors)) {
		cfg->errors = err->next;
		free(err->text);
		free(err);
	}
	cfg->error_count = 0;
}

/**
 * config_write() - Write to a host descriptor
 * @fd:		host descriptor
 * @text:	what to write
 * @len:	bytes
 */
void config_write(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		len -= n;
	}
}

/**
 * config_print() - Print a message with one write, so that lines stay whole
 * @fd:		host descriptor
 * @fmt:	as of printf()
 */
void config_print(int fd, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	config_write(fd, text, len);
	free(text);
}

void lkl_config_print_errors(const struct lkl_config *cfg, int fd)
{
	static const char short_of[] = "lkl-hijack: out of memory\n";
	const struct lkl_config_error *err;
	int listed = 0;

	for (err = cfg->errors; err; err = err->next, listed++)
		config_print(fd, "lkl-hijack: %s\n", err->text);
	if (listed < cfg->error_count)
		config_write(fd, short_of, sizeof(short_of) - 1);
}
