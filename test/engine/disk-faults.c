// SPDX-License-Identifier: GPL-2.0
/*
 * disk-faults.c - Allocations and transfers fail while file systems are in use
 *
 *   disk-faults [SECONDS [SEED]]
 *
 * For a debug kernel. Workers save files, read, change and remove them, and
 * caches are dropped now and then, while allocations of all tasks fail, or
 * requests to the disk do. What a call does not do must come back as an error;
 * what has been saved (written, with an fsync() that succeeded) must be there
 * for good: after the faults the disk is repaired as at the start of a machine,
 * mounted afresh, which replays the journal, and the files are looked at. In
 * the end fsck must find nothing.
 *
 * A file system that has lost a transfer of its own makes itself read only or
 * shuts down. Each round begins with a mount, so that the next one goes on.
 *
 * Linux itself cannot do all of this, as it never lets allocations of a page or
 * less fail in earnest. Mounts under such faults skip what they should repair
 * (ext4: orphans) or take memory for damage (xfs), so they are made without. And
 * ext4 does not tell fsync() that it could not mark new blocks as written: with
 * dioread_lock they are from the beginning. And see is_saved(), stopped.
 */
#include "faults.h"

#include <fcntl.h>

#define WORKERS		4
#define SLOTS		16
#define BUF		(48 << 10)
#define ROUND_S		0.3

#define MNT		"/disk"
#define NODE		"/disk-node"

static const int fair[] = {
	LKL_ENOMEM, LKL_ENOSPC, LKL_EIO, LKL_EROFS, LKL_ENFILE, 0
};

/*
 * An ext4 that has stopped because of an error takes for damage what it finds
 * on the disk, without what it has not written any more: bitmaps, folders,
 * inodes (so that a name can be that of a folder removed long ago). If there is
 * any, fsck finds it.
 */
static const int stopped[] = {
	LKL_ENOMEM, LKL_ENOSPC, LKL_EIO, LKL_EROFS, LKL_ENFILE, LKL_EUCLEAN,
	LKL_EBADMSG, LKL_EISDIR, LKL_ENOTDIR, 0
};

/* How much of a file is known. */
enum known {
	NOTHING,	/* it may be there or not */
	BEGINNING,	/* saved, but then changed in a call that failed */
	ALL,
};

/**
 * struct slot - A file that a worker saves
 * @known:	what must be there
 * @seed:	of its bytes
 * @size:	how many have been saved
 */
struct slot {
	enum known known;
	unsigned int seed;
	unsigned long size;
};

/**
 * struct trial - A file system, and what fails
 * @type:	its type
 * @options:	for its mount
 * @mkfs:	makes it in the file image
 * @repair:	what is needed before the journal is replayed by a mount; fails if
 *		there is more to do than it may do unasked
 * @fsck:	fails if there is anything to repair
 * @faults:	what fails
 * @interval:	one of so many allocations or requests may fail
 * @percent:	how often that one does
 * @set:	sets a knob of these faults
 * @unix_files:	it has links, attributes and the like
 */
struct trial {
	const char *type;
	const char *options;
	const char *mkfs;
	const char *repair;
	const char *fsck;
	const char *faults;
	const char *interval;
	const char *percent;
	void (*set)(const char *knob, const char *value);
	bool unix_files;
};

static const struct trial *trial;
static struct slot slots[WORKERS][SLOTS];
static unsigned int seeds;
static char dir[] = "/tmp/lkl-disk-faults-XXXXXX";

static void set_requests(const char *knob, const char *value)
{
	set("fail_make_request", knob, value);
}

/* Run a command line in the directory of the image; did it succeed? */
static bool sh(const char *command)
{
	char line[256];

	snprintf(line, sizeof(line),
		 "cd %s && PATH=$PATH:/sbin:/usr/sbin; { %s; } > log 2>&1", dir,
		 command);
	return !system(line);
}

/* What the last command wrote. */
static void show_log(void)
{
	char line[256];
	FILE *f;

	snprintf(line, sizeof(line), "%s/log", dir);
	f = fopen(line, "r");
	while (f && fgets(line, sizeof(line), f))
		printf("# %s", line);
	if (f)
		fclose(f);
}

/* Each worker has a folder, and a name in it for each slot. */
static const char *path_of(struct worker *w, const char *kind, unsigned int nr)
{
	static __thread char paths[2][48];
	static __thread unsigned int next;
	char *path = paths[next++ % 2];

	snprintf(path, sizeof(paths[0]), MNT "/w%u/%s%u", w->id, kind, nr);
	return path;
}

