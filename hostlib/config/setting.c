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
 * Return: true, but for settings of none, that the first one stands for
 */
bool setting_exists(const struct setting *s, int index)
{
	return !index || s->iface;
}

/** setting_find() - Return: the setting @name, which there is */
const struct setting *setting_find(const char *name)
{
	const struct setting *s = settings;

	while (strcmp(s->name, name))
		s++;
	return s;
}

/** find_given() - given_find() of an interface that may be NULL */
static const struct given *find_given(const struct lkl_config *cfg,
				      const struct lkl_config_iface *iface,
				      const struct setting *s)
{
	return given_find(cfg, s, iface ? iface->index : 0);
}

/** in_file() - Return: how a setting is named in the file, malloc()ed */
static char *in_file(const struct lkl_config *cfg, const struct setting *s,
		     int index)
{
	if (s->iface)
		return text_format("%s: interfaces[%d].%s", cfg->file, index,
				   s->json);
	return text_format("%s: %s", cfg->file, s->json);
}

/**
 * setting_spelled() - How a setting is named where another one is given
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 * @name:	the setting
 * @partner:	the other, may be the same
 *
 * Return: variable, or file and key, malloc()ed; NULL if memory is short
 */
char *setting_spelled(const struct lkl_config *cfg,
		      const struct lkl_config_iface *iface, const char *name,
		      const char *partner)
{
	const struct given *given = find_given(cfg, iface,
					       setting_find(partner));
	const struct setting *s = setting_find(name);
	int index = iface ? iface->index : 0;
	char variable[VARIABLE_ROOM];

	if (given && given->source == SOURCE_FILE)
		return in_file(cfg, s, index);
	setting_variable(s, index, variable);
	return strdup(variable);
}

/** setting_label() - Return: what names a setting in messages, malloc()ed */
char *setting_label(const struct lkl_config *cfg,
		    const struct lkl_config_iface *iface, const char *name)
{
	const struct given *given = find_given(cfg, iface, setting_find(name));

	return given ? strdup(given->label) :
		       setting_spelled(cfg, iface, name, name);
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
	const struct given *given = find_given(cfg, iface, s);

	return given ? strdup(given->value) :
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
	char *spelled = setting_spelled(cfg, iface, name, name);
	char *value = setting_value(setting_find(name), cfg, iface);
	char *text = NULL;

	if (spelled)
		text = text_format("%s=%s", spelled, value ? value : "");
	free(spelled);
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
	const struct setting *s = setting_find(name);
	int index = iface ? iface->index : 0;
	const struct given *given = given_find(cfg, s, index);
	char variable[VARIABLE_ROOM];
	char *key;
	bool bad;

	if (given)
		return config_is_bad(cfg, given->label);
	/* One that is missing is named after either. */
	setting_variable(s, index, variable);
	key = cfg->file ? in_file(cfg, s, index) : NULL;
	bad = config_is_bad(cfg, variable) || (key && config_is_bad(cfg, key));
	free(key);
	return bad;
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
	char *label = setting_label(cfg, iface, name);
	char *value = setting_value(setting_find(name), cfg, iface);
	va_list ap;

	va_start(ap, fmt);
	config_verror(cfg, label ? label : name, value, fmt, ap);
	va_end(ap);
	free(label);
	free(value);
}

/**
 * setting_missing() - Record that a setting is missing
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 * @name:	the setting
 * @partner:	the one it goes with
 * @fmt:	what is expected and why, as of printf()
 */
void setting_missing(struct lkl_config *cfg, struct lkl_config_iface *iface,
		     const char *name, const char *partner,
		     const char *fmt, ...)
{
	char *spelled, *why = NULL;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&why, fmt, ap);
	va_end(ap);
	if (len < 0) {
		config_out_of_memory(cfg);
		return;
	}
	spelled = setting_spelled(cfg, iface, name, partner);
	config_error(cfg, spelled ? spelled : name, NULL,
		     "missing; expected %s", why);
	free(spelled);
	free(why);
}
