// SPDX-License-Identifier: GPL-2.0
/* messages.c - What there is to say about files, and what the kernel says */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/fs.h"

/* An image that is broken all over shall not fill the memory. */
#define TEXT_MAX	(256 << 10)

/* Actions of syslog(2). */
#define SYSLOG_READ_ALL		3
#define SYSLOG_CLEAR		5

/* Messages of the kernel from this level on (notices) are not for the user. */
#define LEVEL_NOTICE	5

/* Size of the kernel's log. */
#define LOG_SIZE	(16 << 10)

/**
 * fs_say() - Add a message
 * @fs:		image
 * @kind:	"E", "N" or "K", see lkl_fs_messages()
 * @fmt:	text as of printf(), one line
 */
void fs_say(struct lkl_fs *fs, char kind, const char *fmt, ...)
{
	char *line, *text;
	va_list ap;
	int len;

	if (fs->text_len > TEXT_MAX)
		return;
	va_start(ap, fmt);
	len = vasprintf(&line, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	text = realloc(fs->text, fs->text_len + len + 3);
	if (text) {
		fs->text = text;
		fs->text_len += sprintf(text + fs->text_len, "%c%s\n", kind,
					line);
	}
	free(line);
}

/**
 * fs_fail() - Tell, and count, that something failed with a file
 * @fs:		image
 * @path:	file
 * @what:	what was to be done, as in "cannot WHAT"
 * @err:	negative errno
 *
 * Return: @err
 */
int fs_fail(struct lkl_fs *fs, const char *path, const char *what, long err)
{
	fs->progress->failed++;
	fs_say(fs, 'E', "%s: cannot %s: %s", path, what, lkl_strerror(err));
	return err;
}

const char *lkl_fs_messages(struct lkl_fs *fs)
{
	free(fs->shown);
	fs->shown = fs->text;
	fs->text = NULL;
	fs->text_len = 0;
	return fs->shown ? fs->shown : "";
}

/** fs_kernel_log_start() - Forget what the kernel has said so far */
void fs_kernel_log_start(void)
{
	lkl_sys_syslog(SYSLOG_CLEAR, NULL, 0);
}

/**
 * fs_kernel_log_take() - Tell the warnings and errors of the kernel
 * @fs:	image
 */
void fs_kernel_log_take(struct lkl_fs *fs)
{
	char *log = malloc(LOG_SIZE), *rest = log, *line, *text;
	long len;

	if (!log)
		return;
	len = lkl_sys_syslog(SYSLOG_READ_ALL, log, LOG_SIZE - 1);
	log[len < 0 ? 0 : len] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		/* <LEVEL>[ SECONDS] TEXT */
		text = strstr(line, "] ");
		if (line[0] == '<' && text && atoi(line + 1) < LEVEL_NOTICE)
			fs_say(fs, 'K', "%s", text + 2);
	}
	free(log);
	fs_kernel_log_start();
}