static struct slot *pick(struct worker *w, unsigned int *nr)
{
	*nr = below(w, SLOTS);
	return &slots[w->id][*nr];
}

static bool is_ext4(void)
{
	return !strcmp(trial->type, "ext4");
}

/*
 * fsync(). That of ext4 looks for its transaction, and takes one that is gone
 * for saved. It may have failed a moment ago: then the next change is told so.
 */
static bool is_saved(struct worker *w, long fd)
{
	if (!done(w, "fsync", lkl_sys_fsync(fd)))
		return false;
	return !is_ext4() || done(w, "setxattr",
		lkl_sys_fsetxattr(fd, "user.saved", "", 0, 0));
}

/* Write bytes of a slot's stream from a position on, and have them saved. */
static bool write_saved(struct worker *w, long fd, unsigned int seed,
			unsigned long pos, unsigned long len)
{
	char *buf = malloc(BUF);
	unsigned long n;
	bool good = true;
	long ret;

	for (unsigned long end = pos + len; good && pos < end; pos += ret) {
		n = end - pos < BUF ? end - pos : BUF;
		pattern_fill(buf, n, seed, pos);
		ret = lkl_sys_pwrite64(fd, buf, n, pos);
		good = done(w, "write", ret);
		if (good)
			check(w, "write: amount", ret > 0 && ret <= (long)n);
		good = good && ret > 0;
	}
	free(buf);
	return good && is_saved(w, fd);
}

/* Save a file as careful programs do: a new one takes the place of the old. */
static void job_save(struct worker *w)
{
	unsigned int nr;
	struct slot *s = pick(w, &nr);
	struct slot saved = { .known = ALL };
	const char *name = path_of(w, "f", nr), *new = path_of(w, "new", 0);
	long fd;

	saved.seed = __atomic_add_fetch(&seeds, 1, __ATOMIC_RELAXED);
	saved.size = 1 + below(w, 2 * BUF);
	fd = lkl_sys_open(new, LKL_O_CREAT | LKL_O_TRUNC | LKL_O_WRONLY, 0600);
	if (!done(w, "create", fd))
		return;
	if (write_saved(w, fd, saved.seed, 0, saved.size)) {
		/* The old file, or the new one. */
		s->known = NOTHING;
		if (done(w, "rename", lkl_sys_rename(new, name)) &&
		    is_saved(w, fd))
			*s = saved;
	}
	done(w, "close", lkl_sys_close(fd));
}

static void job_append(struct worker *w)
{
	unsigned int nr;
	struct slot *s = pick(w, &nr);
	unsigned long len = 1 + below(w, BUF);
	long fd;

	if (s->known != ALL)
		return;
	fd = lkl_sys_open(path_of(w, "f", nr), LKL_O_WRONLY, 0);
	if (!done(w, "open", fd))
		return;
	s->known = BEGINNING;
	if (write_saved(w, fd, s->seed, s->size, len)) {
		s->size += len;
		s->known = ALL;
	}
	done(w, "close", lkl_sys_close(fd));
}

/* Read a file: as much as is known must be as it was saved. */
static void look(struct worker *w, const struct slot *s, const char *name)
{
	char *buf = malloc(BUF);
	unsigned long pos = 0, n;
	long fd = lkl_sys_open(name, LKL_O_RDONLY, 0), ret = 0;

	if (s->known == NOTHING) {
		if (fd >= 0)
			lkl_sys_close(fd);
		free(buf);
		return;
	}
	if (done(w, "open", fd)) {
		while ((ret = lkl_sys_read(fd, buf, BUF)) > 0) {
			n = pos + ret > s->size ? s->size - pos : (size_t)ret;
			check(w, "read: data",
			      pattern_holds(buf, n, s->seed, pos));
			pos += n;
			if (pos == s->size && s->known == BEGINNING)
				break;
			check(w, "read: amount", n == (size_t)ret);
		}
		if (done(w, "read", ret))
			check(w, "read: end", pos == s->size);
		lkl_sys_close(fd);
	}
	free(buf);
}

static void job_read(struct worker *w)
{
	unsigned int nr;
	struct slot *s = pick(w, &nr);

	look(w, s, path_of(w, "f", nr));
}

