// SPDX-License-Identifier: GPL-2.0
/*
 * env.c - Read the settings from the environment, or a list like it
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"

#define NET_TAP		PREFIX "NET_TAP"
#define CONFIG_FILE	PREFIX "CONFIG_FILE"

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
 * replace_tap() - Replace the obsolete spelling, for executed programs too
 * @cfg:	settings
 * @vars:	where it is given
 *
 * Return: false if memory is short
 */
static bool replace_tap(struct lkl_config *cfg, char *const *vars)
{
	const char *value = find_value(vars, NET_TAP);

	if (!value)
		return true;
	if (find_value(vars, PREFIX "NET_IFTYPE") ||
	    find_value(vars, PREFIX "NET_IFPARAMS"))
		return given_problem(cfg, SOURCE_ENV, NET_TAP, value,
				     strdup("obsolete, and given beside "
					    PREFIX "NET_IFTYPE or "
					    PREFIX "NET_IFPARAMS; expected "
					    "one or the other"));
	config_print(2, "lkl-hijack: %s=%s: obsolete, use " PREFIX
		     "NET_IFTYPE=tap " PREFIX "NET_IFPARAMS=%s\n", NET_TAP,
		     value, value);
	if (vars)
		return given_add(cfg, SOURCE_ENV,
				 setting_find(PREFIX "NET_IFTYPE"), 0, NET_TAP,
				 "tap") &&
		       given_add(cfg, SOURCE_ENV,
				 setting_find(PREFIX "NET_IFPARAMS"), 0,
				 NET_TAP, value);
	setenv(PREFIX "NET_IFTYPE", "tap", 1);
	setenv(PREFIX "NET_IFPARAMS", value, 1);
	unsetenv(NET_TAP);
	return true;
}

/**
 * read_file() - Read the file that the environment names
 * @cfg:	settings
 * @vars:	where it is named
 *
 * From now on it has its full name in the environment: executed programs may be
 * elsewhere.
 *
 * Return: false if memory is short
 */
static bool read_file(struct lkl_config *cfg, char *const *vars)
{
	const char *name = find_value(vars, CONFIG_FILE);
	char *full, *why;
	bool complete;

	if (!name)
		return true;
	why = config_read_file(cfg, name, &complete);
	if (why)
		return given_problem(cfg, SOURCE_ENV, CONFIG_FILE, name, why);
	full = vars ? NULL : realpath(name, NULL);
	if (full)
		setenv(CONFIG_FILE, full, 1);
	free(full);
	return complete;
}

/** read_setting() - Read a setting; return: false if memory is short */
static bool read_setting(struct lkl_config *cfg, char *const *vars,
			 const struct setting *s, int index)
{
	char name[VARIABLE_ROOM];
	const char *value;

	setting_variable(s, index, name);
	value = s->type->parse ? find_value(vars, name) : NULL;
	return !value || given_add(cfg, SOURCE_ENV, s, index, name, value);
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

/** unknown() - Return: what is wrong with a variable that is no setting */
static char *unknown(const char *name)
{
	struct guess guess = guess_begin(name, strlen(PREFIX));
	char variable[VARIABLE_ROOM];

	for (int index = 0; index < MAX_INTERFACES; index++)
		for (size_t i = 0; i < settings_count; i++) {
			setting_variable(&settings[i], index, variable);
			if (setting_exists(&settings[i], index))
				guess_try(&guess, variable);
		}
	return guess_problem(&guess);
}

/**
 * refuse_unknown() - Record an error if a variable looks like a setting
 * @cfg:	settings
 * @variable:	"NAME=value"
 *
 * Return: false if memory is short
 */
static bool refuse_unknown(struct lkl_config *cfg, const char *variable)
{
	size_t len = strcspn(variable, "=");
	bool complete;
	char *name;

	if (strncmp(variable, PREFIX, strlen(PREFIX)))
		return true;
	name = strndup(variable, len);
	complete = name && (is_setting(name) ||
			    given_problem(cfg, SOURCE_ENV, name,
					  variable + len + !!variable[len],
					  unknown(name)));
	free(name);
	return complete;
}

int lkl_load_config_list(struct lkl_config *cfg, char *const *vars)
{
	bool complete;

	given_clear(cfg, SOURCE_ENV);
	complete = replace_tap(cfg, vars);
	complete &= read_file(cfg, vars);
	for (int index = 0; index < MAX_INTERFACES; index++)
		for (size_t i = 0; i < settings_count; i++)
			if (setting_exists(&settings[i], index))
				complete &= read_setting(cfg, vars,
							 &settings[i], index);
	if (!vars)
		vars = environ;
	for (; vars && *vars; vars++)
		complete &= refuse_unknown(cfg, *vars);
	return given_resolve(cfg, complete);
}

int lkl_load_config_env(struct lkl_config *cfg)
{
	return lkl_load_config_list(cfg, NULL);
}
