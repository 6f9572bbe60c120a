// SPDX-License-Identifier: GPL-2.0
/*
 * show.c - Print and free the settings
 */
#include <stdlib.h>

#include "config/config.h"

/**
 * show() - Print a setting if it is set
 * @s:		the setting
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 */
static void show(const struct setting *s, struct lkl_config *cfg,
		 struct lkl_config_iface *iface)
{
	char *value = s->type->format(s, setting_field(s, cfg, iface));
	char name[VARIABLE_ROOM];

	setting_variable(s, iface ? iface->index : 0, name);
	if (value)
		config_print(2, "lkl-hijack: %s=%s\n", name, value);
	free(value);
}

void lkl_show_config(const struct lkl_config *cfg)
{
	struct lkl_config *c = (struct lkl_config *)cfg;
	struct lkl_config_iface *iface;
	const struct setting *s;

	for (iface = c->interfaces; iface; iface = iface->next)
		for (s = settings; s < settings + settings_count; s++)
			if (s->iface)
				show(s, c, iface);
	for (s = settings; s < settings + settings_count; s++)
		if (!s->iface)
			show(s, c, NULL);
}

/**
 * unload_iface() - Free an interface
 * @iface:	interface
 */
static void unload_iface(struct lkl_config_iface *iface)
{
	free(iface->type);
	free(iface->param);
	free(iface->neigh);
	free(iface->qdisc);
	free(iface);
}

/**
 * config_clear() - Forget the settings, but not what they are made from
 * @cfg:	settings
 */
void config_clear(struct lkl_config *cfg)
{
	struct lkl_config kept = { .given = cfg->given, .file = cfg->file };
	struct lkl_config_iface *iface;

	while ((iface = cfg->interfaces)) {
		cfg->interfaces = iface->next;
		unload_iface(iface);
	}
	config_clear_errors(cfg);
	free(cfg->sysctl);
	free(cfg->boot_cmdline);
	free(cfg->mount);
	free(cfg->dump);
	free(cfg->pcap);
	free(cfg->nameserver);
	*cfg = kept;
}

void lkl_unload_config(struct lkl_config *cfg)
{
	config_clear(cfg);
	given_clear(cfg, SOURCE_FILE);
	given_clear(cfg, SOURCE_ENV);
	free(cfg->file);
	cfg->file = NULL;
}
