// SPDX-License-Identifier: GPL-2.0
/*
 * env.c - Read the settings from the environment
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"

/**
 * read_setting() - Read the value of a setting
 * @cfg:	settings
 * @s:		the setting
 * @value:	its text
 */
static void read_setting(struct lkl_config *cfg, const struct setting *s,
			 const char *value)
{
	if (s->iface && !cfg->interfaces) {
		cfg->interfaces = calloc(1, sizeof(*cfg->interfaces));
		if (!cfg->interfaces) {
			config_out_of_memory(cfg);
			return;
		}
	}
	s->type->parse(cfg, s, value, setting_field(s, cfg, cfg->interfaces));
}

/** is_setting() - Return: true if @name is a setting */
static bool is_setting(const char *name)
{
	for (size_t i = 0; i < settings_count; i++)
		if (!strcmp(settings[i].name, name))
			return true;
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
	const char *meant;
	char *name;

	if (strncmp(variable, PREFIX, strlen(PREFIX)))
		return;
	name = strndup(variable, len);
	if (!name) {
		config_out_of_memory(cfg);
		return;
	}
	if (!is_setting(name)) {
		meant = setting_suggest(name);
		config_error(cfg, name, variable[len] ? variable + len + 1 : "",
			     "no such setting%s%s%s",
			     meant ? "; did you mean " : "", meant ? meant : "",
			     meant ? "?" : "");
	}
	free(name);
}

int lkl_load_config_env(struct lkl_config *cfg)
{
	const char *value;

	for (size_t i = 0; i < settings_count; i++) {
		value = getenv(settings[i].name);
		if (value)
			read_setting(cfg, &settings[i], value);
	}
	for (char **variable = environ; variable && *variable; variable++)
		refuse_unknown(cfg, *variable);
	config_check(cfg);
	return cfg->error_count;
}
