// SPDX-License-Identifier: GPL-2.0
/*
 * dns_conf.c - Which name servers to ask, and how
 *
 * From the setting "nameserver"; else from the host's /etc/resolv.conf, with
 * what libc's variables RES_OPTIONS and LOCALDOMAIN change. A
 * server on the host's loopback (systemd-resolved and the like) cannot be
 * reached from the LKL network; a user-mode network has one of its own, which
 * is taken instead.
 */
#include "dns.h"
#include "start.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLIRP_DNS "10.0.2.3"

/**
 * dns_add_server() - Add a name server
 * @conf:	configuration
 * @text:	its address; anything else is ignored
 */
void dns_add_server(struct dns_conf *conf, const char *text)
{
	struct sockaddr_in6 *in6 = &conf->server[conf->servers];
	struct sockaddr_in *in = (void *)in6;
	struct dns_addr addr;

	if (conf->servers == DNS_SERVERS || !dns_parse_addr(text, &addr))
		return;
	memset(in6, 0, sizeof(*in6));
	in6->sin6_family = addr.family;
	in6->sin6_port = htons(53);
	if (addr.family == AF_INET) {
		memcpy(&in->sin_addr, addr.bytes, 4);
	} else {
		memcpy(&in6->sin6_addr, addr.bytes, 16);
		in6->sin6_scope_id = addr.scope;
	}
	conf->servers++;
}

/** on_loopback() - Return: true if this is an address of the host's loopback */
static bool on_loopback(const char *text)
{
	return !strncmp(text, "127.", 4) || !strcmp(text, "::1");
}

/**
 * read_option() - Take one word of an "options" line
 * @conf:	configuration
 * @word:	the word
 */
static void read_option(struct dns_conf *conf, const char *word)
{
	int n;

	if (sscanf(word, "ndots:%d", &n) == 1 && n >= 0)
		conf->ndots = n < 15 ? n : 15;
	else if (sscanf(word, "timeout:%d", &n) == 1 && n > 0)
		conf->timeout = (n < 30 ? n : 30) * 1000;
	else if (sscanf(word, "attempts:%d", &n) == 1 && n > 0)
		conf->attempts = n < 5 ? n : 5;
	else if (!strcmp(word, "use-vc"))
		conf->use_tcp = true;
	else if (!strcmp(word, "no-aaaa"))
		conf->no_aaaa = true;
}

#define SPACE " \t\r\n"

/**
 * add_search() - Add a search domain
 * @conf:	configuration
 * @word:	the domain; the root is none
 */
static void add_search(struct dns_conf *conf, const char *word)
{
	if (conf->searches < DNS_SEARCH && strlen(word) < DNS_NAME &&
	    strcmp(word, "."))
		strcpy(conf->search[conf->searches++], word);
}

/**
 * read_line() - Take one line of resolv.conf
 * @conf:	configuration
 * @line:	the line, is cut into words
 */
static void read_line(struct dns_conf *conf, char *line)
{
	char *save, *key, *word;
	bool search;

	line[strcspn(line, "#;")] = '\0';
	key = strtok_r(line, SPACE, &save);
	if (!key)
		return;
	search = !strcmp(key, "search") || !strcmp(key, "domain");
	if (search)
		conf->searches = 0;
	while ((word = strtok_r(NULL, SPACE, &save))) {
		if (!strcmp(key, "nameserver")) {
			if (!on_loopback(word) || !setting_has_slirp())
				dns_add_server(conf, word);
		} else if (!strcmp(key, "options")) {
			read_option(conf, word);
		} else if (search) {
			add_search(conf, word);
		}
	}
}

/**
 * own_domain() - Without a "search" line, the domain of this host is searched
 * @conf:	configuration
 */
static void own_domain(struct dns_conf *conf)
{
	char name[DNS_NAME] = "", *dot;

	conf->searches = 0;
	gethostname(name, sizeof(name) - 1);
	dot = strchr(name, '.');
	if (dot && dot[1])
		add_search(conf, dot + 1);
}

/**
 * read_variable() - Take an environment variable that adds to resolv.conf
 * @conf:	configuration
 * @name:	of the variable
 * @key:	what its words are in the file
 */
static void read_variable(struct dns_conf *conf, const char *name,
			  const char *key)
{
	const char *value = secure_getenv(name);
	char *line;

	if (!value || asprintf(&line, "%s %s", key, value) < 0)
		return;
	read_line(conf, line);
	free(line);
}

/**
 * dns_conf_read() - Find out how to ask
 * @conf:	receives it; has at least one server
 */
void dns_conf_read(struct dns_conf *conf)
{
	char list[256], *line = NULL, *save, *word;
	struct dns_conf file;
	size_t size = 0;
	FILE *f;

	memset(conf, 0, sizeof(*conf));
	conf->ndots = 1;
	conf->searches = -1;
	conf->timeout = 5000;
	conf->attempts = 2;
	snprintf(list, sizeof(list), "%s", setting_nameserver());
	for (word = strtok_r(list, ", ;", &save); word;
	     word = strtok_r(NULL, ", ;", &save))
		dns_add_server(conf, word);
	file = *conf;
	file.servers = 0;
	f = fopen("/etc/resolv.conf", "re");
	if (f) {
		while (getline(&line, &size, f) > 0)
			read_line(&file, line);
		free(line);
		fclose(f);
	}
	if (conf->servers) {
		memcpy(file.server, conf->server, sizeof(file.server));
		file.servers = conf->servers;
	}
	*conf = file;
	if (conf->searches < 0)
		own_domain(conf);
	read_variable(conf, "LOCALDOMAIN", "search");
	read_variable(conf, "RES_OPTIONS", "options");
	if (!conf->servers)
		dns_add_server(conf, setting_has_slirp() ? SLIRP_DNS :
							   "127.0.0.1");
}
