// SPDX-License-Identifier: GPL-2.0
/*
 * env.c - Read the settings from the environment, or a list like it
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
 * find_value() - Find a variable
 * @vars:	"NAME=value" texts, NULL at the end; NULL: the environment
 * @name:	its name
 *
 * Return: its value, NULL if it is not there
 */
static const char *find_value(char *const *vars, const char *name)
{
	size_t len = strlen(name);

	if (!vars)
		return getenv(name);
	for (; *vars; vars++)
		if (!strncmp(*vars, name, len) && (*vars)[len] == '=')
			return *vars + len + 1;
	return NULL;
}

/**
 * read_setting() - Read a setting, if it is given
 * @cfg:	settings
 * @vars:	where it is given
 * @s:		the setting
 * @index:	of the interface, for settings of interfaces
 */
static void read_setting(struct lkl_config *cfg, char *const *vars,
			 const struct setting *s, int index)
{
	struct lkl_config_iface *iface = NULL;
	struct setting named = *s;
	char name[VARIABLE_ROOM];
	const char *value;

	setting_variable(s, index, name);
	value = find_value(vars, name);
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

int lkl_load_config_list(struct lkl_config *cfg, char *const *vars)
{
	set_standards(cfg);
	for (int index = 0; index < MAX_INTERFACES; index++)
		for (size_t i = 0; i < settings_count; i++)
			if (setting_exists(&settings[i], index))
				read_setting(cfg, vars, &settings[i], index);
	if (!vars)
		vars = environ;
	for (; vars && *vars; vars++)
		refuse_unknown(cfg, *vars);
	config_check(cfg);
	return cfg->error_count;
}

int lkl_load_config_env(struct lkl_config *cfg)
{
	return lkl_load_config_list(cfg, NULL);
}
