// SPDX-License-Identifier: GPL-2.0
/*
 * setup.c - From settings to a kernel with interfaces, in one step
 */
#include <stdio.h>
#include <string.h>

#include <lkl.h>

#include "config/config.h"

/* Settings of all interfaces, and the others. */
#define MAX_VARS	512

/* Descriptors in the kernel that the program may have open at once. */
#define FD_LIMIT	65536

/* Return: 0 or a negative errno */
static int boot(const struct lkl_config *cfg)
{
	int err = lkl_init(&lkl_host_ops);

	if (!err)
		err = lkl_start_kernel("%s", cfg->boot_cmdline);
	return err ? err : lkl_set_fd_limit(FD_LIMIT);
}

/**
 * put_into_force() - Do what checked settings say
 * @cfg:	settings
 *
 * Return: number of errors, or a negative errno if the kernel does not boot
 */
static int put_into_force(struct lkl_config *cfg)
{
	int err = lkl_load_config_pre(cfg);

	if (!err && !lkl_is_running())
		err = boot(cfg);
	return err ? err : lkl_load_config_post(cfg);
}

static void remove_interfaces(struct lkl_setup *setup)
{
	while (setup->count > 0) {
		setup->count--;
		lkl_setup_remove(setup->interfaces[setup->count].nd,
				 setup->interfaces[setup->count].id);
	}
}

static void list_interfaces(const struct lkl_config *cfg,
			    struct lkl_setup *setup)
{
	const struct lkl_config_iface *iface;

	for (iface = cfg->interfaces; iface; iface = iface->next) {
		if (!iface->nd)
			continue;
		setup->interfaces[setup->count].nd = iface->nd;
		setup->interfaces[setup->count].id = iface->id;
		setup->interfaces[setup->count].ifindex = iface->ifindex;
		setup->count++;
	}
}

static void list_errors(const struct lkl_config *cfg, struct lkl_setup *setup)
{
	const struct lkl_config_error *err;
	size_t len = 0, room;

	for (err = cfg->errors; err; err = err->next) {
		room = sizeof(setup->errors) - len;
		if (snprintf(setup->errors + len, room, "%s\n", err->text) >=
		    (int)room)
			break;
		len += strlen(setup->errors + len);
	}
}

int lkl_setup(const char *vars, struct lkl_setup *setup)
{
	struct lkl_config cfg = { 0 };
	char *list[MAX_VARS + 1] = { NULL };
	int err;

	setup->count = 0;
	setup->errors[0] = '\0';
	for (int i = 0; *vars; i++, vars += strlen(vars) + 1) {
		if (i == MAX_VARS)
			return -LKL_E2BIG;
		list[i] = (char *)vars;
	}
	err = lkl_load_config_list(&cfg, list);
	if (!err)
		err = put_into_force(&cfg);
	list_interfaces(&cfg, setup);
	list_errors(&cfg, setup);
	if (err)
		remove_interfaces(setup);
	lkl_unload_config(&cfg);
	return err;
}

int lkl_setup_remove(struct lkl_netdev *nd, int id)
{
	int err = lkl_netdev_remove(id);

	if (!err)
		lkl_netdev_free(nd);
	return err;
}
