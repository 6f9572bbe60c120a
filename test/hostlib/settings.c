// SPDX-License-Identifier: GPL-2.0
/*
 * settings.c - What lkl_load_config_env() makes of LKL_HIJACK_*; no kernel
 */
#include <lkl_config.h>

#include <unistd.h>

#include "../hijack/tap.h"

#define PREFIX "LKL_HIJACK_"

/* Settings that are right together, to add a wrong one to. */
#define TAP "NET_IFTYPE=tap", "NET_IFPARAMS=tap0"
#define TAP_IP TAP, "NET_IP=192.168.13.2", "NET_NETMASK_LEN=24"
#define TAP_IP6 TAP, "NET_IPV6=fd00::2", "NET_NETMASK6_LEN=64"
#define SLIRP "NET_IFTYPE=slirp"

/**
 * load() - Load settings from an environment that has nothing else
 * @cfg:	receives them
 * @vars:	"NAME=value" without prefix, ends with NULL
 *
 * Return: number of errors
 */
static int load(struct lkl_config *cfg, const char *const *vars)
{
	char name[8192];
	char *value;

	clearenv();
	for (; *vars; vars++) {
		must(strlen(PREFIX) + strlen(*vars) < sizeof(name));
		strcpy(stpcpy(name, PREFIX), *vars);
		value = strchr(name, '=');
		*value++ = '\0';
		setenv(name, value, 1);
	}
	memset(cfg, 0, sizeof(*cfg));
	return lkl_load_config_env(cfg);
}

/**
 * has_error() - Is there an error that begins and goes on as wanted?
 * @cfg:	settings
 * @start:	beginning of the message, without prefix
 * @part:	must follow somewhere
 *
 * Return: true if so
 */
static bool has_error(const struct lkl_config *cfg, const char *start,
		      const char *part)
{
	const struct lkl_config_error *err;
	const char *text;

	for (err = cfg->errors; err; err = err->next) {
		text = err->text + strlen(PREFIX);
		if (!strncmp(err->text, PREFIX, strlen(PREFIX)) &&
		    !strncmp(text, start, strlen(start)) &&
		    strstr(text + strlen(start), part))
			return true;
	}
	return false;
}

/** show_errors() - Print what was found, for a check that failed */
static void show_errors(const struct lkl_config *cfg)
{
	const struct lkl_config_error *err;

	for (err = cfg->errors; err; err = err->next)
		printf("# %s\n", err->text);
}

