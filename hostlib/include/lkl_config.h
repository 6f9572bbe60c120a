/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_config.h - Settings: from LKL_HIJACK_* to a configured kernel
 *
 * Call in this order: lkl_load_config_json() or lkl_load_config_env() or both,
 * lkl_load_config_pre(), lkl_start_kernel() with @boot_cmdline,
 * lkl_load_config_post(). Each of them returns the number of errors found;
 * lkl_config_print_errors() tells them. At the end lkl_config_dump() and lkl_unload_config().
 */
#ifndef LKL_CONFIG_H
#define LKL_CONFIG_H

#include "lkl_net.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bits of struct lkl_config.debug. */
#define LKL_DEBUG_LOG		0x001	/* log to stderr */
#define LKL_DEBUG_HOLD_EXIT	0x100	/* wait for Enter after the program */
#define LKL_DEBUG_HOLD_START	0x200	/* wait for Enter before the program */

/* Values of struct lkl_config.on_fork. */
#define LKL_ON_FORK_SHARED	0	/* a child uses its parent's kernel */
#define LKL_ON_FORK_CLOSED	1	/* it has none */
#define LKL_ON_FORK_FRESH	2	/* it boots one when it needs one */

/* Values of struct lkl_config.mode. */
#define LKL_MODE_AUTO		0	/* as the program needs it */
#define LKL_MODE_PRELOAD	1	/* by LD_PRELOAD */
#define LKL_MODE_TRAP		2	/* at the instruction */

/**
 * struct lkl_config_addr - An address of either family
 * @family:	LKL_AF_INET (2) or LKL_AF_INET6 (10); 0: not set
 * @bytes:	the address, 4 or 16 bytes, network order
 */
struct lkl_config_addr {
	int family;
	unsigned char bytes[16];
};

/**
 * struct lkl_config_iface - Settings of an interface
 * @next:	next interface
 * @index:	0 for the one of NET_*, 1 for that of NET1_*, and so on
 * @type:	backend: "tap", "slirp", ...
 * @param:	what the backend is made of
 * @ip:		IPv4 address
 * @masklen:	its prefix length, 0: not set
 * @ipv6:	IPv6 address
 * @masklen6:	its prefix length, 0: not set
 * @ifgateway:	gateway for packets from @ip
 * @ifgateway6:	gateway for packets from @ipv6
 * @mac:	link address, all zero: not set
 * @mtu:	largest packet in bytes, 0: not set
 * @offload:	LKL_NETDEV_* bits
 * @neigh:	"address|mac;..."
 * @qdisc:	"root|kind;..."
 * @nd:		its backend, after lkl_load_config_pre()
 * @id:		of its device, likewise
 * @ifindex:	in the kernel, after lkl_load_config_post()
 */
struct lkl_config_iface {
	struct lkl_config_iface *next;
	int index;
	char *type;
	char *param;
	struct lkl_config_addr ip;
	unsigned int masklen;
	struct lkl_config_addr ipv6;
	unsigned int masklen6;
	struct lkl_config_addr ifgateway;
	struct lkl_config_addr ifgateway6;
	unsigned char mac[6];
	unsigned int mtu;
	unsigned int offload;
	char *neigh;
	char *qdisc;
	struct lkl_netdev *nd;
	int id;
	int ifindex;
};

/**
 * struct lkl_config_error - Something that is wrong
 * @next:	next one
 * @text:	one line, without its end: "NAME=value: what is expected"
 */
struct lkl_config_error {
	struct lkl_config_error *next;
	char *text;
};

struct pcapng;
struct given;

/**
 * struct lkl_config - All settings; to be zeroed before the first use
 * @interfaces:	interfaces, NULL: none but lo
 * @gateway:	default route
 * @gateway6:	IPv6 default route
 * @debug:	LKL_DEBUG_* bits
 * @single_cpu:	1: pin the kernel to one host CPU, with every thread that
 *		calls it; 2: the threads of the backends as well
 * @sysctl:	"name=value;..."
 * @boot_cmdline: kernel command line; complete after lkl_load_config_pre()
 * @mount:	file systems to mount inside the kernel: "proc,sysfs"
 * @dump:	files inside the kernel to print at the end: "name,name"
 * @delay_main:	microseconds to wait before main()
 * @pcap:	file that all frames are written to
 * @pcap_snaplen: bytes of a frame that are written there, 0: 2048
 * @pcap_file:	that file, after lkl_load_config_pre()
 * @nameserver:	name servers of the program: "address,address"
 * @on_fork:	LKL_ON_FORK_*: the network of a child of fork()
 * @no_follow_exec: not 0: programs that the program executes stay on the host
 * @linger:	milliseconds that the end waits for what is still to be delivered
 * @mode:	LKL_MODE_*: how the calls of programs are caught
 * @keep_going:	not 0: report what fails after the boot, but go on
 * @given:	texts that the settings were made from
 * @file:	name of the file that was read; NULL: none
 * @errors:	what is wrong
 * @error_count: number of errors; more than are listed if memory was short
 */
