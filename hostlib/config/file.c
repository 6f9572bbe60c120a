// SPDX-License-Identifier: GPL-2.0
/*
 * file.c - Read the settings from a JSON file
 *
 * What config/read-file.ts does for the launcher: the same files are good, and
 * the messages about others the same, but for those about JSON itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/json.h"
#include "posix/raw.h"

/* What a text that is no file is called in messages. */
#define NO_FILE "JSON"

/* No file of settings is longer. */
#define MAX_SIZE (1 << 20)

/* Longest "interfaces[NN]", with its end. */
#define WHERE_ROOM 32

/**
 * struct reader - A file that is read
 * @cfg:	settings
 * @content:	what it contains
 * @complete:	false: memory was short
 */
struct reader {
	struct lkl_config *cfg;
	const char *content;
	bool complete;
};

/**
 * struct section - An object whose keys are settings
 * @where:	its own key
 * @index:	of the interface that it is, or that keys here belong to
 * @top:	is it the object around all others?
 */
struct section {
	char where[WHERE_ROOM];
	int index;
	bool top;
};

/**
 * label() - Name a key and its place
 * @r:		reader
 * @at:		the place
 * @key:	the key, "" for none
 *
 * Return: "file:line:column: key", malloc()ed; NULL if memory is short
 */
static char *label(const struct reader *r, const char *at, const char *key)
{
	int line = 1, column = 1;

	for (const char *c = r->content; c < at; c++) {
		/* Bytes within a character of UTF-8 are no columns. */
		column += (*c & 0xc0) != 0x80;
		if (*c == '\n') {
			line++;
			column = 1;
		}
	}
	return text_format("%s:%d:%d%s%s", r->cfg->file, line, column,
			   *key ? ": " : "", key);
}

/**
 * refuse() - Record what is wrong
 * @r:		reader
 * @at:		where
 * @key:	key it is about
 * @value:	its value; NULL: there is none
 * @problem:	what is wrong, malloc()ed
 */
static void refuse(struct reader *r, const char *at, const char *key,
		   const char *value, char *problem)
{
	char *name = label(r, at, key);

	if (!name || !given_problem(r->cfg, SOURCE_FILE, name, value, problem))
		r->complete = false;
	if (!name)
		free(problem);
	free(name);
}

/** text_of() - Return: the text of a value, NULL if it cannot be a setting's */
static const char *text_of(const struct json *value)
{
	switch (value->kind) {
	case JSON_STRING:
	case JSON_NUMBER:
		return value->text;
	case JSON_TRUE:
		return "1";
	case JSON_FALSE:
		return "0";
	default:
		return NULL;
	}
}

/**
 * read_value() - Read the value of a setting
 * @r:		reader
 * @s:		the setting
 * @index:	of its interface
 * @key:	its key in messages
 * @value:	value
 */
static void read_value(struct reader *r, const struct setting *s, int index,
		       const char *key, const struct json *value)
{
	const struct given *earlier = given_in(r->cfg, SOURCE_FILE, s, index);
	const char *text = text_of(value);
	char *name;

	if (!text) {
		refuse(r, value->at, key, NULL,
		       strdup("expected text or a number"));
	} else if (earlier) {
		refuse(r, value->at, key, text,
		       text_format("given before, at %s", earlier->label));
	} else {
		name = label(r, value->at, key);
		if (!name ||
		    !given_add(r->cfg, SOURCE_FILE, s, index, name, text))
			r->complete = false;
		free(name);
	}
}

/** is_here() - Return: true if a section can have a setting */
static bool is_here(const struct setting *s, const struct section *section)
{
	return s->json && (section->top != s->iface ||
			   (section->top && s->at_top));
}

/** unknown() - Return: what is wrong with a key that is none */
static char *unknown(const char *key, const struct section *section)
{
	struct guess guess = guess_begin(key, 0);

	for (size_t i = 0; i < settings_count; i++)
		if (is_here(&settings[i], section))
			guess_try(&guess, settings[i].json);
	if (section->top)
		guess_try(&guess, "interfaces");
	return guess_problem(&guess);
}

static void read_object(struct reader *r, const struct json *object,
			const struct section *section);

