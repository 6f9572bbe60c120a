// SPDX-License-Identifier: GPL-2.0
/*
 * entries.c - What the entries of the settings that are lists look like
 */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "net/entries.h"

/* Longest name of a file system, with its end. */
#define KIND_ROOM 16

/**
 * neigh_parse() - Read an entry of NET_NEIGHBOR
 * @entry:	"address|mac", is cut
 * @neigh:	receives it
 *
 * Return: what is wrong, malloc()ed; NULL if nothing is
 */
char *neigh_parse(char *entry, struct neigh *neigh)
{
	char *mac = split_entry(entry, '|');
	const char *why;

	if (!mac || !addr_parse(entry, 0, &neigh->addr))
		return strdup("expected entries as "
			      "192.168.13.9|02:00:00:00:00:09;..., the IPv4 or "
			      "IPv6 address of a host and its MAC address");
	why = mac_parse(mac, neigh->mac);
	return why ? text_format("the MAC address %s; expected a unicast "
				 "address, such as 02:00:00:00:00:09", why) :
		     NULL;
}

/** neigh_problem() - Return: what is wrong with an entry of NET_NEIGHBOR */
char *neigh_problem(char *entry)
{
	struct neigh neigh;

	return neigh_parse(entry, &neigh);
}

/** is_class() - Return: true if @text is "MAJOR:MINOR", 1 to 4 hex digits */
static bool is_class(const char *text)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	size_t major = strspn(text, hex);
	size_t minor;

	if (!major || major > 4 || text[major] != ':')
		return false;
	text += major + 1;
	minor = strspn(text, hex);
	return minor && minor <= 4 && !text[minor];
}

/**
 * qdisc_problem() - Check an entry of NET_QDISC
 * @entry:	"root|kind" or "MAJOR:MINOR|kind", is cut
 *
 * Return: what is wrong, malloc()ed; NULL if nothing is
 */
char *qdisc_problem(char *entry)
{
	char kinds[] = QDISC_KINDS;
	char *rest = kinds, *known;
	char *kind = split_entry(entry, '|');

	if (!kind || (strcmp(entry, "root") && !is_class(entry)))
		return strdup("expected entries as root|fq;..., where they go "
			      "and their kind");
	while ((known = next_entry(&rest, ",")))
		if (!strcmp(known, kind))
			return NULL;
	return strdup("unknown kind; expected one of " QDISC_KINDS);
}

/**
 * sysctl_problem() - Check an entry of SYSCTL
 * @entry:	"name=value", is cut
 *
 * Return: what is wrong, malloc()ed; NULL if it can be a name below /proc/sys
 * and a value
 */
char *sysctl_problem(char *entry)
{
	char *value = split_entry(entry, '=');

	if (value && *value && *entry && !strstr(entry, "..") &&
	    !strpbrk(entry, ENTRY_BLANKS))
		return NULL;
	return strdup("expected entries as net.ipv4.tcp_sack=1;...");
}

/** mount_problem() - Return: NULL if @entry can name a file system */
char *mount_problem(char *entry)
{
	if (strlen(entry) < KIND_ROOM && *entry != '.' &&
	    !strpbrk(entry, ENTRY_BLANKS "/"))
		return NULL;
	return strdup("expected types of file systems, such as proc,sysfs");
}

/** file_problem() - Return: NULL if @entry is an absolute name of a file */
char *file_problem(char *entry)
{
	if (*entry == '/' && entry[1])
		return NULL;
	return strdup("expected absolute names, such as "
		      "/proc/net/snmp,/proc/meminfo");
}

/** addr_problem() - Return: NULL if @entry is an address */
char *addr_problem(char *entry)
{
	struct lkl_config_addr addr;

	if (addr_parse(entry, 0, &addr))
		return NULL;
	return strdup("expected addresses, such as 10.0.2.3,fd00::3");
}