/* good() - settings without an error */
#define good(...)							\
	do {								\
		const char *const vars[] = { __VA_ARGS__, NULL };	\
		struct lkl_config cfg;					\
									\
		ok(!load(&cfg, vars), "good: %s", #__VA_ARGS__);	\
		show_errors(&cfg);					\
		lkl_unload_config(&cfg);				\
	} while (0)

/* bad() - settings with exactly one error, which is this */
#define bad(start, part, ...)						\
	do {								\
		const char *const vars[] = { __VA_ARGS__, NULL };	\
		struct lkl_config cfg;					\
		bool right = load(&cfg, vars) == 1 &&			\
			     has_error(&cfg, start, part);		\
									\
		ok(right, "bad: %s", #__VA_ARGS__);			\
		if (!right)						\
			show_errors(&cfg);				\
		lkl_unload_config(&cfg);				\
	} while (0)

static void test_interfaces(void)
{
	good("DEBUG=0");
	good(TAP);
	good("NET_IFTYPE=macvtap", "NET_IFPARAMS=/dev/tap4");
	good("NET_IFTYPE=raw", "NET_IFPARAMS=eth0");
	good("NET_IFTYPE=pipe", "NET_IFPARAMS=/tmp/a|/tmp/b");
	good("NET_IFTYPE=vde", "NET_IFPARAMS=/run/vde/switch");
	good(SLIRP);
	good(SLIRP, "NET_IFPARAMS=tcp:8080:80,udp:5353:53");
	bad("NET_IFTYPE=tun", "tap, macvtap, raw, pipe, vde, slirp",
	    "NET_IFTYPE=tun");
	bad("NET_IFTYPE=dpdk:", "not built in", "NET_IFTYPE=dpdk",
	    "NET_IFPARAMS=x");
	bad("NET_IFTYPE=:", "expected one of", "NET_IFTYPE=");
	bad("NET_IFPARAMS:", "name of a tap device", "NET_IFTYPE=tap");
	bad("NET_IFPARAMS=a-name-of-16-byt:", "name of a tap device",
	    "NET_IFTYPE=tap", "NET_IFPARAMS=a-name-of-16-byt");
	bad("NET_IFPARAMS=tap4:", "/dev/tap4", "NET_IFTYPE=macvtap",
	    "NET_IFPARAMS=tap4");
	bad("NET_IFPARAMS=/tmp/a:", "two fifos", "NET_IFTYPE=pipe",
	    "NET_IFPARAMS=/tmp/a");
	bad("NET_IFPARAMS=tcp:80:", "tcp:HOSTPORT:GUESTPORT", SLIRP,
	    "NET_IFPARAMS=tcp:80");
	bad("NET_IFPARAMS=tcp:0:80:", "tcp:HOSTPORT:GUESTPORT", SLIRP,
	    "NET_IFPARAMS=tcp:0:80");
	bad("NET_IFPARAMS=tap0:", "NET_IFTYPE", "NET_IFPARAMS=tap0");
	bad("NET_MTU=1500:", "NET_IFTYPE", "NET_MTU=1500");
}

static void test_addresses(void)
{
	good(TAP_IP);
	good(TAP, "NET_IP=10.0.0.1", "NET_NETMASK_LEN=32");
	good(TAP_IP6);
	bad("NET_IP=1.2.3:", "IPv4 address", TAP, "NET_IP=1.2.3",
	    "NET_NETMASK_LEN=24");
	bad("NET_IP=:", "IPv4 address", TAP, "NET_IP=", "NET_NETMASK_LEN=24");
	bad("NET_IP=0.0.0.0:", "IPv4 address", TAP, "NET_IP=0.0.0.0",
	    "NET_NETMASK_LEN=24");
	bad("NET_IP=239.1.1.1:", "of a host", TAP, "NET_IP=239.1.1.1",
	    "NET_NETMASK_LEN=24");
	bad("NET_NETMASK_LEN=33:", "1 to 32", TAP, "NET_IP=10.0.0.1",
	    "NET_NETMASK_LEN=33");
	bad("NET_NETMASK_LEN=0:", "1 to 32", TAP, "NET_IP=10.0.0.1",
	    "NET_NETMASK_LEN=0");
	bad("NET_NETMASK_LEN=24x:", "1 to 32", TAP, "NET_IP=10.0.0.1",
	    "NET_NETMASK_LEN=24x");
	bad("NET_NETMASK_LEN:", "missing", TAP, "NET_IP=10.0.0.1");
	bad("NET_IP:", "missing", TAP, "NET_NETMASK_LEN=24");
	bad("NET_IPV6=10.0.0.1:", "IPv6 address", TAP, "NET_IPV6=10.0.0.1",
	    "NET_NETMASK6_LEN=64");
	bad("NET_NETMASK6_LEN=129:", "1 to 128", TAP, "NET_IPV6=fd00::2",
	    "NET_NETMASK6_LEN=129");
	bad("NET_NETMASK6_LEN:", "missing", TAP, "NET_IPV6=fd00::2");
}

static void test_gateways(void)
{
	good(TAP_IP, "NET_GATEWAY=192.168.13.1");
	good(TAP_IP, "NET_IFGATEWAY=192.168.13.1");
	good(TAP_IP6, "NET_GATEWAY6=fd00::1");
	good(TAP_IP6, "NET_GATEWAY6=fe80::1", "NET_IFGATEWAY6=fe80::1");
	good(TAP, "NET_GATEWAY=10.9.8.7", "BOOT_CMDLINE=loglevel=8 ip=dhcp");
	bad("NET_GATEWAY=router:", "IPv4 address", TAP_IP,
	    "NET_GATEWAY=router");
	bad("NET_GATEWAY=192.168.14.1:", "no interface reaches", TAP_IP,
	    "NET_GATEWAY=192.168.14.1");
	bad("NET_GATEWAY=192.168.13.1:", "no interface reaches",
	    "NET_GATEWAY=192.168.13.1");
	bad("NET_GATEWAY=10.0.0.1:", "no interface reaches", TAP,
	    "NET_IP=10.0.0.2", "NET_NETMASK_LEN=32", "NET_GATEWAY=10.0.0.1");
	bad("NET_GATEWAY6=fd01::1:", "no interface reaches", TAP_IP6,
	    "NET_GATEWAY6=fd01::1");
	bad("NET_IFGATEWAY=192.168.14.1:", "in the network", TAP_IP,
	    "NET_IFGATEWAY=192.168.14.1");
	bad("NET_IFGATEWAY6=fd00::1:", "in the network", TAP_IP,
	    "NET_IFGATEWAY6=fd00::1");
}

static void test_links(void)
{
	good(TAP, "NET_MAC=02:00:00:00:00:ff", "NET_MTU=68");
	good(TAP, "NET_MTU=65535", "OFFLOAD=0x8000");
	bad("NET_MTU=9000:", "mrg_rxbuf", TAP, "NET_MTU=9000");
	bad("NET_MTU=20:", "expected 68 to 65535", TAP, "NET_MTU=20");
	bad("NET_MTU=65536:", "expected 68 to 65535", TAP, "NET_MTU=65536");
	bad("NET_MTU=-1500:", "expected 68", TAP, "NET_MTU=-1500");
	bad("NET_MTU=99999999999999999999:", "expected 68", TAP,
	    "NET_MTU=99999999999999999999");
	bad("NET_MTU=1000:", "1280", TAP_IP6, "NET_MTU=1000");
	bad("NET_MAC=02:00:00:00:00:", "aa:bb:cc", TAP,
	    "NET_MAC=02:00:00:00:00");
	bad("NET_MAC=02:00:00:00:00:0g:", "aa:bb:cc", TAP,
	    "NET_MAC=02:00:00:00:00:0g");
	bad("NET_MAC=03:00:00:00:00:01:", "multicast", TAP,
	    "NET_MAC=03:00:00:00:00:01");
	bad("NET_MAC=00:00:00:00:00:00:", "all zero", TAP,
	    "NET_MAC=00:00:00:00:00:00");
}

static void test_lists(void)
{
	good(TAP_IP, "NET_NEIGHBOR=192.168.13.9|02:00:00:00:00:09;"
	     "fd00::9|02:00:00:00:00:09;");
	bad("NET_NEIGHBOR=192.168.13.9:", "expected entries", TAP_IP,
	    "NET_NEIGHBOR=192.168.13.8|02:00:00:00:00:08;192.168.13.9");
	bad("NET_NEIGHBOR=a|02:00:00:00:00:09:", "expected entries", TAP_IP,
	    "NET_NEIGHBOR=a|02:00:00:00:00:09");
	good(TAP, "NET_QDISC=root|fq");
	bad("NET_QDISC=root|fifo:", "fq_codel", TAP, "NET_QDISC=root|fifo");
	bad("NET_QDISC=fq:", "root|fq", TAP, "NET_QDISC=fq");
	bad("NET_QDISC=leaf|fq:", "root|fq", TAP, "NET_QDISC=leaf|fq");
	good("SYSCTL=net.ipv4.tcp_wmem=4096 87380 2147483647;"
	     "net/ipv4/tcp_sack=1");
	bad("SYSCTL=net.ipv4.tcp_sack:", "expected entries",
	    "SYSCTL=net.ipv4.tcp_fack=1;net.ipv4.tcp_sack");
	bad("SYSCTL=../../x=1:", "expected entries", "SYSCTL=../../x=1");
	good("MOUNT=proc,sysfs");
	bad("MOUNT=/proc:", "proc,sysfs", "MOUNT=/proc");
	good("DUMP=/proc/net/snmp,/proc/meminfo");
	bad("DUMP=meminfo:", "absolute", "DUMP=/proc/meminfo,meminfo");
	good("NAMESERVER=10.0.2.3,fd00::3");
	bad("NAMESERVER=dns.example:", "addresses",
	    "NAMESERVER=10.0.2.3,dns.example");
}

static void test_masks(void)
{
	good("DEBUG=0x301");
	good("DEBUG=log,hold_exit");
	bad("DEBUG=0x2:", "0x2", "DEBUG=0x2");
	bad("DEBUG=yes:", "0x100", "DEBUG=yes");
	good(TAP, "OFFLOAD=0");
	good(TAP, "OFFLOAD=0x8002");
	good(TAP, "OFFLOAD=0x883");
	good(TAP, "OFFLOAD=0x8883");
	good(TAP, "OFFLOAD=0xd983");
	good(TAP, "OFFLOAD=34947");
	good(TAP, "OFFLOAD=csum,guest_csum,tso4, tso6,mrg_rxbuf");
	bad("OFFLOAD=0x10003:", "0x10000", TAP, "OFFLOAD=0x10003");
	bad("OFFLOAD=gso:", "guest_tso4", TAP, "OFFLOAD=csum,gso");
	bad("OFFLOAD=:", "a sum of", TAP, "OFFLOAD=");
	bad("OFFLOAD=0x:", "a sum of", TAP, "OFFLOAD=0x");
	bad("OFFLOAD=0x800:", "without csum", TAP, "OFFLOAD=0x800");
	bad("OFFLOAD=0x81:", "without guest_csum", TAP, "OFFLOAD=0x81");
	good(SLIRP, "OFFLOAD=0x8000");
	bad("OFFLOAD=0x8003:", "slirp cannot offload 0x3", SLIRP,
	    "OFFLOAD=0x8003");
	bad("OFFLOAD=0x1:", "raw cannot offload", "NET_IFTYPE=raw",
	    "NET_IFPARAMS=eth0", "OFFLOAD=0x1");
}

static void test_process(void)
{
	good("SINGLE_CPU=2", "DELAY_MAIN=1000", "KEEP_GOING=1", "MODE=trap");
	bad("SINGLE_CPU=3:", "0 (off)", "SINGLE_CPU=3");
	bad("DELAY_MAIN=1s:", "0 to", "DELAY_MAIN=1s");
	bad("MODE=ptrace:", "auto or preload or trap", "MODE=ptrace");
	bad("KEEP_GOING=yes:", "0 or 1", "KEEP_GOING=yes");
	bad("CONFIG_FILE=/nowhere:", "cannot be read", "CONFIG_FILE=/nowhere");
	bad("CONFIG_FILE=/:", "cannot be read", "CONFIG_FILE=/");
	bad("NET_MUT=1500:", "did you mean LKL_HIJACK_NET_MTU?",
	    "NET_MUT=1500");
	bad("NETIP=1:", "did you mean LKL_HIJACK_NET_IP?", "NETIP=1");
	bad("COFFEE_MACHINE=on:", "no such setting", "COFFEE_MACHINE=on");
}

static void test_values(void)
{
	const char *const vars[] = {
		TAP_IP6, "NET_IP=192.168.13.2", "NET_NETMASK_LEN=24",
		"NET_MAC=02:00:00:00:00:ff", "NET_MTU=9000", "OFFLOAD=tso4,"
		"csum,guest_csum", "NET_GATEWAY=192.168.13.1", "DEBUG=257",
		"SYSCTL=a=1", NULL,
	};
	struct lkl_config cfg;
	struct lkl_config_iface *iface;

	must(!load(&cfg, vars));
	iface = cfg.interfaces;
	must(iface && !iface->next);
	ok(!strcmp(iface->type, "tap") && !strcmp(iface->param, "tap0"),
	   "type and parameter");
	ok(iface->ip.family == 2 && iface->masklen == 24 &&
	   !memcmp(iface->ip.bytes, "\300\250\15\2", 4), "IPv4 address");
	ok(iface->ipv6.family == 10 && iface->masklen6 == 64 &&
	   iface->ipv6.bytes[0] == 0xfd && iface->ipv6.bytes[15] == 2,
	   "IPv6 address");
	ok(!memcmp(iface->mac, "\2\0\0\0\0\377", 6) && iface->mtu == 9000,
	   "MAC and MTU");
	ok(iface->offload == 0x883, "offload names");
	ok(cfg.gateway.bytes[3] == 1 && cfg.debug == 0x101 &&
	   !strcmp(cfg.sysctl, "a=1"), "global settings");
	ok(lkl_config_has_type(&cfg, "tap") &&
	   !lkl_config_has_type(&cfg, "slirp"), "lkl_config_has_type");
	lkl_unload_config(&cfg);
	ok(!cfg.interfaces && !cfg.sysctl, "lkl_unload_config");
}

static void test_slirp(void)
{
	struct lkl_config cfg;

	must(!load(&cfg, (const char *const[]){ SLIRP, NULL }));
	ok(!memcmp(cfg.interfaces->ip.bytes, "\12\0\2\17", 4) &&
	   cfg.interfaces->masklen == 24 &&
	   !memcmp(cfg.gateway.bytes, "\12\0\2\2", 4), "slirp has defaults");
	lkl_unload_config(&cfg);
	must(!load(&cfg, (const char *const[]){ SLIRP, "BOOT_CMDLINE=ip=dhcp",
						NULL }));
	ok(!cfg.interfaces->ip.family && !cfg.gateway.family,
	   "but not with ip= on the command line");
	lkl_unload_config(&cfg);
}

/**
 * capture() - Run a function with stderr in a buffer
 * @run:	the function
 * @cfg:	its argument
 * @buf:	receives what it printed
 * @size:	room there
 */
static void capture(void (*run)(struct lkl_config *cfg), struct lkl_config *cfg,
		    char *buf, size_t size)
{
	int old = dup(2), fds[2];
	ssize_t n;

	must(!pipe(fds) && dup2(fds[1], 2) == 2);
	close(fds[1]);
	run(cfg);
	must(dup2(old, 2) == 2);
	close(old);
	n = read(fds[0], buf, size - 1);
	buf[n < 0 ? 0 : n] = '\0';
	close(fds[0]);
}

static void load_old_tap(struct lkl_config *cfg)
{
	load(cfg, (const char *const[]){ "NET_TAP=tap7", NULL });
}

static void print_errors(struct lkl_config *cfg)
{
	lkl_config_print_errors(cfg, 2);
}

static void print_all(struct lkl_config *cfg)
{
	lkl_show_config(cfg);
}

static void test_net_tap(void)
{
	struct lkl_config cfg;
	char said[512];

	capture(load_old_tap, &cfg, said, sizeof(said));
	ok(!cfg.error_count && lkl_config_has_type(&cfg, "tap") &&
	   !strcmp(cfg.interfaces->param, "tap7"), "NET_TAP still works");
	ok(strstr(said, "NET_TAP=tap7: obsolete") &&
	   strchr(said, '\n') == said + strlen(said) - 1,
	   "with one line of warning");
	ok(!getenv(PREFIX "NET_TAP") && getenv(PREFIX "NET_IFTYPE"),
	   "that executed programs do not repeat");
	lkl_unload_config(&cfg);
	bad("NET_TAP=tap1:", "obsolete", TAP, "NET_TAP=tap1");
}

static void test_printing(void)
{
	const char *const vars[] = { TAP, "NET_MTU=20", "NET_IP=x\ny",
				     "NET_NETMASK_LEN=33", "NO_SUCH_THING=1",
				     NULL };
	struct lkl_config cfg;
	char said[2048];
	int lines = 0;

	ok(load(&cfg, vars) == 4, "all errors are found, not only the first");
	capture(print_errors, &cfg, said, sizeof(said));
	for (char *c = said; *c; c++)
		lines += *c == '\n';
	ok(lines == 4, "one line for each error");
	ok(strstr(said, "lkl-hijack: LKL_HIJACK_NET_MTU=20: expected 68 to "
			"65535\n"), "the message names setting and value");
	lkl_unload_config(&cfg);
	must(!load(&cfg, (const char *const[]){ TAP_IP, NULL }));
	capture(print_all, &cfg, said, sizeof(said));
	ok(strstr(said, "LKL_HIJACK_NET_IP=192.168.13.2\n") &&
	   !strstr(said, "MTU"), "lkl_show_config shows what is set");
	lkl_unload_config(&cfg);
}

static void test_long_values(void)
{
	const size_t len = 100000;
	struct lkl_config cfg = { 0 };
	char *value = malloc(len + 16);

	must(value);
	clearenv();
	memset(value, 'x', len);
	strcpy(value + len, "=1");
	setenv(PREFIX "SYSCTL", value, 1);
	ok(!lkl_load_config_env(&cfg) && strlen(cfg.sysctl) == len + 2,
	   "a value of any length is taken");
	lkl_unload_config(&cfg);
	value[len] = '\0';
	setenv(PREFIX "SYSCTL", value, 1);
	setenv(PREFIX "BOOT_CMDLINE", value, 1);
	ok(lkl_load_config_env(&cfg) == 2 && strlen(cfg.errors->text) < 300,
	   "a message about it is short");
	lkl_unload_config(&cfg);
	free(value);
}

/* bad_json() - a text with exactly one error, which is this */
#define bad_json(json, error)						\
	do {								\
		struct lkl_config cfg = { 0 };				\
		bool right = lkl_load_config_json(&cfg, json) == 1 &&	\
			     !strcmp(cfg.errors->text, error);		\
									\
		ok(right, "bad: %s", error);				\
		if (!right)						\
			show_errors(&cfg);				\
		lkl_unload_config(&cfg);				\
	} while (0)

static void test_json(void)
{
	static const char json[] =
		"// two\n{\n\t\"interfaces\": [\n"
		"\t\t{\"type\": \"tap\", \"param\": \"tap0\", \"mtu\": 1400,},\n"
		"\t\t{\"type\": \"slirp\", \"offload\": \"0x8000\"}, /* 2 */\n"
		"\t],\n\t\"debug\": \"0x1\", \"keep_going\": true,\n"
		"\t\"boot_cmdline\": \"a\\t\\u00fc\\ud83d\\ude00\", \"ip\": "
		"\"10.0.0.2\", \"masklen\": 24\n}\n";
	struct lkl_config cfg = { 0 };

	clearenv();
	ok(!lkl_load_config_json(&cfg, json), "a file with comments");
	show_errors(&cfg);
	ok(cfg.interfaces && cfg.interfaces->mtu == 1400 &&
	   cfg.interfaces->masklen == 24 && cfg.interfaces->next &&
	   cfg.interfaces->next->offload == 0x8000 && cfg.debug == 1 &&
	   cfg.keep_going == 1, "its values");
	ok(!strcmp(cfg.boot_cmdline, "a\t\303\274\360\237\230\200"),
	   "escapes in texts");
	setenv(PREFIX "NET_MTU", "1300", 1);
	setenv(PREFIX "DEBUG", "0", 1);
	ok(!lkl_load_config_env(&cfg) && cfg.interfaces->mtu == 1300 &&
	   !cfg.debug && cfg.keep_going == 1, "the environment wins");
	ok(!lkl_load_config_json(&cfg, "{\"interfaces\": [{\"type\": \"tap\","
				 " \"param\": \"tap1\", \"mtu\": 20}]}") &&
	   cfg.interfaces->mtu == 1300 && !strcmp(cfg.interfaces->param,
						  "tap1") &&
	   !cfg.interfaces->next && !cfg.keep_going,
	   "whichever is read first");
	lkl_unload_config(&cfg);
	clearenv();
	bad_json("", "JSON:1:1: not JSON: expected a value: text in quotes, "
		 "a number, true, {...}");
	bad_json("[]", "JSON:1:1: expected an object, {...}");
	bad_json("{} {}", "JSON:1:4: not JSON: expected the end of the file");
	bad_json("{\n\"debug\" 1}", "JSON:2:9: not JSON: expected a colon");
	bad_json("{\"debug\": 01}", "JSON:1:12: not JSON: expected a comma "
		 "or }");
	bad_json("{\"debug\": 1.}", "JSON:1:13: not JSON: expected a digit");
	bad_json("{\"mount\": \"a\nb\"}", "JSON:1:13: not JSON: expected the "
		 "end of this text, \"");
	bad_json("{\"mount\": \"\\u0000\"}", "JSON:1:14: not JSON: expected "
		 "four hexadecimal digits, not 0000");
	bad_json("{\"mount\": \"\\ud800x\"}", "JSON:1:14: not JSON: expected "
		 "both halves of a character");
	bad_json("{\"mount\": \"\\q\"}", "JSON:1:12: not JSON: expected an "
		 "escape of JSON, such as \\n");
	bad_json("{ /* }", "JSON:1:3: not JSON: expected an end of this "
		 "comment, */");
	bad_json("{\"mount\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"
		 "]]]]]]]]]]]]]]]]}", "JSON:1:43: not JSON: expected at most "
		 "32 levels of brackets");
	bad_json("{\"mount\": [\"proc\"]}", "JSON:1:11: mount: expected text "
		 "or a number");
	bad_json("{\"mout\": \"proc\"}", "JSON:1:2: mout: no such setting; "
		 "did you mean mount?");
}

int main(void)
{
	test_json();
	test_interfaces();
	test_addresses();
	test_gateways();
	test_links();
	test_lists();
	test_masks();
	test_process();
	test_values();
	test_slirp();
	test_net_tap();
	test_printing();
	test_long_values();
	return tap_done();
}
