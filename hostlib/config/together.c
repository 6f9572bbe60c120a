// SPDX-License-Identifier: GPL-2.0
/*
 * together.c - Do the interfaces go together?
 */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

typedef const struct lkl_config_iface *iface_ptr;

static bool same_param(iface_ptr a, iface_ptr b)
{
	const struct iftype *type = iftype_find(a->type);

	return type && type->exclusive && b->type &&
	       !strcmp(a->type, b->type) && a->param && b->param &&
	       !strcmp(a->param, b->param);
}

static bool same_mac(iface_ptr a, iface_ptr b)
{
	static const unsigned char none[6];

	return memcmp(a->mac, none, sizeof(none)) &&
	       !memcmp(a->mac, b->mac, sizeof(none));
}

static bool same_ip(iface_ptr a, iface_ptr b)
{
	return a->ip.family && !memcmp(&a->ip, &b->ip, sizeof(a->ip));
}

static bool same_ipv6(iface_ptr a, iface_ptr b)
{
	return a->ipv6.family && !memcmp(&a->ipv6, &b->ipv6, sizeof(a->ipv6));
}

/* What no two interfaces may share. */
static const struct {
	const char *name;
	bool (*same)(iface_ptr a, iface_ptr b);
} unique[] = {
	{ PREFIX "NET_IFPARAMS", same_param },
	{ PREFIX "NET_MAC", same_mac },
	{ PREFIX "NET_IP", same_ip },
	{ PREFIX "NET_IPV6", same_ipv6 },
};

/**
 * check_unique() - Refuse what an earlier interface has already
 * @cfg:	settings
 * @iface:	interface
 * @name:	setting
 * @same:	have two interfaces the same value?
 */
static void check_unique(struct lkl_config *cfg, struct lkl_config_iface *iface,
			 const char *name, bool (*same)(iface_ptr, iface_ptr))
{
	struct lkl_config_iface *first = cfg->interfaces;
	char *shown;

	if (setting_is_bad(cfg, iface, name))
		return;
	while (first != iface && !same(first, iface))
		first = first->next;
	if (first == iface)
		return;
	shown = setting_shown(cfg, first, name);
	setting_error(cfg, iface, name, "the same as %s; expected another one",
		      shown ? shown : name);
	free(shown);
}

/**
 * is_empty() - Is no setting of an interface given?
 * @cfg:	settings
 * @iface:	interface
 *
 * Return: true if so
 */
static bool is_empty(struct lkl_config *cfg, struct lkl_config_iface *iface)
{
	const struct setting *s;
	char *value = NULL;

	for (s = settings; s < settings + settings_count && !value; s++)
		if (s->iface)
			value = setting_value(s, cfg, iface);
	free(value);
	return !value;
}

/**
 * config_check_together() - Check the interfaces against each other
 * @cfg:	settings; receives errors
 */
void config_check_together(struct lkl_config *cfg)
{
	struct lkl_config_iface *iface;

	for (iface = cfg->interfaces; iface; iface = iface->next)
		if (iface->next && is_empty(cfg, iface))
			setting_missing(cfg, iface, PREFIX "NET_IFTYPE",
					PREFIX "NET_IFTYPE",
					"since there are further interfaces");
	for (size_t i = 0; i < ARRAY_SIZE(unique); i++)
		for (iface = cfg->interfaces; iface; iface = iface->next)
			check_unique(cfg, iface, unique[i].name,
				     unique[i].same);
}