static void job_remove(struct worker *w)
{
	unsigned int nr;
	struct slot *s = pick(w, &nr);
	bool there = s->known != NOTHING;
	long ret;

	s->known = NOTHING;
	ret = lkl_sys_unlink(path_of(w, "f", nr));
	if (there || ret != -LKL_ENOENT)
		done(w, "unlink", ret);
}

/* Names of other kinds come and go; nobody asks for them later. */
static void job_names(struct worker *w)
{
	const char *folder = path_of(w, "folder", 0);
	const char *link = path_of(w, "link", 0);
	static const char target[] = "where it points to";
	char buf[64];
	long ret;

	ret = lkl_sys_mkdir(folder, 0700);
	if (ret != -LKL_EEXIST)
		DONE(w, ret);
	if (trial->unix_files) {
		ret = lkl_sys_symlink(target, link);
		if (!ret || ret == -LKL_EEXIST) {
			ret = lkl_sys_readlink(link, buf, sizeof(buf));
			if (done(w, "readlink", ret))
				check(w, "readlink: text",
				      ret == sizeof(target) - 1 &&
				      !memcmp(buf, target, ret));
			DONE(w, lkl_sys_unlink(link));
		} else {
			done(w, "symlink", ret);
		}
	}
	ret = lkl_sys_rmdir(folder);
	/* A directory that ext4 cannot read is not empty, it says. */
	if (ret != -LKL_ENOENT && ret != -LKL_ENOTEMPTY)
		done(w, "rmdir", ret);
}

static void job_attributes(struct worker *w)
{
	const char *name = path_of(w, "attr", 0);
	char value[200], got[200];
	long fd, ret;

	fd = lkl_sys_open(name, LKL_O_CREAT | LKL_O_RDWR, 0600);
	if (!done(w, "create", fd))
		return;
	pattern_fill(value, sizeof(value), below(w, 1000), 0);
	if (trial->unix_files &&
	    done(w, "setxattr",
		 lkl_sys_fsetxattr(fd, "user.test", value, sizeof(value), 0))) {
		ret = lkl_sys_fgetxattr(fd, "user.test", got, sizeof(got));
		if (done(w, "getxattr", ret))
			check(w, "getxattr: value", ret == sizeof(value) &&
			      !memcmp(value, got, sizeof(got)));
	}
	DONE(w, lkl_sys_fchmod(fd, 0600 | below(w, 2) << 8));
	DONE(w, lkl_sys_ftruncate(fd, below(w, 4 * BUF)));
	done(w, "close", lkl_sys_close(fd));
	if (below(w, 2))
		done(w, "unlink", lkl_sys_unlink(name));
}

static void job_list(struct worker *w)
{
	const char *folder = path_of(w, "", 0);
	char buf[4096], path[16];
	long fd, ret;

	snprintf(path, sizeof(path), "%.*s", (int)strlen(MNT) + 3, folder);
	fd = lkl_sys_open(path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	if (!done(w, "open folder", fd))
		return;
	while ((ret = lkl_sys_getdents64(fd, (void *)buf, sizeof(buf))) > 0)
		;
	done(w, "getdents", ret);
	lkl_sys_close(fd);
}

/* From now on what is read comes from the disk. */
static void job_drop(struct worker *w)
{
	(void)w;
	put("/proc/sys/vm/drop_caches", "3");
}

static const job_fn jobs[] = {
	job_save, job_save, job_append, job_append, job_read, job_read,
	job_read, job_remove, job_names, job_attributes, job_list, job_drop,
	NULL
};

static long disk_mount(void)
{
	return lkl_sys_mount(NODE, MNT, (char *)trial->type, 0,
			     (void *)trial->options);
}

static long disk_umount(void)
{
	return lkl_sys_umount(MNT, 0);
}

static long make_folders(void)
{
	struct worker w = { 0 };
	char path[16];
	long ret;

	for (w.id = 0; w.id < WORKERS; w.id++) {
		snprintf(path, sizeof(path), MNT "/w%u", w.id);
		ret = lkl_sys_mkdir(path, 0700);
		if (ret && ret != -LKL_EEXIST)
			return ret;
	}
	return 0;
}

/* All that has been saved must be there. Return: number of files */
static unsigned int look_at_all(struct worker *me)
{
	unsigned int files = 0;

	me->fair = NULL;
	for (me->id = 0; me->id < WORKERS; me->id++)
		for (unsigned int nr = 0; nr < SLOTS; nr++) {
			look(me, &slots[me->id][nr], path_of(me, "f", nr));
			files += slots[me->id][nr].known != NOTHING;
		}
	return files;
}

/* Work and unmount under faults; then see what is left. */
static void one_round(struct sum *sum, unsigned int *files)
{
	static unsigned int seed;
	struct worker workers[WORKERS] = { 0 };
	struct worker me = { .fair = is_ext4() ? stopped : fair };
	bool gone;

	must(!disk_mount());
	for (int i = 0; i < WORKERS; i++) {
		workers[i].jobs = jobs;
		workers[i].id = i;
		workers[i].rng = seeds + ++seed;
		workers[i].fair = me.fair;
	}
	workers_start(workers, WORKERS);
	trial->set("interval", trial->interval);
	trial->set("probability", trial->percent);
	workers_run(ROUND_S);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i].thread, NULL);
	gone = done(&me, "umount", disk_umount());
	trial->set("probability", "0");
	must(gone || !disk_umount());
	workers_sum(workers, WORKERS, sum);
	check(&me, trial->repair, sh(trial->repair));
	must(!disk_mount());
	*files += look_at_all(&me);
	must(!disk_umount());
	workers_sum(&me, 1, sum);
}

