/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap.h - Results of the C test programs, one line per check (TAP)
 *
 * A program prints "ok N - name" or "not ok N - name" with what was wrong,
 * then the plan; its exit status is 1 if a check failed.
 */
#ifndef TEST_TAP_H
#define TEST_TAP_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count, tap_failed;

/**
 * tap_report() - Report a check
 * @good:	did it hold
 * @where:	line of the source
 * @name:	what was checked, as of printf()
 */
__attribute__((unused, format(printf, 3, 4)))
static void tap_report(bool good, int where, const char *name, ...)
{
	int err = errno;
	va_list ap;

	printf("%sok %d - ", good ? "" : "not ", ++tap_count);
	va_start(ap, name);
	vprintf(name, ap);
	va_end(ap);
	printf("\n");
	if (!good) {
		printf("# line %d, errno %d (%s)\n", where, err,
		       strerror(err));
		tap_failed++;
	}
	fflush(stdout);
}

/* ok() - check a condition */
#define ok(cond, ...) tap_report(cond, __LINE__, __VA_ARGS__)

/* must() - what a test needs to go on: ends the program if it is false */
#define must(cond)							\
	do {								\
		if (!(cond)) {						\
			printf("Bail out! line %d: %s: %s\n", __LINE__,	\
			       #cond, strerror(errno));			\
			exit(2);					\
		}							\
	} while (0)

/** tap_done() - Print the plan; return: exit status of the program */
__attribute__((unused)) static int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed > 0;
}

#endif /* TEST_TAP_H */