struct lkl_config {
	struct lkl_config_iface *interfaces;
	struct lkl_config_addr gateway;
	struct lkl_config_addr gateway6;
	unsigned int debug;
	unsigned int single_cpu;
	char *sysctl;
	char *boot_cmdline;
	char *mount;
	char *dump;
	unsigned int delay_main;
	char *pcap;
	unsigned int pcap_snaplen;
	struct pcapng *pcap_file;
	char *nameserver;
	unsigned int on_fork;
	unsigned int no_follow_exec;
	unsigned int linger;
	unsigned int mode;
	unsigned int keep_going;
	struct given *given;
	char *file;
	struct lkl_config_error *errors;
	int error_count;
};

/**
 * lkl_load_config_json() - Read and check settings in JSON
 * @cfg:	zeroed, or with settings of lkl_load_config_env(), which win
 * @json:	what a settings file contains, see docs/settings.md
 *
 * Settings of an earlier text are forgotten.
 *
 * Return: number of errors; each tells line and column
 */
LKL_API int lkl_load_config_json(struct lkl_config *cfg, const char *json);

/**
 * lkl_load_config_env() - Read and check all LKL_HIJACK_* variables
 * @cfg:	zeroed, or with settings of lkl_load_config_json(), which lose
 *
 * LKL_HIJACK_CONFIG_FILE names a file to read as lkl_load_config_json() would;
 * its name becomes absolute in the environment.
 *
 * The obsolete LKL_HIJACK_NET_TAP is told about on stderr and replaced in the
 * environment by what it stands for.
 *
 * Return: number of errors
 */
LKL_API int lkl_load_config_env(struct lkl_config *cfg);

/**
 * lkl_load_config_list() - The same from a list
 * @cfg:	zeroed; receives the settings
 * @vars:	"NAME=value" texts, NULL at the end; NULL: the environment
 *
 * Return: number of errors
 */
LKL_API int lkl_load_config_list(struct lkl_config *cfg, char *const *vars);

/**
 * lkl_load_config_pre() - Do what comes before the boot
 * @cfg:	checked settings
 *
 * Makes the backends of the interfaces and completes the command line. To be
 * called in the thread that boots.
 *
 * Return: number of errors
 */
LKL_API int lkl_load_config_pre(struct lkl_config *cfg);

/**
 * lkl_load_config_post() - Configure the kernel that runs
 * @cfg:	settings that lkl_load_config_pre() was called with
 *
 * Everything is tried; with @keep_going the errors are printed here, on
 * stderr, and do not count.
 *
 * Return: number of errors
 */
LKL_API int lkl_load_config_post(struct lkl_config *cfg);

/**
 * lkl_config_print_errors() - Print what is wrong, one line each
 * @cfg:	settings
 * @fd:		host descriptor
 */
LKL_API void lkl_config_print_errors(const struct lkl_config *cfg, int fd);

/**
 * lkl_config_has_type() - Is there an interface of a type?
 * @cfg:	settings
 * @type:	"slirp" and so on
 *
 * Return: 1 if there is, else 0
 */
LKL_API int lkl_config_has_type(const struct lkl_config *cfg, const char *type);

/* As many interfaces can be set up at once. */
#define LKL_SETUP_INTERFACES	16

/**
 * struct lkl_setup - What came of settings
 * @count:	number of interfaces
 * @interfaces:	for lkl_setup_remove(), and their indices in the kernel
 * @errors:	what is wrong, one line each
 */
struct lkl_setup {
	long count;
	struct {
		struct lkl_netdev *nd;
		int id;
		int ifindex;
	} interfaces[LKL_SETUP_INTERFACES];
	char errors[8192];
};

/**
 * lkl_setup() - Put settings into force: boot with them, or add to what runs
 * @vars:	settings as of lkl_load_config_list(), one after the other, each
 *		terminated, and an empty one
 * @setup:	receives what came of them
 *
 * When there are errors the interfaces are removed again; a kernel that was
 * booted runs.
 *
 * Return: number of errors, or a negative errno if the kernel does not boot
 */
LKL_API int lkl_setup(const char *vars, struct lkl_setup *setup);

/** lkl_setup_remove() - Remove the interface of backend @nd, device @id */
LKL_API int lkl_setup_remove(struct lkl_netdev *nd, int id);

/** lkl_show_config() - Print the settings that are not default on stderr */
LKL_API void lkl_show_config(const struct lkl_config *cfg);

/**
 * lkl_config_dump() - Print the files of the setting "dump"
 * @cfg:	settings; the kernel runs
 * @fd:		host descriptor; failures are printed there too
 */
LKL_API void lkl_config_dump(const struct lkl_config *cfg, int fd);

/**
 * lkl_config_finish() - Let the interfaces deliver what they have taken
 * @cfg:	settings; nothing will be sent any more
 * @ms:	how long each may take, in milliseconds
 */
LKL_API void lkl_config_finish(const struct lkl_config *cfg, unsigned int ms);

/**
 * lkl_config_flush() - Write what is still to be written to the file @pcap
 * @cfg:	settings; the process is about to end
 */
LKL_API void lkl_config_flush(const struct lkl_config *cfg);

/**
 * lkl_unload_config() - Free what settings own and zero them
 * @cfg:	settings
 *
 * Backends that were given to the kernel stay.
 */
LKL_API void lkl_unload_config(struct lkl_config *cfg);

#ifdef __cplusplus
}
#endif

#endif /* LKL_CONFIG_H */
