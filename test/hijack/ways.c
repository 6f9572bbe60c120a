// SPDX-License-Identifier: GPL-2.0
/*
 * ways.c - Ways from directories of the host to files that show the network
 *
 * The names are those of a bridge made in the LKL kernel, which the host has not.
 */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "net.h"

#define BRIDGE "lklbr8"
#define CONF "ipv4/conf/" BRIDGE "/forwarding"

/* Directory of the host, a way from there, and is it LKL's? */
static const struct {
	const char *dir, *way;
} ways[] = {
	{ "/", "proc/sys/net/" CONF },
	{ "/", "sys/class/net/" BRIDGE "/mtu" },
	{ "/etc", "../proc/net/dev_snmp6/" BRIDGE },
	{ "/proc", "sys/net/" CONF },
	{ "/proc", "net/dev_snmp6/" BRIDGE },
	{ "/proc", "./net//dev_snmp6/" BRIDGE },
	{ "/proc", "self/net/dev_snmp6/" BRIDGE },
	{ "/proc", "self/../net/dev_snmp6/" BRIDGE },
	{ "/proc", "thread-self/net/dev_snmp6/" BRIDGE },
	{ "/proc/self", "net/dev_snmp6/" BRIDGE },
	{ "/proc/self", "../net/dev_snmp6/" BRIDGE },
	{ "/proc/self/fd", "../net/dev_snmp6/" BRIDGE },
	{ "/proc/thread-self", "net/dev_snmp6/" BRIDGE },
	{ "/proc/sys", "net/" CONF },
	{ "/proc/sys/kernel", "../net/" CONF },
	{ "/sys", "class/net/" BRIDGE "/mtu" },
	{ "/sys", "devices/virtual/net/" BRIDGE "/mtu" },
	{ "/sys/class", "net/" BRIDGE "/mtu" },
	{ "/sys/class/tty", "../net/" BRIDGE "/mtu" },
	{ "/sys/devices", "virtual/net/" BRIDGE "/mtu" },
	{ "/sys/devices/virtual", "net/" BRIDGE "/mtu" },
};

/* Names that are not plain. */
static const char *const names[] = {
	"//proc/sys/net/" CONF, "/proc//sys/net/" CONF,
	"/./proc/net/dev_snmp6/" BRIDGE, "/proc/self/../net/dev_snmp6/" BRIDGE,
	"/proc/sys/../net/dev_snmp6/" BRIDGE, "/sys/class/../class/net/" BRIDGE,
};

static void from_descriptors(void)
{
	struct stat st;
	int dir, fd;

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		dir = open(ways[i].dir, O_RDONLY | O_DIRECTORY);
		must(dir >= 0);
		fd = openat(dir, ways[i].way, O_RDONLY);
		ok(fd >= 0 && !fstatat(dir, ways[i].way, &st, 0) &&
		   !faccessat(dir, ways[i].way, R_OK, 0) &&
		   syscall(SYS_faccessat, dir, ways[i].way, R_OK) == 0,
		   "from %s: %s", ways[i].dir, ways[i].way);
		close(fd);
		close(dir);
	}
}

static void from_current(void)
{
	struct stat st;
	FILE *f;
	int fd;

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		must(!chdir(ways[i].dir));
		fd = open(ways[i].way, O_RDONLY);
		f = fopen(ways[i].way, "r");
		ok(fd >= 0 && f && !stat(ways[i].way, &st) &&
		   !access(ways[i].way, R_OK) &&
		   !faccessat(AT_FDCWD, ways[i].way, R_OK, 0),
		   "in %s: %s", ways[i].dir, ways[i].way);
		close(fd);
		if (f)
			fclose(f);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		ok(!access(names[i], R_OK), "%s", names[i]);
	must(!chdir("/sys"));
	ok(!chdir("class/net") && !access(BRIDGE, F_OK), "chdir()");
	must(!chdir("/"));
}

/* What is the host's stays the host's. */
static void others(void)
{
	char path[64], text[64];
	struct stat by_name, st;
	int dir, fd, sock;

	dir = open("/proc/self", O_RDONLY | O_DIRECTORY);
	fd = openat(dir, "status", O_RDONLY);
	ok(fd >= 0 && !fstat(fd, &by_name) && !fstatat(dir, "status", &st, 0) &&
	   st.st_ino == by_name.st_ino, "/proc/self has other files");
	close(fd);
	fd = openat(dir, "net", O_RDONLY | O_DIRECTORY);
	ok(fd >= 0 && !faccessat(fd, "dev_snmp6/" BRIDGE, F_OK, 0),
	   "its net is LKL's");
	ok(openat(fd, "../status", O_RDONLY) >= 0, "and leads back");
	close(fd);
	must(!chdir("/proc/self"));
	ok(access("net.status", F_OK) && access("nets", F_OK), "no other names");
	must(!chdir("/"));
	close(dir);

	dir = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	snprintf(path, sizeof(path), "%d", sock);
	memset(text, 0, sizeof(text));
	ok(readlinkat(dir, path, text, sizeof(text) - 1) > 0 &&
	   !strncmp(text, "socket:[", 8) &&
	   !fstatat(dir, path, &st, 0) && !fstat(sock, &by_name) &&
	   st.st_ino == by_name.st_ino, "a link to a socket: %s", text);
	close(sock);
	close(dir);
}

static int seen, there;

static int visit(const char *path, const struct stat *st, int type,
		 struct FTW *at)
{
	(void)st;
	(void)type;
	if (!strcmp(path + at->base, BRIDGE)) {
		seen++;
		there += !access(BRIDGE, F_OK);
	}
	return 0;
}

static int walk(const char *path, int flags)
{
	seen = 0;
	there = 0;
	must(!nftw(path, visit, 8, flags | FTW_PHYS));
	return seen;
}

static void walks(void)
{
	char text[64];
	glob_t g;

	ok(walk("/proc/sys/", 0) == 4, "nftw() of a directory above");
	must(!chdir("/sys"));
	ok(walk("class", 0) == 1, "with a relative name");
	ok(walk("class/net", FTW_CHDIR) == 1 && there == 1 &&
	   getcwd(text, sizeof(text)) && !strcmp(text, "/sys"),
	   "that goes there");
	ok(!glob("class/n*t/lklbr*/mtu", 0, NULL, &g) && g.gl_pathc == 1,
	   "glob()");
	must(!chdir("/sys/class/net"));
	ok(walk(BRIDGE, 0) == 1, "in a directory of LKL");
	must(!chdir("/"));
}

int main(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	must(fd >= 0 && !ioctl(fd, SIOCBRADDBR, BRIDGE));
	from_descriptors();
	from_current();
	others();
	walks();
	return tap_done();
}
