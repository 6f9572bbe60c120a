/* SPDX-License-Identifier: GPL-2.0 */
/*
 * config.h - Inside of the settings reader
 *
 * Theory of operation
 * -------------------
 * table.c lists the settings: name, type, where the value goes. The variables
 * of the first interface have the names of the table, those of further ones
 * a number in it: NET1_MTU to NET15_MTU (setting_variable()). A type
 * (types.c, addr.c, entries.c) knows how to read its text, with an error for
 * everything it does not understand, and how to show the value again. env.c
 * and file.c collect the texts; given.c decides which of them count and has
 * them read. check.c then looks at what the settings mean together;
 * it keeps silent about a setting that is wrong by itself, so one mistake
 * makes one message. pre.c and post.c put checked settings into force.
 *
 * The reader runs before main() of the hijacked program: from here to the boot
 * only memory and string functions of libc are called, and write(2) to print;
 * a file is read with system calls of our own.
 */
#ifndef HOSTLIB_CONFIG_CONFIG_H
#define HOSTLIB_CONFIG_CONFIG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <lkl_config.h>

#define PREFIX "LKL_HIJACK_"
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Interfaces that can be configured. */
#define MAX_INTERFACES 16

/* Longest name of a variable, with its end. */
#define VARIABLE_ROOM 48

/* Linux's address families, whatever the host's are. */
#define FAMILY_INET	2
#define FAMILY_INET6	10

/*
 * What NET_QDISC can set: it has no parameters, so of the kinds that
 * kernel/configs/base.config builds in those that work without.
 */
#define QDISC_KINDS "fq, fq_codel, fq_pie, codel, pie, cake, hhf, sfq, sfb, " \
	"skbprio, drr, qfq, pfifo, bfifo, pfifo_fast, pfifo_head_drop, " \
	"noqueue, plug, blackhole"

struct setting;

/**
 * struct setting_type - A kind of value
 * @parse:	read @value into @field, or record errors; NULL: env.c knows
 * @format:	text of @field, malloc()ed; NULL if it is not set, or as it is
 *		without being set
 */
struct setting_type {
	void (*parse)(struct lkl_config *cfg, const struct setting *s,
		      const char *value, void *field);
	char *(*format)(const struct setting *s, const void *field);
};

/**
 * struct setting_bit - A named bit of a mask
 * @bits:	its value, or those it stands for
 * @name:	name
 */
struct setting_bit {
	unsigned int bits;
	const char *name;
};

/**
 * struct setting - A row of the table
 * @name:	environment variable
 * @json:	key in a file; NULL: not to be set there
 * @at_top:	the key may stand at the top of a file too, for the first
 *		interface
 * @type:	kind of value
 * @offset:	where the value goes in struct lkl_config, or
 * @iface:	in struct lkl_config_iface
 * @min:	of a number
 * @max:	of a number; of a text, its length
 * @standard:	of a number: its value if it is not set
 * @words:	of a choice: what there is; the value is the index
 * @bits:	of a mask, ends with a bit of value 0
 * @separators:	of a list
 * @entry_problem: of a list: what is wrong with this (writable) entry,
 *		malloc()ed; NULL if nothing is
 * @expected:	what is valid, completes "expected "
 */
struct setting {
	const char *name;
	const char *json;
	bool at_top;
	const struct setting_type *type;
	size_t offset;
	bool iface;
	unsigned int min;
	unsigned int max;
	unsigned int standard;
	const char *const *words;
	const struct setting_bit *bits;
	const char *separators;
	char *(*entry_problem)(char *entry);
	const char *expected;
};

extern const struct setting settings[];
extern const size_t settings_count;

extern const struct setting_type type_text;
extern const struct setting_type type_number;
extern const struct setting_type type_choice;
extern const struct setting_type type_bits;
extern const struct setting_type type_list;
extern const struct setting_type type_addr4;
extern const struct setting_type type_addr6;
extern const struct setting_type type_mac;
extern const struct setting_type type_iftype;
extern const struct setting_type type_source;

/* Where settings are given. */
enum source { SOURCE_FILE, SOURCE_ENV };

/**
 * struct given - The text of a setting, or something that is none
 * @next:	next one, in no order
 * @source:	where it is given
 * @setting:	the setting; NULL: it is none
 * @index:	of the interface, for settings of interfaces
 * @label:	names setting and place: the variable, "file:line:column: key"
 * @value:	text; NULL: none, it is no setting
 * @problem:	what is wrong if it is no setting
 */
struct given {
	struct given *next;
	enum source source;
	const struct setting *setting;
	int index;
	char *label;
	char *value;
	char *problem;
};

bool given_add(struct lkl_config *cfg, enum source source,
	       const struct setting *s, int index, const char *label,
	       const char *value);
