// SPDX-License-Identifier: GPL-2.0
/*
 * tell_settings.c - What lkl_load_config_env() says of many environments
 *
 * stdin: variables "NAME=value", each with a NUL at its end; an empty one ends
 * an environment. stdout: for each environment its errors, a line each, and an
 * empty line.
 */
#include <lkl_config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** tell() - Print the errors of the environment, and clear it */
static void tell(void)
{
	struct lkl_config cfg = { 0 };
	const struct lkl_config_error *err;

	lkl_load_config_env(&cfg);
	for (err = cfg.errors; err; err = err->next)
		puts(err->text);
	puts("");
	lkl_unload_config(&cfg);
	clearenv();
}

int main(void)
{
	char *variable = NULL, *value;
	size_t room = 0;

	clearenv();
	while (getdelim(&variable, &room, '\0', stdin) > 0) {
		value = strchr(variable, '=');
		if (value) {
			*value++ = '\0';
			setenv(variable, value, 1);
		} else {
			tell();
		}
	}
	free(variable);
	return 0;
}
