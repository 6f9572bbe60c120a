// SPDX-License-Identifier: GPL-2.0
/*
 * given.c - The texts of the settings, as environment and file give them
 *
 * Kept as texts, so that it does not matter which is read first: whenever one
 * has been read the settings are made again from both.
 */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

/**
 * append() - Append to what is given
 * @cfg:	settings
 * @given:	what to append; owned from now on, whatever the result
 * @complete:	false: memory was short when it was made
 *
 * Return: false if memory is short
 */
static bool append(struct lkl_config *cfg, struct given given, bool complete)
{
	struct given **end = &cfg->given;
	struct given *copy = complete ? malloc(sizeof(*copy)) : NULL;

	if (!copy) {
		free(given.label);
		free(given.value);
		free(given.problem);
		return false;
	}
	*copy = given;
	while (*end)
		end = &(*end)->next;
	*end = copy;
	return true;
}

/**
 * given_add() - Record that a setting is given
 * @cfg:	settings
 * @source:	where
 * @s:		the setting
 * @index:	of the interface, for settings of interfaces
 * @label:	names setting and place in messages
 * @value:	its text
 *
 * Return: false if memory is short
 */
bool given_add(struct lkl_config *cfg, enum source source,
	       const struct setting *s, int index, const char *label,
	       const char *value)
{
	struct given given = {
		.source = source, .setting = s, .index = s->iface ? index : 0,
		.label = strdup(label), .value = strdup(value),
	};

	return append(cfg, given, given.label && given.value);
}

/**
 * given_problem() - Record that something given is no setting
 * @cfg:	settings
 * @source:	where
 * @label:	names it and its place
 * @value:	its text; NULL: there is none
 * @problem:	what is wrong, malloc()ed; NULL: memory was short
 *
 * Return: false if memory is short
 */
bool given_problem(struct lkl_config *cfg, enum source source,
		   const char *label, const char *value, char *problem)
{
	struct given given = {
		.source = source, .label = strdup(label),
		.value = value ? strdup(value) : NULL, .problem = problem,
	};

	return append(cfg, given, given.label && problem &&
		      (given.value || !value));
}

/**
 * given_in() - Find a setting in one source
 * @cfg:	settings
 * @source:	the source
 * @s:		the setting
 * @index:	of the interface, for settings of interfaces
 *
 * Return: what is given there, or NULL
 */
const struct given *given_in(const struct lkl_config *cfg, enum source source,
			     const struct setting *s, int index)
{
	const struct given *given = cfg->given;

	while (given && (given->source != source || given->setting != s ||
			 given->index != (s->iface ? index : 0)))
		given = given->next;
	return given;
}

/** has_other_type() - Does the environment change the type of an interface? */
static bool has_other_type(const struct lkl_config *cfg, int index)
{
	const struct setting *s = setting_find(PREFIX "NET_IFTYPE");
	const struct given *env = given_in(cfg, SOURCE_ENV, s, index);
	const struct given *file = given_in(cfg, SOURCE_FILE, s, index);

	return env && (!file || strcmp(env->value, file->value));
}

/**
 * given_find() - Find the text of a setting that counts
 * @cfg:	settings
 * @s:		the setting
 * @index:	of the interface, for settings of interfaces
 *
 * Return: what is given, in the environment first; NULL: nothing
 */
const struct given *given_find(const struct lkl_config *cfg,
			       const struct setting *s, int index)
{
	const struct given *given = given_in(cfg, SOURCE_ENV, s, index);

	if (given)
		return given;
	/* A parameter belongs to its type. */
	if (!strcmp(s->name, PREFIX "NET_IFPARAMS") &&
	    has_other_type(cfg, index))
		return NULL;
	return given_in(cfg, SOURCE_FILE, s, index);
}

/**
 * given_clear() - Forget what one source gives
 * @cfg:	settings
 * @source:	the source
 */
void given_clear(struct lkl_config *cfg, enum source source)
{
	struct given **at = &cfg->given;
	struct given *given;

	while ((given = *at)) {
		if (given->source != source) {
			at = &given->next;
			continue;
		}
		*at = given->next;
		free(given->label);
		free(given->value);
		free(given->problem);
		free(given);
	}
}

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
 * set() - Set a setting, if it is given
 * @cfg:	settings
 * @s:		the setting
 * @index:	of the interface, for settings of interfaces
 */
static void set(struct lkl_config *cfg, const struct setting *s, int index)
{
	const struct given *given = given_find(cfg, s, index);
	struct lkl_config_iface *iface = NULL;
	struct setting named = *s;

	if (!given)
		return;
	if (s->iface)
		iface = find_iface(cfg, index);
	if (s->iface && !iface) {
		config_out_of_memory(cfg);
		return;
	}
	/* Errors are about what is given. */
	named.name = given->label;
	s->type->parse(cfg, &named, given->value, setting_field(s, cfg, iface));
}

/**
 * set_standards() - Set the numbers whose default is not 0
 * @cfg:	zeroed settings
 */
static void set_standards(struct lkl_config *cfg)
{
	const struct setting *s;

	for (s = settings; s < settings + settings_count; s++)
		if (s->standard)
			*(unsigned int *)setting_field(s, cfg, NULL) =
				s->standard;
}

/**
 * given_resolve() - Make all settings from what is given, and check them
 * @cfg:	settings
 * @complete:	false: memory was short, something given is missing
 *
 * Return: number of errors
 */
int given_resolve(struct lkl_config *cfg, bool complete)
{
	const struct given *given;

	config_clear(cfg);
	set_standards(cfg);
	if (!complete)
		config_out_of_memory(cfg);
	for (given = cfg->given; given; given = given->next)
		if (given->problem)
			config_error(cfg, given->label, given->value, "%s",
				     given->problem);
	for (int index = 0; index < MAX_INTERFACES; index++)
		for (size_t i = 0; i < settings_count; i++)
			if (setting_exists(&settings[i], index))
				set(cfg, &settings[i], index);
	config_check(cfg);
	config_sort_errors(cfg);
	return cfg->error_count;
}
