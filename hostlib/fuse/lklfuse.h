/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lklfuse.h - What the parts of lklfuse share
 *
 * A request of the host's kernel comes in through libfuse, on any of its
 * threads, becomes one or a few calls of the LKL kernel, and is answered. The
 * host's kernel keeps what it has learned (names, attributes, contents) without
 * limit of time: the image is locked, so nothing changes behind its back.
 *
 * Permissions are checked by the host's kernel, by owner, mode and ACL as they
 * are in the image (default_permissions). In the LKL kernel everything is done
 * as root; only what is created belongs to who asked for it (caller.c).
 *
 * What the host's kernel knows of the image it calls by node numbers: nodes.c.
 */
#ifndef HOSTLIB_LKLFUSE_H
#define HOSTLIB_LKLFUSE_H

#define FUSE_USE_VERSION 312

#include <stdbool.h>
#include <sys/stat.h>

#include <fuse_lowlevel.h>
#include <lkl.h>

/* Exit statuses, those of the other tools. */
#define STATUS_FAILED	2
#define STATUS_USAGE	64

/* How long the host's kernel may keep what it knows: a year, in seconds. */
#define FOREVER		(365 * 86400.0)

/* settings.c */

/**
 * struct settings - The command line
 * @image:	image file or block device
 * @mountpoint:	where to mount it
 * @type:	type of its file system
 * @opts:	mount options for the LKL kernel, or NULL
 * @log:	file for the messages of the kernel, or NULL
 * @lock:	file to be locked, or NULL
 * @mb:		as it was given: MiB of memory
 * @memory:	the same as a number
 * @partition:	as it was given
 * @part:	the same as a number
 * @read_only:	the image is not changed
 * @foreground:	stay there
 * @help:	wanted
 * @version:	wanted
 */
struct settings {
	char *image;
	char *mountpoint;
	char *type;
	char *opts;
	char *log;
	char *lock;
	char *mb;
	unsigned int memory;
	char *partition;
	unsigned int part;
	int read_only;
	int foreground;
	int help;
	int version;
};

int settings_read(struct settings *s, struct fuse_args *args);

/* daemon.c */
int daemon_start(void);
void daemon_ready(int status, int log);

/* session.c */
int session_run(struct fuse_session *se, const char *mountpoint);
void session_init(void *data, struct fuse_conn_info *conn);

/* nodes.c */

/* struct node - A file that the host's kernel knows */
struct node;

int nodes_init(int root, unsigned int max_fds);
bool nodes_are_unix(void);
struct node *node_of(fuse_ino_t ino);
int node_hold(struct node *n);
void node_drop(struct node *n);
int nodes_lookup(struct node *parent, const char *name,
		 struct fuse_entry_param *e);
void node_forget(struct node *n, unsigned long count);
int nodes_stat(int fd, struct stat *st);
unsigned long long node_show_ino(struct node *n, unsigned long long ino);
int nodes_unlink(struct node *parent, const char *name, int flags);
int nodes_rename(struct node *parent, const char *name, struct node *to,
		 const char *new_name, unsigned int flags);
int node_open(struct node *n, int flags);

#define FD_PATH_SIZE	32

void fd_path(char path[FD_PATH_SIZE], int fd);

/* caller.c */
void caller_become(fuse_req_t req);
void caller_leave(fuse_req_t req);

/* What the operations are; one file for each group. */

/* names.c */
void do_lookup(fuse_req_t req, fuse_ino_t parent, const char *name);
void do_forget(fuse_req_t req, fuse_ino_t ino, uint64_t count);
void do_forget_multi(fuse_req_t req, size_t count,
		     struct fuse_forget_data *list);
void do_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
	      dev_t rdev);
void do_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name,
	      mode_t mode);
void do_symlink(fuse_req_t req, const char *target, fuse_ino_t parent,
		const char *name);
void do_create(fuse_req_t req, fuse_ino_t parent, const char *name,
	       mode_t mode, struct fuse_file_info *fi);
void do_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t parent,
	     const char *name);
void do_unlink(fuse_req_t req, fuse_ino_t parent, const char *name);
void do_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name);
void do_rename(fuse_req_t req, fuse_ino_t parent, const char *name,
	       fuse_ino_t to, const char *new_name, unsigned int flags);

/* attributes.c */
void do_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void do_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *st, int set,
		struct fuse_file_info *fi);
void do_readlink(fuse_req_t req, fuse_ino_t ino);
void do_statfs(fuse_req_t req, fuse_ino_t ino);

/* xattrs.c */
void do_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
		 const char *value, size_t size, int flags);
void do_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size);
void do_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size);
void do_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name);

/* files.c */
int open_flags(const struct fuse_file_info *fi);
void do_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void do_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	     struct fuse_file_info *fi);
void do_write(fuse_req_t req, fuse_ino_t ino, const char *buf, size_t size,
	      off_t off, struct fuse_file_info *fi);
void do_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void do_fsync(fuse_req_t req, fuse_ino_t ino, int datasync,
	      struct fuse_file_info *fi);
void do_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t off,
		  off_t len, struct fuse_file_info *fi);
void do_lseek(fuse_req_t req, fuse_ino_t ino, off_t off, int whence,
	      struct fuse_file_info *fi);
void do_copy_file_range(fuse_req_t req, fuse_ino_t ino_in, off_t off_in,
			struct fuse_file_info *fi_in, fuse_ino_t ino_out,
			off_t off_out, struct fuse_file_info *fi_out,
			size_t len, int flags);
void do_ioctl(fuse_req_t req, fuse_ino_t ino, unsigned int cmd, void *arg,
	      struct fuse_file_info *fi, unsigned int flags, const void *in,
	      size_t in_size, size_t out_size);
unsigned int files_being_written(void);

/* directories.c */
int dir_fd(const struct fuse_file_info *fi);
void do_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void do_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		struct fuse_file_info *fi);
void do_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		    struct fuse_file_info *fi);
void do_releasedir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void do_fsyncdir(fuse_req_t req, fuse_ino_t ino, int datasync,
		 struct fuse_file_info *fi);

#endif /* HOSTLIB_LKLFUSE_H */
