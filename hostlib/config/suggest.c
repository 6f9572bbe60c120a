// SPDX-License-Identifier: GPL-2.0
/*
 * suggest.c - Which setting was meant by a name that is none
 */
#include <string.h>

#include "config/config.h"

/* Names longer than this are like none of ours. */
#define NAME_MAX_LEN 48

/** min3() - Return: the smallest of three */
static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

/**
 * edit_distance() - How many slips of the pen are between two names
 * @a:	one name, at most NAME_MAX_LEN bytes
 * @b:	another, the same
 *
 * A slip is a letter changed, added, dropped, or swapped with the next.
 *
 * Return: their number
 */
static unsigned int edit_distance(const char *a, const char *b)
{
	unsigned int d[NAME_MAX_LEN + 1][NAME_MAX_LEN + 1];
	size_t rows = strlen(a), columns = strlen(b);
	unsigned int changed;

	for (size_t j = 0; j <= columns; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= rows; i++) {
		d[i][0] = i;
		for (size_t j = 1; j <= columns; j++) {
			changed = a[i - 1] != b[j - 1];
			d[i][j] = min3(d[i - 1][j] + 1, d[i][j - 1] + 1,
				       d[i - 1][j - 1] + changed);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && d[i - 2][j - 2] < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	}
	return d[rows][columns];
}

/**
 * setting_suggest() - Find the variable with the most similar name
 * @name:	name that is none, with its prefix
 * @meant:	receives the one that was meant
 *
 * Return: false if none is similar
 */
bool setting_suggest(const char *name, char meant[VARIABLE_ROOM])
{
	size_t len = strlen(name);
	char variable[VARIABLE_ROOM];
	unsigned int best, distance;
	bool found = false;

	if (len > NAME_MAX_LEN)
		return false;
	/* A third of the letters may be wrong, but two always. */
	best = (len - strlen(PREFIX)) / 3;
	best = (best < 2 ? 2 : best) + 1;
	for (int index = 0; index < MAX_INTERFACES; index++)
		for (size_t i = 0; i < settings_count; i++) {
			if (!setting_exists(&settings[i], index))
				continue;
			setting_variable(&settings[i], index, variable);
			distance = edit_distance(name, variable);
			if (distance < best) {
				best = distance;
				found = true;
				strcpy(meant, variable);
			}
		}
	return found;
}