bool given_problem(struct lkl_config *cfg, enum source source,
		   const char *label, const char *value, char *problem);
const struct given *given_in(const struct lkl_config *cfg, enum source source,
			     const struct setting *s, int index);
const struct given *given_find(const struct lkl_config *cfg,
			       const struct setting *s, int index);
void given_clear(struct lkl_config *cfg, enum source source);
int given_resolve(struct lkl_config *cfg, bool complete);
char *config_read_file(struct lkl_config *cfg, const char *path,
		       bool *complete);

void *setting_field(const struct setting *s, struct lkl_config *cfg,
		    struct lkl_config_iface *iface);
const struct setting *setting_find(const char *name);
void setting_variable(const struct setting *s, int index,
		      char name[VARIABLE_ROOM]);
bool setting_exists(const struct setting *s, int index);
char *setting_value(const struct setting *s, struct lkl_config *cfg,
		    struct lkl_config_iface *iface);
char *setting_shown(struct lkl_config *cfg, struct lkl_config_iface *iface,
		    const char *name);
bool setting_is_bad(const struct lkl_config *cfg,
		    const struct lkl_config_iface *iface, const char *name);
void setting_error(struct lkl_config *cfg, struct lkl_config_iface *iface,
		   const char *name, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void setting_missing(struct lkl_config *cfg, struct lkl_config_iface *iface,
		     const char *name, const char *partner,
		     const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
char *setting_label(const struct lkl_config *cfg,
		    const struct lkl_config_iface *iface, const char *name);
char *setting_spelled(const struct lkl_config *cfg,
		      const struct lkl_config_iface *iface, const char *name,
		      const char *partner);

/* Longest name that a name can be guessed for, with its end. */
#define NAME_ROOM 49

/**
 * struct guess - Which name was meant by one that is none
 * @name:	the one that is none
 * @limit:	slips of the pen that a better guess has at most
 * @meant:	best guess so far, "" for none
 */
struct guess {
	const char *name;
	unsigned int limit;
	char meant[NAME_ROOM];
};

struct guess guess_begin(const char *name, size_t prefix);
void guess_try(struct guess *guess, const char *candidate);
char *guess_problem(const struct guess *guess);

/**
 * struct iftype - A type of interface
 * @name:	value of NET_IFTYPE
 * @expected:	what NET_IFPARAMS has to be
 * @param_ok:	is this NET_IFPARAMS good?
 * @offload:	feature bits the backend can have
 * @mtu:	largest packet it takes
 * @exclusive:	a parameter can be used by one interface only
 * @create:	make the backend
 */
struct iftype {
	const char *name;
	const char *expected;
	bool (*param_ok)(const char *param);
	unsigned int offload;
	unsigned int mtu;
	bool exclusive;
	struct lkl_netdev *(*create)(const char *param, int offload);
};

extern const struct iftype iftypes[];
extern const size_t iftypes_count;

const struct iftype *iftype_find(const char *name);

/**
 * struct neigh - An entry of NET_NEIGHBOR
 * @addr:	address
 * @mac:	link address
 */
struct neigh {
	struct lkl_config_addr addr;
	unsigned char mac[6];
};

char *neigh_parse(char *entry, struct neigh *neigh);
char *neigh_problem(char *entry);
char *qdisc_problem(char *entry);
char *sysctl_problem(char *entry);
char *mount_problem(char *entry);
char *file_problem(char *entry);
char *addr_problem(char *entry);

bool parse_unsigned(const char *text, unsigned long *value);
bool addr_parse(const char *text, int family, struct lkl_config_addr *addr);
char *addr_format(const struct lkl_config_addr *addr);
bool addr_is_linklocal(const struct lkl_config_addr *addr);
bool addr_in_net(const struct lkl_config_addr *addr,
		 const struct lkl_config_addr *net, unsigned int len);
const char *mac_parse(const char *text, unsigned char mac[6]);

char *text_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void config_error(struct lkl_config *cfg, const char *name, const char *value,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void config_verror(struct lkl_config *cfg, const char *name, const char *value,
		   const char *fmt, va_list ap);
bool config_is_bad(const struct lkl_config *cfg, const char *name);
void config_clear_errors(struct lkl_config *cfg);
void config_sort_errors(struct lkl_config *cfg);
void config_clear(struct lkl_config *cfg);
void config_print(int fd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void config_write(int fd, const char *text, size_t len);
void config_out_of_memory(struct lkl_config *cfg);
void config_set_text(struct lkl_config *cfg, char **field, const char *text);

void config_check(struct lkl_config *cfg);
void config_check_together(struct lkl_config *cfg);
int config_mount(const char *type);

#endif /* HOSTLIB_CONFIG_CONFIG_H */
