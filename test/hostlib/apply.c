// SPDX-License-Identifier: GPL-2.0
/*
 * apply.c - Settings put into force: from LKL_HIJACK_* to a configured kernel
 *
 * The interface is on two fifos, which needs no privilege. One entry of each
 * list is wrong in a way that only the kernel can tell.
 */
#include <lkl.h>

#include <sys/stat.h>
#include <unistd.h>

#include "../hijack/tap.h"

#define PREFIX "LKL_HIJACK_"

static char dir[] = "/tmp/lkl-apply-XXXXXX";

/**
 * set() - Set a setting
 * @name:	its name without prefix
 * @value:	its value
 */
static void set(const char *name, const char *value)
{
	char variable[64];

	snprintf(variable, sizeof(variable), PREFIX "%s", name);
	must(!setenv(variable, value, 1));
}

/** set_fifos() - Make two fifos and set an interface on them */
static void set_fifos(void)
{
	char rx[64], tx[64], both[128];

	must(mkdtemp(dir));
	snprintf(rx, sizeof(rx), "%s/rx", dir);
	snprintf(tx, sizeof(tx), "%s/tx", dir);
	snprintf(both, sizeof(both), "%s|%s", rx, tx);
	must(!mkfifo(rx, 0600) && !mkfifo(tx, 0600));
	set("NET_IFTYPE", "pipe");
	set("NET_IFPARAMS", both);
}

/** remove_fifos() - Remove them again */
static void remove_fifos(void)
{
	char name[64];

	snprintf(name, sizeof(name), "%s/rx", dir);
	unlink(name);
	snprintf(name, sizeof(name), "%s/tx", dir);
	unlink(name);
	rmdir(dir);
}

/**
 * shows() - Does a file of the kernel contain a text?
 * @name:	file
 * @text:	text
 *
 * Return: true if so
 */
static bool shows(const char *name, const char *text)
{
	static char buf[65536];
	long fd, n, len = 0;

	fd = lkl_sys_open(name, LKL_O_RDONLY, 0);
	if (fd < 0)
		return false;
	while ((n = lkl_sys_read(fd, buf + len, sizeof(buf) - 1 - len)) > 0)
		len += n;
	lkl_sys_close(fd);
	buf[len] = '\0';
	return strstr(buf, text);
}

/** has_error() - Return: true if there is the error PREFIX @text */
static bool has_error(const struct lkl_config *cfg, const char *text)
{
	const struct lkl_config_error *err;

	for (err = cfg->errors; err; err = err->next)
		if (!strcmp(err->text + strlen(PREFIX), text))
			return true;
	return false;
}

static void test_missing_device(void)
{
	struct lkl_config cfg = { 0 };

	set("NET_IFTYPE", "macvtap");
	set("NET_IFPARAMS", "/dev/null/tap9");
	must(!lkl_load_config_env(&cfg));
	ok(lkl_load_config_pre(&cfg) == 1 &&
	   strstr(cfg.errors->text, "NET_IFPARAMS=/dev/null/tap9: macvtap: "),
	   "a backend that cannot be made is an error");
	lkl_unload_config(&cfg);
}

static void test_in_force(void)
{
	ok(shows("/proc/net/dev", "eth0:"), "MOUNT: /proc, with the interface");
	ok(shows("/sys/class/net/eth0/mtu", "1400\n"), "NET_MTU");
	ok(shows("/sys/class/net/eth0/address", "02:00:00:00:00:02\n"),
	   "NET_MAC");
	ok(shows("/sys/class/net/eth0/flags", "0x1003\n"), "the link is up");
	ok(shows("/sys/class/net/lo/flags", "0x9\n"), "lo is up");
	ok(shows("/proc/net/fib_trie", "192.168.13.2"), "NET_IP");
	ok(shows("/proc/net/if_inet6", "fd000000000000000000000000000002"),
	   "NET_IPV6");
	ok(shows("/proc/net/route", "eth0\t00000000\t010DA8C0"), "NET_GATEWAY");
	ok(shows("/proc/net/ipv6_route", "00000000000000000000000000000000 00 "
		 "00000000000000000000000000000000 00 "
		 "fe800000000000000000000000000001"),
	   "NET_GATEWAY6, a link-local one");
	ok(shows("/proc/net/arp", "02:00:00:00:00:09"), "NET_NEIGHBOR");
	ok(shows("/proc/sys/net/ipv4/tcp_sack", "0\n"), "SYSCTL");
}

static void test_errors(const struct lkl_config *cfg)
{
	ok(has_error(cfg, "SYSCTL=net.ipv4.nothing=1: No such file or "
		     "directory"), "an unknown parameter is named");
	ok(has_error(cfg, "SYSCTL=net.ipv4.ip_forward=x: Invalid argument"),
	   "an impossible value too");
	ok(has_error(cfg, "MOUNT=nosuchfs: No such device"),
	   "a file system that is not there");
	ok(cfg->error_count == 3, "there are no other errors");
}

static void test_dump(const struct lkl_config *cfg)
{
	char text[4096];
	int fds[2];
	ssize_t n;

	must(!pipe(fds));
	lkl_config_dump(cfg, fds[1]);
	close(fds[1]);
	n = read(fds[0], text, sizeof(text) - 1);
	close(fds[0]);
	text[n < 0 ? 0 : n] = '\0';
	ok(strstr(text, "lkl-hijack: /proc/version:\nLinux version 6.12"),
	   "DUMP prints a file");
	ok(strstr(text, PREFIX "DUMP=/proc/nothing: No such file or directory"),
	   "and names one that is not there");
}

int main(void)
{
	struct lkl_config cfg = { 0 };

	test_missing_device();
	set_fifos();
	set("NET_IP", "192.168.13.2");
	set("NET_NETMASK_LEN", "24");
	set("NET_IPV6", "fd00::2");
	set("NET_NETMASK6_LEN", "64");
	set("NET_MAC", "02:00:00:00:00:02");
	set("NET_MTU", "1400");
	set("NET_GATEWAY", "192.168.13.1");
	set("NET_GATEWAY6", "fe80::1");
	set("NET_IFGATEWAY", "192.168.13.1");
	set("NET_IFGATEWAY6", "fe80::1");
	set("NET_NEIGHBOR", "192.168.13.9|02:00:00:00:00:09");
	set("NET_QDISC", "root|fq");
	set("SYSCTL", "net.ipv4.nothing=1;net.ipv4.tcp_sack=0;"
	    "net.ipv4.ip_forward=x");
	set("MOUNT", "proc,nosuchfs,sysfs,proc");
	set("DUMP", "/proc/version,/proc/nothing");
	set("BOOT_CMDLINE", "loglevel=0");
	set("SINGLE_CPU", "1");
	must(!lkl_load_config_env(&cfg));
	must(!lkl_load_config_pre(&cfg));
	must(!lkl_init(NULL));
	must(!lkl_start_kernel("%s", cfg.boot_cmdline));
	ok(lkl_load_config_post(&cfg) > 0, "what the kernel refuses counts");
	remove_fifos();
	test_in_force();
	test_errors(&cfg);
	test_dump(&cfg);
	lkl_unload_config(&cfg);
	lkl_sys_halt();
	lkl_cleanup();
	return tap_done();
}
