// SPDX-License-Identifier: GPL-2.0
/*
 * entries.c - What the entries of the settings that are lists look like
 */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "net/entries.h"

/* Longest name of a queueing discipline or file system, with its end. */
#define KIND_ROOM 16

/**
 * neigh_parse() - Read an entry of NET_NEIGHBOR
 * @entry:	"address|mac", is cut
 * @neigh:	receives it
 *
 * Return: false if it is wrong
 */
bool neigh_parse(char *entry, struct neigh *neigh)
{
	char *mac = split_entry(entry, '|');

	return mac && addr_parse(entry, 0, &neigh->addr) &&
	       !mac_parse(mac, neigh->mac);
}

/** neigh_entry_ok() - Return: true if neigh_parse() takes @entry */
bool neigh_entry_ok(char *entry)
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
 * qdisc_entry_ok() - Check an entry of NET_QDISC
 * @entry:	"root|kind" or "MAJOR:MINOR|kind", is cut
 *
 * Return: true if it is good
 */
bool qdisc_entry_ok(char *entry)
{
	char kinds[] = QDISC_KINDS;
	char *rest = kinds, *known;
	char *kind = split_entry(entry, '|');

	if (!kind || (strcmp(entry, "root") && !is_class(entry)))
		return false;
	while ((known = next_entry(&rest, " ")))
		if (!strcmp(known, kind))
			return true;
	return false;
}

/**
 * sysctl_entry_ok() - Check an entry of SYSCTL
 * @entry:	"name=value", is cut
 *
 * Return: true if it can be a name below /proc/sys and a value
 */
bool sysctl_entry_ok(char *entry)
{
	char *value = split_entry(entry, '=');

	return value && *value && *entry && !strstr(entry, "..") &&
	       !strpbrk(entry, ENTRY_BLANKS);
}

/** mount_entry_ok() - Return: true if @entry can name a file system */
bool mount_entry_ok(char *entry)
{
	return strlen(entry) < KIND_ROOM && *entry != '.' &&
	       !strpbrk(entry, ENTRY_BLANKS "/");
}

/** file_entry_ok() - Return: true if @entry is an absolute name of a file */
bool file_entry_ok(char *entry)
{
	return *entry == '/' && entry[1];
}

/** addr_entry_ok() - Return: true if @entry is an address */
bool addr_entry_ok(char *entry)
{
	struct lkl_config_addr addr;

	return addr_parse(entry, 0, &addr);
}
