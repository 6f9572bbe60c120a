// SPDX-License-Identifier: GPL-2.0
/*
 * json.c - Read JSON: comments and a last comma are allowed, nothing else is
 *
 * Our own reader, since it becomes part of every hijacked program: a library
 * would come with it, and clash with the program's own copy of another version.
 * None of those of Debian tells where in the text a value was.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/json.h"

/* Settings need three levels; a limit keeps the stack small. */
#define MAX_DEPTH 32

/**
 * struct parser - How far a text has been read
 * @at:		next letter
 * @depth:	arrays and objects around it
 * @expected:	what should have been at @at, NULL: all is well so far
 */
struct parser {
	const char *at;
	int depth;
	const char *expected;
};

static bool parse_value(struct parser *p, struct json *value);

/** fail() - Record what should have been here; return: false */
static bool fail(struct parser *p, const char *expected)
{
	if (!p->expected)
		p->expected = expected;
	return false;
}

/** skip() - Go on to what is neither blank nor comment */
static bool skip(struct parser *p)
{
	const char *end;

	for (;;) {
		p->at += strspn(p->at, " \t\r\n");
		if (!strncmp(p->at, "//", 2)) {
			p->at += strcspn(p->at, "\n");
		} else if (!strncmp(p->at, "/*", 2)) {
			end = strstr(p->at + 2, "*/");
			if (!end)
				return fail(p, "an end of this comment, */");
			p->at = end + 2;
		} else {
			return true;
		}
	}
}

/** take() - Return: true if the next letter is @letter, which is skipped */
static bool take(struct parser *p, char letter)
{
	if (!skip(p) || *p->at != letter)
		return false;
	p->at++;
	return true;
}

/** hex4() - Return: number of four hexadecimal digits, -1 for others */
static int hex4(const char *at)
{
	char digits[5];

	snprintf(digits, sizeof(digits), "%.4s", at);
	if (strspn(digits, "0123456789abcdefABCDEF") != 4)
		return -1;
	return strtol(digits, NULL, 16);
}

/** put_utf8() - Append a character; return: what follows it */
static char *put_utf8(char *to, unsigned int c)
{
	if (c < 0x80) {
		*to++ = c;
		return to;
	}
	if (c < 0x800) {
		*to++ = 0xc0 | c >> 6;
	} else if (c < 0x10000) {
		*to++ = 0xe0 | c >> 12;
		*to++ = 0x80 | (c >> 6 & 0x3f);
	} else {
		*to++ = 0xf0 | c >> 18;
		*to++ = 0x80 | (c >> 12 & 0x3f);
		*to++ = 0x80 | (c >> 6 & 0x3f);
	}
	*to++ = 0x80 | (c & 0x3f);
	return to;
}

/**
 * parse_unicode() - Read the digits of "\uXXXX", and of its second half
 * @p:		parser, behind the u
 * @to:		receives the character, moved behind it
 *
 * Return: false if it is wrong, or the end of a text
 */
static bool parse_unicode(struct parser *p, char **to)
{
	int c = hex4(p->at), low;

	if (c <= 0)
		return fail(p, "four hexadecimal digits, not 0000");
	if (c >= 0xd800 && c < 0xe000) {
		low = strncmp(p->at + 4, "\\u", 2) ? -1 : hex4(p->at + 6);
		if (c >= 0xdc00 || low < 0xdc00 || low >= 0xe000)
			return fail(p, "both halves of a character");
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		p->at += 6;
	}
	p->at += 4;
	*to = put_utf8(*to, c);
	return true;
}

/**
 * parse_string() - Read a string
 * @p:		parser, at the quote
 * @text:	receives what it means, malloc()ed
 *
 * Return: false if it is wrong
 */
static bool parse_string(struct parser *p, char **text)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *end = p->at + 1, *name;
	char *to;

	while (*end && *end != '"')
		end += *end == '\\' && end[1] ? 2 : 1;
	/* What is meant is never longer than how it is written. */
	to = *text = calloc(1, end - p->at);
	if (!to)
		return fail(p, "more memory");
	for (p->at++; *p->at != '"';) {
		if ((unsigned char)*p->at < ' ')
			return fail(p, "the end of this text, \"");
		if (*p->at != '\\') {
			*to++ = *p->at++;
			continue;
		}
		name = p->at[1] ? strchr(names, p->at[1]) : NULL;
		if (!name && p->at[1] != 'u')
			return fail(p, "an escape of JSON, such as \\n");
		p->at += 2;
		if (name)
			*to++ = meant[name - names];
		else if (!parse_unicode(p, &to))
			return false;
	}
	p->at++;
	return true;
}

