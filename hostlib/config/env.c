// SPDX-License-Identifier: GPL-2.0
/*
 * env.c - Read the settings from the environment
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"

/**
 * find_iface() - Find an interface, make it and those before it if need be
 * @cfg:	settings
 * @index:	which
 *
 * Return: the interface, NULL if memory is short
 */
static struct lkl_config_iface *find_iface(struct lkl_config *cfg, int index)
{
	struct lkl_config_iface **at = &cfg->interfaces;

	for (int i = 0; ; i++, at = &(*at)->next) {
		if (!*at)
			*at = calloc(1, sizeof(**at));
		if (!*at)
			return NULL;
		(*at)->index = i;
		if (i == index)
			return *at;
	}
}

/**
 * read_setting() - Read a setting, if it is given
 * @cfg:	settings
 * @s:		the setting
 * @index:	of the interface, for settings of interfaces
 */
static void read_setting(struct lkl_config *cfg, const struct setting *s,
			 int index)
{
	struct lkl_config_iface *iface = NULL;
	struct setting named = *s;
	char name[VARIABLE_ROOM];
	const char *value;

	setting_variable(s, index, name);
	value = getenv(name);
	if (!value)
		return;
	if (s->iface)
		iface = find_iface(cfg, index);
	if (s->iface && !iface) {
		config_out_of_memory(cfg);
		return;
	}
	/* Errors are about the variable. */
	named.name = name;
	s->type->parse(cfg, &named, value, setting_field(s, cfg, iface));
}

/**
 * set_standards() - Set the numbers whose default is not 0
 * @cfg:	zeroed settings
 */
static void set_standards(struct lkl_config *cfg)
{
	for (size_t i = 0; i < settings_count; i++)
		if (settings[i].standard)
			*(unsigned int *)setting_field(&settings[i], cfg, NULL) =
				settings[i].standard;
}

/** is_setting() - Return: true if @name is a setting */
static bool is_setting(const char *name)
{
	char variable[VARIABLE_ROOM];

	for (int index = 0; index < MAX_INTERFACES; index++)
		for (size_t i = 0; i < settings_count; i++) {
			setting_variable(&settings[i], index, variable);
			if (setting_exists(&settings[i], index) &&
			    !strcmp(variable, name))
				return true;
		}
	return false;
}

/**
 * refuse_unknown() - Record an error if a variable looks like a setting
 * @cfg:	settings
 * @variable:	"NAME=value"
 */
static void refuse_unknown(struct lkl_config *cfg, const char *variable)
{
	size_t len = strcspn(variable, "=");
	char meant[VARIABLE_ROOM];
	bool found;
	char *name;

	if (strncmp(variable, PREFIX, strlen(PREFIX)))
		return;
	name = strndup(variable, len);
	if (!name) {
		config_out_of_memory(cfg);
		return;
	}
	if (!is_setting(name)) {
		found = setting_suggest(name, meant);
		config_error(cfg, name, variable[len] ? variable + len + 1 : "",
			     "no such setting%s%s%s",
			     found ? "; did you mean " : "", found ? meant : "",
			     found ? "?" : "");
	}
	free(name);
}

int lkl_load_config_env(struct lkl_config *cfg)
{
	set_standards(cfg);
	for (int index = 0; index < MAX_INTERFACES; index++)
		for (size_t i = 0; i < settings_count; i++)
			if (setting_exists(&settings[i], index))
				read_setting(cfg, &settings[i], index);
	for (char **variable = environ; variable && *variable; variable++)
		refuse_unknown(cfg, *variable);
	config_check(cfg);
	return cfg->error_count;
}