static void run(const struct trial *what, double seconds)
{
	struct lkl_disk disk = { .fd = -1 };
	long long end = host_ns() + seconds * 1e9;
	struct sum sum = { 0 };
	unsigned int dev, files = 0;
	char path[64];
	int id;

	trial = what;
	memset(slots, 0, sizeof(slots));
	must(sh(what->mkfs));
	snprintf(path, sizeof(path), "%s/image", dir);
	disk.fd = open(path, O_RDWR | O_CLOEXEC);
	id = lkl_disk_add(&disk);
	must(id >= 0 && !lkl_get_virtio_blkdev(id, 0, &dev));
	must(!lkl_sys_mknod(NODE, LKL_S_IFBLK | 0600, dev));
	must(put("/sys/block/vda/make-it-fail", "1"));
	must(!disk_mount() && !make_folders() && !disk_umount());
	do {
		one_round(&sum, &files);
	} while (!sum.bad && (host_ns() < end || !sum.failed || !files));
	ok(!sum.bad && sum.failed && files,
	   "%s, %s: %lu jobs, %lu calls failed; %u files as saved",
	   what->type, what->faults, sum.rounds, sum.failed, files);
	ok(sh(what->fsck), "%s, %s: %s finds nothing", what->type, what->faults,
	   what->fsck);
	if (tap_failed)
		show_log();
	must(!lkl_sys_unlink(NODE) && !lkl_disk_remove(disk));
	close(disk.fd);
}

#define EXT4	"ext4", "errors=remount-ro,dioread_lock", \
		"truncate -s 64M image && mkfs.ext4 -qF image", \
		"e2fsck -fp image || test $? = 1", "e2fsck -fn image"
#define XFS	"xfs", NULL, "truncate -s 400M image && mkfs.xfs -qf image", \
		"true", "xfs_repair -n image"
#define VFAT	"vfat", NULL, "truncate -s 64M image && mkfs.vfat image", \
		"true", "fsck.vfat -n image"
#define MEMORY(interval) "allocations", interval, "2", set_memory
#define REQUESTS "requests", "20", "2", set_requests

static const struct trial trials[] = {
	/* It stops at the first one in a transaction, and has done nothing. */
	{ EXT4, MEMORY("30"), true },
	{ EXT4, REQUESTS, true },
	{ XFS, MEMORY("1"), true },
	{ XFS, REQUESTS, true },
	{ VFAT, MEMORY("1"), false },
};

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 10;

	seeds = argc > 2 ? atoi(argv[2]) * 1000000 : 1;
	if (!faults_boot())
		return 0;
	set_requests("times", "-1");
	set_requests("verbose", "0");
	set_memory("task-filter", "N");
	must(!lkl_sys_mkdir("/sys", 0555) && !lkl_sys_mkdir(MNT, 0755));
	must(!lkl_sys_mount("sysfs", "/sys", "sysfs", 0, NULL));
	must(mkdtemp(dir));
	for (size_t i = 0; i < ARRAY_SIZE(trials); i++)
		run(&trials[i], seconds / ARRAY_SIZE(trials));
	must(sh("rm -r ../${PWD##*/}"));
	ok(lkl_sys_halt() == 0, "halt");
	return tap_done();
}