/** digits() - Skip digits; return: false if there are none */
static bool digits(struct parser *p)
{
	size_t n = strspn(p->at, "0123456789");

	p->at += n;
	return n || fail(p, "a digit");
}

static bool parse_number(struct parser *p, struct json *value)
{
	p->at += *p->at == '-';
	if (*p->at == '0')
		p->at++;
	else if (!digits(p))
		return false;
	if (*p->at == '.' && (p->at++, !digits(p)))
		return false;
	if (*p->at == 'e' || *p->at == 'E') {
		p->at++;
		p->at += *p->at == '-' || *p->at == '+';
		if (!digits(p))
			return false;
	}
	value->text = strndup(value->at, p->at - value->at);
	return value->text || fail(p, "more memory");
}

/** parse_key() - Read the name of a member and the colon behind it */
static bool parse_key(struct parser *p, struct json *member)
{
	member->key_at = p->at;
	if (*p->at != '"')
		return fail(p, "a key in quotes");
	return parse_string(p, &member->key) &&
	       (take(p, ':') || fail(p, "a colon"));
}

/**
 * parse_members() - Read the entries of an array, or the members of an object
 * @p:		parser, behind the bracket
 * @value:	array or object
 *
 * Return: false if they are wrong
 */
static bool parse_members(struct parser *p, struct json *value)
{
	bool object = value->kind == JSON_OBJECT;
	struct json **end = &value->first;
	char close = object ? '}' : ']';

	if (p->depth++ == MAX_DEPTH)
		return fail(p, "at most 32 levels of brackets");
	while (!take(p, close)) {
		if (value->first && !(take(p, ',') || p->expected))
			return fail(p, object ? "a comma or }" :
						"a comma or ]");
		if (value->first && take(p, close))
			break;
		*end = p->expected ? NULL : calloc(1, sizeof(**end));
		if (!*end)
			return fail(p, "more memory");
		if (object && !parse_key(p, *end))
			return false;
		if (!parse_value(p, *end))
			return false;
		end = &(*end)->next;
	}
	p->depth--;
	return true;
}

/** parse_word() - Read true, false or null */
static bool parse_word(struct parser *p, struct json *value)
{
	static const char *const words[] = {
		[JSON_NULL] = "null", [JSON_FALSE] = "false",
		[JSON_TRUE] = "true",
	};
	size_t len = strspn(p->at, "abcdefghijklmnopqrstuvwxyz");

	for (int kind = JSON_NULL; kind <= JSON_TRUE; kind++)
		if (len == strlen(words[kind]) &&
		    !strncmp(p->at, words[kind], len)) {
			value->kind = kind;
			p->at += len;
			return true;
		}
	return fail(p, "a value: text in quotes, a number, true, {...}");
}

static bool parse_value(struct parser *p, struct json *value)
{
	if (!skip(p))
		return false;
	value->at = p->at;
	if (*p->at == '"') {
		value->kind = JSON_STRING;
		return parse_string(p, &value->text);
	}
	if (*p->at == '-' || (*p->at >= '0' && *p->at <= '9')) {
		value->kind = JSON_NUMBER;
		return parse_number(p, value);
	}
	if (*p->at == '{' || *p->at == '[') {
		value->kind = *p->at++ == '{' ? JSON_OBJECT : JSON_ARRAY;
		return parse_members(p, value);
	}
	return parse_word(p, value);
}

/**
 * json_parse() - Read a text that is one value
 * @text:	text; must stay as long as the result
 * @bad_at:	receives where it is wrong
 * @expected:	receives what was expected there
 *
 * Return: the value, for json_free(); NULL: the text is wrong
 */
struct json *json_parse(const char *text, const char **bad_at,
			const char **expected)
{
	struct parser p = { .at = text };
	struct json *value = calloc(1, sizeof(*value));

	if (value && parse_value(&p, value) && skip(&p) && !*p.at)
		return value;
	fail(&p, value ? "the end of the file" : "more memory");
	json_free(value);
	*bad_at = p.at;
	*expected = p.expected;
	return NULL;
}

/**
 * json_free() - Free a value and all that follow it
 * @value:	value, or NULL
 */
void json_free(struct json *value)
{
	struct json *next;

	for (; value; value = next) {
		next = value->next;
		json_free(value->first);
		free(value->text);
		free(value->key);
		free(value);
	}
}