/** read_interfaces() - Read the list of interfaces */
static void read_interfaces(struct reader *r, const struct json *list)
{
	struct section section = { .index = 0 };
	const struct json *entry;

	if (list->kind != JSON_ARRAY) {
		refuse(r, list->at, "interfaces", NULL,
		       strdup("expected a list of objects, [{...}]"));
		return;
	}
	for (entry = list->first; entry; entry = entry->next, section.index++) {
		snprintf(section.where, WHERE_ROOM, "interfaces[%d]",
			 section.index);
		if (section.index == MAX_INTERFACES) {
			refuse(r, entry->at, section.where, NULL,
			       text_format("more than %d interfaces",
					   MAX_INTERFACES));
			return;
		}
		read_object(r, entry, &section);
	}
}

/** read_member() - Read a key and its value */
static void read_member(struct reader *r, const struct json *member,
			const struct section *section)
{
	const struct setting *s = settings, *end = settings + settings_count;
	char *key;

	if (section->top && !strcmp(member->key, "interfaces")) {
		read_interfaces(r, member);
		return;
	}
	/* What editors are fond of. */
	if (section->top && !strcmp(member->key, "$schema"))
		return;
	key = text_format("%s%s%s", section->where, section->top ? "" : ".",
			  member->key);
	if (!key) {
		r->complete = false;
		return;
	}
	while (s < end &&
	       (!is_here(s, section) || strcmp(s->json, member->key)))
		s++;
	if (s < end)
		read_value(r, s, section->index, key, member);
	else
		refuse(r, member->key_at, key, NULL,
		       unknown(member->key, section));
	free(key);
}

/** read_object() - Read an object whose keys are settings */
static void read_object(struct reader *r, const struct json *object,
			const struct section *section)
{
	const struct json *member;

	if (object->kind != JSON_OBJECT)
		refuse(r, object->at, section->where, NULL,
		       strdup("expected an object, {...}"));
	else
		for (member = object->first; member; member = member->next)
			read_member(r, member, section);
}

/**
 * read_text() - Read settings from a text
 * @cfg:	settings
 * @name:	what it is called in messages
 * @content:	text
 *
 * Return: false if memory is short
 */
static bool read_text(struct lkl_config *cfg, const char *name,
		      const char *content)
{
	const struct section top = { .top = true };
	struct reader r = { cfg, content, true };
	const char *bad_at, *expected;
	struct json *root;

	given_clear(cfg, SOURCE_FILE);
	free(cfg->file);
	cfg->file = strdup(name);
	if (!cfg->file)
		return false;
	root = json_parse(content, &bad_at, &expected);
	if (root)
		read_object(&r, root, &top);
	else
		refuse(&r, bad_at, "", NULL,
		       text_format("not JSON: expected %s", expected));
	json_free(root);
	return r.complete;
}

/**
 * load() - Load a file
 * @path:	its name
 * @err:	receives a positive errno
 *
 * Return: what it contains, malloc()ed; NULL: see @err
 */
static char *load(const char *path, int *err)
{
	long fd = RAW(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	char *content = malloc(MAX_SIZE + 1);
	size_t len = 0;
	long n = 1;

	while (fd >= 0 && content && n > 0 && len <= MAX_SIZE) {
		n = RAW(SYS_read, fd, content + len, MAX_SIZE + 1 - len);
		len += n > 0 ? n : 0;
		n = n == -EINTR ? 1 : n;
	}
	*err = fd < 0 ? -fd : !content ? ENOMEM : n < 0 ? -n :
	       len > MAX_SIZE ? EFBIG : memchr(content, '\0', len) ? EILSEQ : 0;
	if (fd >= 0)
		RAW(SYS_close, fd);
	if (*err) {
		free(content);
		return NULL;
	}
	content[len] = '\0';
	return content;
}

/**
 * config_read_file() - Read settings from a file
 * @cfg:	settings
 * @path:	name of the file
 * @complete:	receives false if memory was short
 *
 * Return: NULL; what is wrong if the file cannot be read, malloc()ed
 */
char *config_read_file(struct lkl_config *cfg, const char *path, bool *complete)
{
	int err;
	char *content = load(path, &err);

	if (!content)
		return text_format("cannot be read: %s", strerror(err));
	*complete = read_text(cfg, path, content);
	free(content);
	return NULL;
}

int lkl_load_config_json(struct lkl_config *cfg, const char *json)
{
	return given_resolve(cfg, read_text(cfg, NO_FILE, json));
}
