// SPDX-License-Identifier: GPL-2.0
/*
 * setting.c - Settings by name: their variables, values, and what is wrong
 *
 * Names are those of the table; which interface is meant, the interface says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

/**
 * setting_variable() - Name of the variable of a setting
 * @s:		the setting
 * @index:	of the interface, for settings of interfaces
 * @name:	receives it
 *
 * The first interface has LKL_HIJACK_NET_MTU and LKL_HIJACK_OFFLOAD, the
 * second LKL_HIJACK_NET1_MTU and LKL_HIJACK_NET1_OFFLOAD, and so on.
 */
void setting_variable(const struct setting *s, int index,
		      char name[VARIABLE_ROOM])
{
	const char *own = s->name + strlen(PREFIX);

	if (!s->iface || !index) {
		snprintf(name, VARIABLE_ROOM, "%s", s->name);
		return;
	}
	if (!strncmp(own, "NET_", 4))
		own += 4;
	snprintf(name, VARIABLE_ROOM, PREFIX "NET%d_%s", index, own);
}

/**
 * setting_exists() - Has an interface a setting?
 * @s:		the setting
 * @index:	of the interface
 *
 * Return: true, but for the obsolete spelling, which knows one interface only
 */
bool setting_exists(const struct setting *s, int index)
{
	return !index || (s->iface && s->type != &type_tap);
}

/** setting_find() - Return: the setting @name, which there is */
const struct setting *setting_find(const char *name)
{
	const struct setting *s = settings;

	while (strcmp(s->name, name))
		s++;
	return s;
}

/** variable_of() - setting_variable() of an interface that may be NULL */
static void variable_of(const struct setting *s,
			const struct lkl_config_iface *iface,
			char name[VARIABLE_ROOM])
{
	setting_variable(s, iface ? iface->index : 0, name);
}

/**
 * setting_value() - Value of a setting, in the words it was given
 * @s:		the setting
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 *
 * Return: text, malloc()ed; NULL if it is not set
 */
char *setting_value(const struct setting *s, struct lkl_config *cfg,
		    struct lkl_config_iface *iface)
{
	char name[VARIABLE_ROOM];
	const char *given;

	variable_of(s, iface, name);
	given = getenv(name);
	return given ? strdup(given) :
		       s->type->format(s, setting_field(s, cfg, iface));
}

/**
 * setting_shown() - A setting and its value, for messages
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 * @name:	the setting
 *
 * Return: "NAME=value", malloc()ed; NULL if memory is short
 */
char *setting_shown(struct lkl_config *cfg, struct lkl_config_iface *iface,
		    const char *name)
{
	const struct setting *s = setting_find(name);
	char variable[VARIABLE_ROOM];
	char *value, *text;

	variable_of(s, iface, variable);
	value = setting_value(s, cfg, iface);
	text = text_format("%s=%s", variable, value ? value : "");
	free(value);
	return text;
}

/**
 * setting_is_bad() - Has an error been recorded for a setting?
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 * @name:	the setting
 *
 * Return: true if so
 */
bool setting_is_bad(const struct lkl_config *cfg,
		    const struct lkl_config_iface *iface, const char *name)
{
	char variable[VARIABLE_ROOM];

	variable_of(setting_find(name), iface, variable);
	return config_is_bad(cfg, variable);
}

/**
 * setting_error() - Record an error of a setting that has been read
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 * @name:	the setting; its value is shown if it has one
 * @fmt:	what is wrong, as of printf(), without end of line
 */
void setting_error(struct lkl_config *cfg, struct lkl_config_iface *iface,
		   const char *name, const char *fmt, ...)
{
	const struct setting *s = setting_find(name);
	char variable[VARIABLE_ROOM];
	char *value;
	va_list ap;

	variable_of(s, iface, variable);
	value = setting_value(s, cfg, iface);
	va_start(ap, fmt);
	config_verror(cfg, variable, value, fmt, ap);
	va_end(ap);
	free(value);
}

/**
 * setting_missing() - Record that a setting is missing
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 * @name:	the setting
 * @fmt:	what is expected and why, as of printf()
 */
void setting_missing(struct lkl_config *cfg, struct lkl_config_iface *iface,
		     const char *name, const char *fmt, ...)
{
	char variable[VARIABLE_ROOM];
	char *why = NULL;
	va_list ap;
	int len;

	variable_of(setting_find(name), iface, variable);
	va_start(ap, fmt);
	len = vasprintf(&why, fmt, ap);
	va_end(ap);
	if (len < 0) {
		config_out_of_memory(cfg);
		return;
	}
	config_error(cfg, variable, NULL, "missing; expected %s", why);
	free(why);
}
