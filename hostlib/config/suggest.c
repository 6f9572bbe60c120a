// SPDX-License-Identifier: GPL-2.0
/*
 * suggest.c - Which setting was meant by a name that is none
 */
#include <string.h>

#include "config/config.h"

/** min3() - Return: the smallest of three */
static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

/**
 * edit_distance() - How many slips of the pen are between two names
 * @a:	one name, shorter than NAME_ROOM
 * @b:	another, the same
 *
 * A slip is a letter changed, added, dropped, or swapped with the next.
 *
 * Return: their number
 */
static unsigned int edit_distance(const char *a, const char *b)
{
	unsigned int d[NAME_ROOM][NAME_ROOM];
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
 * guess_begin() - Begin to look for the name that was meant
 * @name:	name that is none
 * @prefix:	letters that all names begin with
 *
 * A third of the letters may be wrong, but two always.
 *
 * Return: no guess yet
 */
struct guess guess_begin(const char *name, size_t prefix)
{
	size_t len = strlen(name);
	unsigned int limit = len > prefix ? (len - prefix) / 3 : 0;

	return (struct guess){ name, limit < 2 ? 2 : limit, "" };
}

/**
 * guess_try() - Look whether a name is more similar than those before
 * @guess:	guess
 * @candidate:	name, shorter than NAME_ROOM
 */
void guess_try(struct guess *guess, const char *candidate)
{
	unsigned int distance;

	if (strlen(guess->name) >= NAME_ROOM)
		return;
	distance = edit_distance(guess->name, candidate);
	if (distance > guess->limit)
		return;
	/* Of two that are as similar the first one counts. */
	if (*guess->meant && distance == guess->limit)
		return;
	guess->limit = distance;
	strcpy(guess->meant, candidate);
}

/** guess_problem() - Return: what is wrong with the name, malloc()ed */
char *guess_problem(const struct guess *guess)
{
	bool found = *guess->meant;

	return text_format("no such setting%s%s%s",
			   found ? "; did you mean " : "", guess->meant,
			   found ? "?" : "");
}
