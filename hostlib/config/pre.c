// SPDX-License-Identifier: GPL-2.0
/*
 * pre.c - What the settings ask for before the kernel boots
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <lkl.h>
#include <lkl_posix.h>

#include "config/config.h"
#include "netdev/pcapng.h"

/* Values of SINGLE_CPU. */
#define PIN_KERNEL	1
#define PIN_BACKENDS	2	/* as well: their threads inherit it */

/*
 * How much the kernel tells when DEBUG does not ask for its log: what is an
 * emergency. A loglevel= of the user comes later on the command line and wins.
 */
#define LOGLEVEL "loglevel="
#define QUIET	LOGLEVEL "1"
#define LOG	LOGLEVEL "8"

/* A frame of a common link; the beginning of one with segmentation offload. */
#define SNAPLEN 2048

/**
 * pin() - Pin the kernel if the settings say so
 * @cfg:	settings
 * @when:	value of SINGLE_CPU from which on
 */
static void pin(struct lkl_config *cfg, unsigned int when)
{
	int err;

	if (cfg->single_cpu != when)
		return;
	err = lkl_host_pin();
	if (err)
		setting_error(cfg, NULL, PREFIX "SINGLE_CPU",
			      "the host does not pin: %s", strerror(-err));
}

/**
 * open_pcap() - Begin the file that frames are written to
 * @cfg:	settings
 */
static void open_pcap(struct lkl_config *cfg)
{
	if (!cfg->pcap || !cfg->interfaces)
		return;
	cfg->pcap_file = pcapng_open(cfg->pcap, cfg->pcap_snaplen ?: SNAPLEN);
	if (!cfg->pcap_file)
		setting_error(cfg, NULL, PREFIX "PCAP", "%s", strerror(errno));
}

/**
 * captured() - Have the frames of a backend written
 * @cfg:	settings
 * @iface:	its interface
 * @nd:		the backend
 *
 * Return: the backend to use; NULL: see lkl_netdev_error()
 */
static struct lkl_netdev *captured(struct lkl_config *cfg,
				   struct lkl_config_iface *iface,
				   struct lkl_netdev *nd)
{
	char *name = text_format("eth%d: %s %s", iface->index, iface->type,
				 iface->param ? iface->param : "");

	nd = pcap_wrap(nd, cfg->pcap_file, name ? name : iface->type);
	free(name);
	return nd;
}

/**
 * create() - Make the device of an interface
 * @cfg:	settings
 * @iface:	interface
 */
static void create(struct lkl_config *cfg, struct lkl_config_iface *iface)
{
	static const unsigned char none[6];
	const struct iftype *type = iftype_find(iface->type);
	struct lkl_netdev_args args = { .offload = iface->offload };
	struct lkl_netdev *nd;

	if (memcmp(iface->mac, none, sizeof(none)))
		args.mac = iface->mac;
	nd = type->create(iface->param ? iface->param : "", iface->offload);
	if (nd && cfg->pcap_file)
		nd = captured(cfg, iface, nd);
	if (!nd) {
		setting_error(cfg, iface, PREFIX "NET_IFPARAMS", "%s",
			      lkl_netdev_error());
		return;
	}
	iface->nd = nd;
	iface->id = lkl_netdev_add(nd, &args);
	if (iface->id < 0) {
		iface->nd = NULL;
		lkl_netdev_free(nd);
		setting_error(cfg, iface, PREFIX "NET_IFTYPE", "%s",
			      lkl_strerror(iface->id));
	}
}

/**
 * complete_cmdline() - Put what we have to say before the user's words
 * @cfg:	settings
 *
 * Nothing to say if it begins with such a word: by the user, or by us, when a
 * child of fork boots.
 */
static void complete_cmdline(struct lkl_config *cfg)
{
	char *user = cfg->boot_cmdline;
	char *line;

	if (user && !strncmp(user, LOGLEVEL, strlen(LOGLEVEL)))
		return;
	line = text_format("%s%s%s", cfg->debug & LKL_DEBUG_LOG ? LOG : QUIET,
			   user ? " " : "", user ? user : "");
	if (!line) {
		config_out_of_memory(cfg);
		return;
	}
	free(user);
	cfg->boot_cmdline = line;
}

void lkl_config_finish(const struct lkl_config *cfg, unsigned int ms)
{
	struct lkl_config_iface *iface;

	for (iface = cfg->interfaces; iface; iface = iface->next)
		lkl_netdev_finish(iface->id, ms);
}

void lkl_config_flush(const struct lkl_config *cfg)
{
	if (cfg->pcap_file)
		pcapng_flush(cfg->pcap_file);
}

int lkl_load_config_pre(struct lkl_config *cfg)
{
	struct lkl_config_iface *iface;

	pin(cfg, PIN_BACKENDS);
	open_pcap(cfg);
	for (iface = cfg->interfaces; iface; iface = iface->next)
		create(cfg, iface);
	complete_cmdline(cfg);
	pin(cfg, PIN_KERNEL);
	return cfg->error_count;
}
