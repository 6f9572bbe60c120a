// SPDX-License-Identifier: GPL-2.0
/*
 * addr.c - Settings that are addresses
 */
#include <arpa/inet.h>
#include <string.h>

#include "config/config.h"

static const unsigned char zero[16];

/** addr_len() - Return: bytes of an address of Linux's family @family */
static size_t addr_len(int family)
{
	return family == FAMILY_INET ? 4 : 16;
}

/**
 * addr_parse() - Read an address
 * @text:	text
 * @family:	FAMILY_INET, FAMILY_INET6, or 0 for either
 * @addr:	receives it
 *
 * Return: false if it is not the address of one host
 */
bool addr_parse(const char *text, int family, struct lkl_config_addr *addr)
{
	struct lkl_config_addr a = { 0 };

	if (family != FAMILY_INET6 && inet_pton(AF_INET, text, a.bytes) == 1)
		a.family = FAMILY_INET;
	else if (family != FAMILY_INET &&
		 inet_pton(AF_INET6, text, a.bytes) == 1)
		a.family = FAMILY_INET6;
	else
		return false;
	/* 224.0.0.0/4 is multicast, 240.0.0.0/4 ends with broadcast. */
	if (a.bytes[0] >= (a.family == FAMILY_INET ? 0xe0 : 0xff) ||
	    !memcmp(a.bytes, zero, addr_len(a.family)))
		return false;
	*addr = a;
	return true;
}

/**
 * addr_format() - Write an address
 * @addr:	address
 *
 * Return: text, malloc()ed; NULL if it is not set
 */
char *addr_format(const struct lkl_config_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	if (!addr->family)
		return NULL;
	inet_ntop(addr->family == FAMILY_INET ? AF_INET : AF_INET6,
		  addr->bytes, text, sizeof(text));
	return text_format("%s", text);
}

/** addr_is_linklocal() - Return: true for an address of fe80::/10 */
bool addr_is_linklocal(const struct lkl_config_addr *addr)
{
	return addr->family == FAMILY_INET6 && addr->bytes[0] == 0xfe &&
	       (addr->bytes[1] & 0xc0) == 0x80;
}

/**
 * addr_in_net() - Is an address in a network?
 * @addr:	address
 * @net:	any address of the network
 * @len:	prefix length of the network
 *
 * Return: true if so
 */
bool addr_in_net(const struct lkl_config_addr *addr,
		 const struct lkl_config_addr *net, unsigned int len)
{
	unsigned int bytes = len / 8, bits = len % 8;
	unsigned char mask = 0xff00 >> bits;

	if (addr->family != net->family || len > 8 * addr_len(net->family) ||
	    memcmp(addr->bytes, net->bytes, bytes))
		return false;
	return !bits || !((addr->bytes[bytes] ^ net->bytes[bytes]) & mask);
}

static void parse_addr4(struct lkl_config *cfg, const struct setting *s,
			const char *value, void *field)
{
	if (!addr_parse(value, FAMILY_INET, field))
		config_error(cfg, s->name, value, "expected %s", s->expected);
}

static void parse_addr6(struct lkl_config *cfg, const struct setting *s,
			const char *value, void *field)
{
	if (!addr_parse(value, FAMILY_INET6, field))
		config_error(cfg, s->name, value, "expected %s", s->expected);
}

static char *format_addr(const struct setting *s, const void *field)
{
	(void)s;
	return addr_format(field);
}

const struct setting_type type_addr4 = { parse_addr4, format_addr };
const struct setting_type type_addr6 = { parse_addr6, format_addr };

/** hex_digit() - Return: value of @c, -1 if it is no hexadecimal digit */
static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/**
 * mac_parse() - Read a link address
 * @text:	"aa:bb:cc:dd:ee:ff"
 * @mac:	receives it
 *
 * Return: NULL, or what is wrong with it
 */
const char *mac_parse(const char *text, unsigned char mac[6])
{
	unsigned char m[6];
	int high, low;

	for (int i = 0; i < 6; i++, text += 3) {
		high = hex_digit(text[0]);
		low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0 || text[2] != (i < 5 ? ':' : '\0'))
			return "is not of the form aa:bb:cc:dd:ee:ff";
		m[i] = high << 4 | low;
	}
	if (m[0] & 1)
		return "is a multicast address (its first byte is odd)";
	if (!memcmp(m, zero, sizeof(m)))
		return "is all zero";
	memcpy(mac, m, sizeof(m));
	return NULL;
}

static void parse_mac(struct lkl_config *cfg, const struct setting *s,
		      const char *value, void *field)
{
	const char *why = mac_parse(value, field);

	if (why)
		config_error(cfg, s->name, value, "%s; expected a unicast "
			     "address, such as 02:00:00:00:00:01", why);
}

static char *format_mac(const struct setting *s, const void *field)
{
	const unsigned char *m = field;

	(void)s;
	if (!memcmp(m, zero, 6))
		return NULL;
	return text_format("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2],
			   m[3], m[4], m[5]);
}

const struct setting_type type_mac = { parse_mac, format_mac };
