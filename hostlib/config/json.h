/* SPDX-License-Identifier: GPL-2.0 */
/*
 * json.h - Texts in JSON, with comments
 */
#ifndef HOSTLIB_CONFIG_JSON_H
#define HOSTLIB_CONFIG_JSON_H

enum json_kind {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/**
 * struct json - A value
 * @kind:	what it is
 * @at:		where it is in the text
 * @text:	what a string means; how a number is written
 * @key_at:	of a member of an object: where its name is in the text
 * @key:	of a member of an object: its name
 * @first:	first entry or member
 * @next:	next one of the same array or object
 */
struct json {
	enum json_kind kind;
	const char *at;
	char *text;
	const char *key_at;
	char *key;
	struct json *first;
	struct json *next;
};

struct json *json_parse(const char *text, const char **bad_at,
			const char **expected);
void json_free(struct json *value);

#endif /* HOSTLIB_CONFIG_JSON_H */
