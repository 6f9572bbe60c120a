// SPDX-License-Identifier: GPL-2.0
/*
 * strerror.c - Texts of the kernel's error numbers
 *
 * The host's strerror() does not do: its numbers may be others.
 */
#include <lkl.h>

#include <stdio.h>

static const char *const texts[] = {
	[0] = "Success",
#define LKL_ERROR_TEXT(err, text) [err] = text,
#include <lkl/error_texts.h>
};

const char *lkl_strerror(int err)
{
	unsigned int i = err;

	if (err < 0)
		i = -i;
	if (i < sizeof(texts) / sizeof(texts[0]) && texts[i])
		return texts[i];
	return "Unknown error";
}

static const char *const names[] = {
#undef LKL_ERROR_TEXT
#define LKL_ERROR_TEXT(err, text) [err] = #err + sizeof("LKL_") - 1,
#include <lkl/error_texts.h>
};

const char *lkl_error_name(int err)
{
	unsigned int i = err < 0 ? -err : err;

	return i < sizeof(names) / sizeof(names[0]) ? names[i] : NULL;
}

void lkl_perror(const char *msg, int err)
{
	fprintf(stderr, "%s: %s\n", msg, lkl_strerror(err));
}
