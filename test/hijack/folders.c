// SPDX-License-Identifier: GPL-2.0
/*
 * folders.c - Directories that show the network list what the LKL kernel has
 *
 * A bridge made in the LKL kernel, of which the host knows nothing, tells whose
 * a list is.
 */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "net.h"

#define BRIDGE "lklbr7"

/**
 * count() - Read what is left of a directory
 * @dir:	directory
 * @name:	name to look for
 *
 * Return: how many entries have it
 */
static int count(DIR *dir, const char *name)
{
	struct dirent *d;
	int n = 0;

	while ((d = readdir(dir)))
		n += !strcmp(d->d_name, name);
	return n;
}

/* The same of a whole directory; -1: it cannot be opened. */
static int count_in(const char *path, const char *name)
{
	DIR *dir = opendir(path);
	int n;

	if (!dir)
		return -1;
	n = count(dir, name);
	return closedir(dir) ? -1 : n;
}

static void lists(void)
{
	ok(count_in("/sys/class/net", BRIDGE) == 1, "/sys/class/net");
	ok(count_in("/sys/class/net/", "lo") == 1, "with a slash at the end");
	ok(count_in("/proc/sys/net/ipv4/conf", BRIDGE) == 1, "/proc/sys/net");
	ok(count_in("/proc/net/dev_snmp6", BRIDGE) == 1, "/proc/net");
	ok(count_in("/proc/self/net", "tcp") == 1, "/proc/self/net");
	ok(count_in("/proc/self", "maps") == 1, "others are the host's");
	errno = 0;
	ok(!opendir("/sys/class/net/nosuch0") && errno == ENOENT, "ENOENT");
	ok(!opendir("/proc/net/dev") && errno == ENOTDIR, "ENOTDIR");
}

/*
 * The directory of all descriptors shows what is the program's. One whose calls
 * are trapped reads it as it is.
 */
static void descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	const char *mode = getenv("LKL_HIJACK_MODE");
	int fd, strange = 0, n = 0;
	struct dirent *d;

	must(dir);
	if (mode && !strcmp(mode, "trap"))
		return;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		n++;
		strange += fcntl(atoi(d->d_name), F_GETFD) < 0;
	}
	ok(n >= 5 && !strange, "/proc/self/fd has what is open (%d)", n);
	closedir(dir);
	close(fd);
	ok(count_in("/dev/fd", "2") == 1 && count_in("/proc/self/fd/", "1") == 1,
	   "by other names");
}

static void entries(void)
{
	DIR *dir = opendir("/sys/class/net"), *host = opendir("/proc/self");
	struct dirent *d, one, *two;
	char second[256];
	struct stat st;
	long at;

	must(dir && host);
	errno = 0;
	while ((d = readdir(dir)) && strcmp(d->d_name, BRIDGE))
		must(readdir(host));
	ok(d && d->d_type == DT_LNK && !fstatat(dirfd(dir), BRIDGE, &st,
						AT_SYMLINK_NOFOLLOW) &&
	   st.st_ino == d->d_ino, "type and inode are those of the link");
	while (readdir(dir))
		;
	ok(!readdir(dir) && errno == 0, "the end is no error");
	rewinddir(dir);
	ok(count(dir, BRIDGE) == 1, "rewinddir() begins again");
	rewinddir(dir);
	ok(telldir(dir) == 0 && readdir(dir), "telldir() at the beginning");
	at = telldir(dir);
	d = readdir(dir);
	must(d);
	strcpy(second, d->d_name);
	while (readdir(dir))
		;
	seekdir(dir, at);
	d = readdir(dir);
	ok(d && !strcmp(d->d_name, second), "seekdir() goes back");
	seekdir(dir, at);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	ok(!readdir_r(dir, &one, &two) && two == &one &&
	   !strcmp(one.d_name, second), "readdir_r()");
	while (!readdir_r(dir, &one, &two) && two)
		;
	ok(!two, "which has an end, too");
#pragma GCC diagnostic pop
	ok(count(host, "stat") == 1, "one of the host is read meanwhile");
	ok(!closedir(dir) && !closedir(host), "both are closed");
}

static void by_descriptor(void)
{
	int fd = open("/sys/class/net", O_RDONLY | O_DIRECTORY), file;
	struct stat st;
	char mtu[8];
	DIR *dir;

	must(fd >= 0);
	ok(!fstatat(fd, BRIDGE, &st, 0) && S_ISDIR(st.st_mode),
	   "fstatat() from a directory");
	file = openat(fd, BRIDGE "/mtu", O_RDONLY);
	ok(file >= 0 && read(file, mtu, sizeof(mtu)) == 5, "openat(), too");
	errno = 0;
	ok(!fdopendir(file) && errno == ENOTDIR, "fdopendir(): ENOTDIR");
	close(file);
	dir = fdopendir(fd);
	ok(dir && dirfd(dir) == fd && count(dir, BRIDGE) == 1, "fdopendir()");
	closedir(dir);
	ok(fcntl(fd, F_GETFD) == -1 && errno == EBADF, "closes it at the end");
	errno = 0;
	ok(!fdopendir(fd) && errno == EBADF, "fdopendir(): EBADF");
}

