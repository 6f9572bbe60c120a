/* SPDX-License-Identifier: GPL-2.0 */
/*
 * entries.h - Lists of entries in one text, and what an entry is made of
 */
#ifndef HOSTLIB_NET_ENTRIES_H
#define HOSTLIB_NET_ENTRIES_H

#include <string.h>

#define ENTRY_BLANKS " \t\r\n"

/**
 * next_entry() - Cut the next entry off a list
 * @rest:	list, is moved on and written to
 * @separators:	what entries end with
 *
 * Blanks around an entry and empty entries are skipped.
 *
 * Return: the entry, NULL when there is none left
 */
static inline char *next_entry(char **rest, const char *separators)
{
	char *entry, *end;

	do {
		*rest += strspn(*rest, ENTRY_BLANKS);
		if (!**rest)
			return NULL;
		entry = *rest;
		end = entry + strcspn(entry, separators);
		*rest = end + (*end != '\0');
		while (end > entry && strchr(ENTRY_BLANKS, end[-1]))
			end--;
		*end = '\0';
	} while (!*entry);
	return entry;
}

/**
 * split_entry() - Cut an entry in two, "key|value" and the like
 * @entry:	entry; left holding the key only
 * @separator:	what is between the two
 *
 * Return: the value, NULL if there is no separator; both without blanks
 */
static inline char *split_entry(char *entry, char separator)
{
	char *value = strchr(entry, separator);
	char *end = value;

	if (!value)
		return NULL;
	while (end > entry && strchr(ENTRY_BLANKS, end[-1]))
		end--;
	*end = '\0';
	value++;
	return value + strspn(value, ENTRY_BLANKS);
}

#endif /* HOSTLIB_NET_ENTRIES_H */
