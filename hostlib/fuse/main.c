// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - lklfuse: mount an image with the drivers of Linux, without root
 *
 * A program of C, unlike the other tools: its options are those of FUSE, which
 * libfuse reads, it stays for as long as the image is mounted, and it can go to
 * the background only before there are threads.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "fs/fs.h"
#include "fuse/lklfuse.h"

/* Descriptors of nodes to keep open, per MiB of memory of the kernel. */
#define FDS_PER_MB	32

/* Descriptors in the kernel: those, and files that are open. */
#define FD_LIMIT	(1 << 20)

static const char help[] =
	"Usage: lklfuse [options] IMAGE MOUNTPOINT [-o OPTION,...]\n"
	"\n"
	"Mounts a file system image, without root. Unmount: fusermount3 -u MOUNTPOINT\n"
	"\n"
	"Options:\n"
	"  -f          stay in the foreground\n"
	"  -d          the same, and print all requests\n"
	"  -V          print the version of libfuse\n"
	"  -h          print this text\n"
	"  -o type=T   type of the file system, such as ext4, xfs, btrfs, vfat; default\n"
	"              auto: what it looks like\n"
	"  -o part=N   number of the partition; default 0: the whole image\n"
	"  -o ro       the image is not changed\n"
	"  -o opts=O   mount options of the file system; commas as \"\\,\"\n"
	"  -o mb=N     MiB of memory of the kernel; default 64\n"
	"  -o log=F    append the messages of the kernel to this file\n"
	"  -o lock=F   lock this file too, and fail if it is locked\n"
	"  Others are those of libfuse and of mount: allow_other, noexec, ...\n"
	"\n"
	"Exit status:\n"
	"  0   mounted; with -f: unmounted properly\n"
	"  2   could not be done: the image cannot be mounted, is in use, ...\n"
	"  64  wrong usage\n";

static const struct fuse_lowlevel_ops operations = {
	.init		= session_init,
	.lookup		= do_lookup,
	.forget		= do_forget,
	.forget_multi	= do_forget_multi,
	.mknod		= do_mknod,
	.mkdir		= do_mkdir,
	.symlink	= do_symlink,
	.create		= do_create,
	.link		= do_link,
	.unlink		= do_unlink,
	.rmdir		= do_rmdir,
	.rename		= do_rename,
	.getattr	= do_getattr,
	.setattr	= do_setattr,
	.readlink	= do_readlink,
	.statfs		= do_statfs,
	.setxattr	= do_setxattr,
	.getxattr	= do_getxattr,
	.listxattr	= do_listxattr,
	.removexattr	= do_removexattr,
	.open		= do_open,
	.read		= do_read,
	.write		= do_write,
	.release	= do_release,
	.fsync		= do_fsync,
	.fallocate	= do_fallocate,
	.lseek		= do_lseek,
	.copy_file_range = do_copy_file_range,
	.ioctl		= do_ioctl,
	.opendir	= do_opendir,
	.readdir	= do_readdir,
	.readdirplus	= do_readdirplus,
	.releasedir	= do_releasedir,
	.fsyncdir	= do_fsyncdir,
};

/* Where the kernel prints, -1: nowhere special. */
static int log_fd = -1;

