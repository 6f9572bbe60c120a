// SPDX-License-Identifier: GPL-2.0
/*
 * archive.c - What fs2tar does with an image, without the time that node takes
 *
 * usage: archive TYPE IMAGE; the archive goes to /dev/null. Messages and exit
 * status are those of fs2tar.
 */
#include <fcntl.h>
#include <stdio.h>

#include <lkl_fs.h>

int main(int argc, char **argv)
{
	struct lkl_fs_progress progress = { 0 };
	struct lkl_fs *fs = lkl_fs_new();
	int out = open("/dev/null", O_WRONLY);
	int ret;

	if (argc != 3 || !fs || out < 0)
		return 64;
	lkl_fs_set_progress(fs, &progress);
	ret = lkl_fs_open(fs, argv[2], 0, argv[1], "", 0);
	if (!ret) {
		int closed;

		ret = lkl_fs_to_tar(fs, out);
		closed = lkl_fs_close(fs);
		ret = ret ? ret : closed;
	}
	fputs(lkl_fs_messages(fs), stderr);
	lkl_fs_free(fs);
	return ret ? 2 : progress.failed ? 1 : 0;
}