static int is_bridge(const struct dirent *d)
{
	return !strcmp(d->d_name, BRIDGE);
}

static void scans(void)
{
	int fd = open("/proc/sys/net", O_RDONLY | O_DIRECTORY), n;
	struct dirent **list;

	n = scandir("/sys/class/net", &list, is_bridge, alphasort);
	ok(n == 1 && is_bridge(list[0]), "scandir() with a filter");
	n = scandirat(fd, "ipv4/conf", &list, NULL, alphasort);
	ok(n > 4 && !strcmp(list[0]->d_name, ".") &&
	   !strcmp(list[2]->d_name, "all"), "scandirat() in order");
	errno = 0;
	ok(scandir("/sys/class/net/nosuch0", &list, NULL, NULL) == -1 &&
	   errno == ENOENT, "scandir(): ENOENT");
	n = scandir("/proc/self/task", &list, NULL, NULL);
	ok(n >= 3, "scandir() on the host");
	close(fd);
}

static bool matches(const char *pattern, const char *path)
{
	glob_t g = { 0 };
	bool same = !glob(pattern, 0, NULL, &g) && g.gl_pathc == 1 &&
		    !strcmp(g.gl_pathv[0], path);

	globfree(&g);
	return same;
}

static void globs(void)
{
	glob_t g = { 0 };

	ok(matches("/sys/class/net/lkl*", "/sys/class/net/" BRIDGE), "glob()");
	ok(matches("/sys/class/n[e]t/lklbr?/mtu",
		   "/sys/class/net/" BRIDGE "/mtu"), "that begins before");
	ok(matches("/proc/self/task/../statu[s]",
		   "/proc/self/task/../status"), "on the host");
	ok(glob("/sys/class/net/nosuch*", 0, NULL, &g) == GLOB_NOMATCH,
	   "GLOB_NOMATCH");
	ok(!glob("/sys/class/net/lkl*", 0, NULL, &g) &&
	   !glob("/sys/class/net/l[o]", GLOB_APPEND, NULL, &g) &&
	   g.gl_pathc == 2, "GLOB_APPEND");
	globfree(&g);
}

static int files, dirs, dirs_after;
static char last[256];

static int visit(const char *path, const struct stat *st, int type,
		 struct FTW *at)
{
	files += type == FTW_F && S_ISREG(st->st_mode);
	dirs += type == FTW_D && S_ISDIR(st->st_mode);
	dirs_after += type == FTW_DP;
	if (!strcmp(path + at->base, "forwarding"))
		snprintf(last, sizeof(last), "%d %s", at->level, path);
	return 0;
}

static int stop_at_file(const char *path, const struct stat *st, int type)
{
	return *path == '/' && type == FTW_F && S_ISREG(st->st_mode) ? 7 : 0;
}

static void walks(void)
{
	ok(!nftw("/proc/sys/net/ipv4/conf/" BRIDGE, visit, 8, 0) &&
	   files > 20 && dirs == 1, "nftw() of files");
	ok(!strcmp(last, "1 /proc/sys/net/ipv4/conf/" BRIDGE "/forwarding"),
	   "with base and level");
	files = dirs = 0;
	ok(!nftw("/proc/sys/net/ipv4/conf", visit, 8, FTW_DEPTH | FTW_PHYS) &&
	   dirs == 0 && dirs_after > 3 && files > 60, "FTW_DEPTH");
	files = 0;
	ok(!nftw("/sys/class/net/" BRIDGE "/", visit, 8, 0) && files > 20,
	   "nftw() where links go in a circle");
	ok(ftw("/sys/class/net/" BRIDGE "/", stop_at_file, 8) == 7,
	   "ftw() ends when it is told to");
	errno = 0;
	ok(nftw("/sys/class/net/nosuch0", visit, 8, 0) == -1 &&
	   errno == ENOENT, "nftw(): ENOENT");
}

static void child_goes_on(void)
{
	DIR *dir = opendir("/proc/sys/net/ipv4/conf");
	int status;
	pid_t pid;

	must(dir && readdir(dir));
	pid = fork();
	if (!pid)
		_exit(count(dir, BRIDGE));
	ok(waitpid(pid, &status, 0) == pid && status == W_EXITCODE(1, 0),
	   "a child goes on with a directory of its parent");
	closedir(dir);
}

static void *count_all(void *arg)
{
	long n = 0;

	while (readdir(arg))
		n++;
	return (void *)n;
}

static void two_threads(void)
{
	DIR *dir = opendir("/proc/sys/net/ipv4/conf/" BRIDGE);
	long one, other, all;
	pthread_t thread;
	void *ret;

	must(dir);
	all = (long)count_all(dir);
	rewinddir(dir);
	must(!pthread_create(&thread, NULL, count_all, dir));
	one = (long)count_all(dir);
	must(!pthread_join(thread, &ret));
	other = (long)ret;
	ok(all > 20 && one + other == all,
	   "two threads share a directory (%ld + %ld of %ld)", one, other, all);
	closedir(dir);
}

int main(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	must(!ioctl(fd, SIOCBRADDBR, BRIDGE));
	close(fd);
	lists();
	descriptors();
	entries();
	by_descriptor();
	scans();
	globs();
	walks();
	child_goes_on();
	two_threads();
	return tap_done();
}