static void complain(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

static void complain(const char *fmt, ...)
{
	va_list ap;

	fputs("lklfuse: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* Messages of libfuse. */
static void fuse_says(enum fuse_log_level level, const char *fmt, va_list ap)
{
	if (level < FUSE_LOG_DEBUG)
		fputs("lklfuse: ", stderr);
	vfprintf(stderr, fmt, ap);
}

/* Print what the library has to say about the image. */
static void print_messages(struct lkl_fs *fs)
{
	char *text = strdup(lkl_fs_messages(fs)), *rest = text, *line;

	while (text && (line = strsep(&rest, "\n")))
		if (*line)
			complain("%s%s", *line == 'K' ? "kernel: " : "",
				 line + 1);
	free(text);
}

static void print_to_log(const char *text, int len)
{
	if (write(log_fd, text, len) < 0)
		log_fd = -1;	/* nothing more can be done about it */
}

/**
 * boot() - Start the kernel
 * @s:	settings
 *
 * What a file system has no owners for belongs to who mounts it, as with
 * mount(8): so the kernel is told who that is.
 *
 * Return: 0 or a negative errno
 */
static int boot(const struct settings *s)
{
	static struct lkl_host_ops ops;
	mode_t mask = umask(0);
	int err;

	umask(mask);
	ops = lkl_host_ops;
	if (s->log)
		ops.print = print_to_log;
	err = lkl_init(&ops);
	if (!err)
		err = lkl_start_kernel("mem=%uM loglevel=%d", s->memory,
				       s->log ? 7 : 0);
	if (!err)
		err = lkl_mount_fs("proc");
	if (!err)
		err = lkl_set_fd_limit(FD_LIMIT);
	if (!err)
		err = lkl_sys_setresgid(getgid(), 0, 0);
	if (!err)
		err = lkl_sys_setresuid(getuid(), 0, 0);
	if (err)
		complain("the kernel does not start: %s", lkl_strerror(err));
	else
		lkl_sys_umask(mask);
	return err;
}

static int lock(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0) {
		complain("%s: %s", path, strerror(errno));
		return -errno;
	}
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		complain("%s: locked by another program", path);
		return -EBUSY;
	}
	return 0;	/* locked as long as we live */
}

static int open_log(const char *path)
{
	log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (log_fd >= 0)
		return 0;
	complain("%s: %s", path, strerror(errno));
	return -errno;
}

/* Serve the open image until it is unmounted. Return: 0 or a negative errno */
static int serve(struct lkl_fs *fs, const struct settings *s,
		 struct fuse_session *se)
{
	int err = nodes_init(fs->root, s->memory * FDS_PER_MB);

	if (!err && fuse_session_mount(se, s->mountpoint))
		return -EIO;	/* libfuse has told why */
	if (!err) {
		daemon_ready(0, log_fd);
		err = session_run(se, s->mountpoint);
	}
	if (err)
		complain("%s: %s", s->mountpoint, strerror(-err));
	return err;
}

/* All that needs the kernel. Return: exit status */
static int work(struct lkl_fs *fs, const struct settings *s,
		struct fuse_session *se)
{
	int err = boot(s), closed;

	if (!err) {
		err = lkl_fs_open(fs, s->image, s->part,
				  s->type ? s->type : "auto", s->opts,
				  s->read_only ? 0 : LKL_FS_WRITE);
		print_messages(fs);
	}
	if (err)
		return STATUS_FAILED;
	err = serve(fs, s, se);
	fuse_session_destroy(se);	/* nobody is to wait for an answer */
	/* What the host's kernel had no time to give back. */
	lkl_sys_close_range(fs->root + 1, ~0U, 0);
	closed = lkl_fs_close(fs);
	print_messages(fs);
	return err || closed ? STATUS_FAILED : 0;
}

/* Make a path independent of the working directory, which is to change. */
static int make_absolute(char **path)
{
	char *absolute = realpath(*path, NULL);

	if (!absolute) {
		complain("%s: %s", *path, strerror(errno));
		return -errno;
	}
	free(*path);
	*path = absolute;
	return 0;
}

/* Find all files that are named. Return: 0 or a negative errno */
static int find_files(struct settings *s)
{
	int err = make_absolute(&s->image);
	struct stat st;

	if (!err)
		err = make_absolute(&s->mountpoint);
	if (!err && !stat(s->mountpoint, &st) && !S_ISDIR(st.st_mode)) {
		complain("%s: %s", s->mountpoint, strerror(ENOTDIR));
		err = -ENOTDIR;
	}
	if (!err && s->lock)
		err = lock(s->lock);
	if (!err && s->log)
		err = open_log(s->log);
	return err;
}

/* What libfuse is to know beside the options of the user, before those. */
static int add_options(const struct settings *s, struct fuse_args *args)
{
	char *options = NULL;
	char *name;
	int err;

	if (asprintf(&name, "fsname=%s", s->image) < 0)
		return -ENOMEM;
	err = fuse_opt_add_opt_escaped(&options, name) ||
	      fuse_opt_add_opt(&options, "subtype=lklfuse") ||
	      fuse_opt_add_opt(&options, "default_permissions") ||
	      fuse_opt_insert_arg(args, 1, "-o") ||
	      fuse_opt_insert_arg(args, 2, options);
	free(options);
	free(name);
	return err ? -ENOMEM : 0;
}

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Mount, in the foreground or not. Return: exit status */
static int run(struct settings *s, struct fuse_args *args)
{
	struct fuse_session *se;
	struct lkl_fs *fs;
	int status;

	if (find_files(s) || add_options(s, args))
		return STATUS_FAILED;
	se = fuse_session_new(args, &operations, sizeof(operations), NULL);
	if (!se)
		return STATUS_USAGE;	/* libfuse has told why */
	if (!s->foreground && daemon_start()) {
		complain("cannot go to the background: %s", strerror(errno));
		return STATUS_FAILED;
	}
	block_signals();
	fs = lkl_fs_new();
	status = fs ? work(fs, s, se) : STATUS_FAILED;
	daemon_ready(status, log_fd);
	return status;
}

int main(int argc, char **argv)
{
	struct fuse_args args = FUSE_ARGS_INIT(argc, argv);
	struct settings s = { 0 };
	int status;

	fuse_set_log_func(fuse_says);
	status = settings_read(&s, &args);
	if (status)
		fputs("lklfuse: see lklfuse --help\n", stderr);
	else if (s.help)
		fputs(help, stdout);
	else if (s.version)
		printf("lklfuse, FUSE library version %s\n", fuse_pkgversion());
	else
		status = run(&s, &args);
	fuse_opt_free_args(&args);
	return status;
}
