// SPDX-License-Identifier: GPL-2.0
/* users.c - Names of users and groups, from the image's own /etc */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/fs.h"

/* Longer files are read up to here. */
#define FILE_MAX	(1 << 20)

/**
 * struct id - A user or group
 * @id:		number
 * @name:	name
 */
struct id {
	unsigned int id;
	char *name;
};

/**
 * struct ids - All of them
 * @list:	users or groups
 * @count:	their number
 */
struct ids {
	struct id *list;
	size_t count;
};

/**
 * struct users - Names of the users and groups of an image
 * @users:	users
 * @groups:	groups
 */
struct users {
	struct ids users;
	struct ids groups;
};

static void add(struct ids *ids, unsigned int id, const char *name)
{
	struct id *list = reallocarray(ids->list, ids->count + 1,
				       sizeof(*list));

	if (!list)
		return;
	ids->list = list;
	list[ids->count].id = id;
	list[ids->count].name = strdup(name);
	ids->count += !!list[ids->count].name;
}

/**
 * open_text() - Open a file of the image for stdio
 * @fs:		image
 * @path:	its path
 * @text:	receives the contents, to be freed after the stream is closed
 *
 * Return: stream, or NULL
 */
static FILE *open_text(struct lkl_fs *fs, const char *path, char **text)
{
	struct lkl_open_how how = { .flags = LKL_O_RDONLY | LKL_O_CLOEXEC,
				    .resolve = LKL_RESOLVE_IN_ROOT };
	long fd = lkl_sys_openat2(fs->root, path, &how, sizeof(how));
	long len;

	*text = NULL;
	if (fd < 0)
		return NULL;
	*text = malloc(FILE_MAX);
	len = *text ? lkl_sys_read(fd, *text, FILE_MAX) : 0;
	lkl_sys_close(fd);
	return len > 0 ? fmemopen(*text, len, "r") : NULL;
}

/**
 * users_read() - Read the names
 * @fs:	image
 *
 * Return: names, maybe none, or NULL if there is no memory
 */
struct users *users_read(struct lkl_fs *fs)
{
	struct users *u = calloc(1, sizeof(*u));
	struct passwd *pw;
	struct group *gr;
	char *text;
	FILE *file;

	if (!u)
		return NULL;
	file = open_text(fs, "etc/passwd", &text);
	while (file && (pw = fgetpwent(file)))
		add(&u->users, pw->pw_uid, pw->pw_name);
	if (file)
		fclose(file);
	free(text);
	file = open_text(fs, "etc/group", &text);
	while (file && (gr = fgetgrent(file)))
		add(&u->groups, gr->gr_gid, gr->gr_name);
	if (file)
		fclose(file);
	free(text);
	return u;
}

static void free_ids(struct ids *ids)
{
	while (ids->count)
		free(ids->list[--ids->count].name);
	free(ids->list);
}

/** users_free() - Release the names, may be NULL */
void users_free(struct users *users)
{
	if (!users)
		return;
	free_ids(&users->users);
	free_ids(&users->groups);
	free(users);
}

static const char *find(const struct ids *ids, unsigned int id)
{
	for (size_t i = 0; i < ids->count; i++)
		if (ids->list[i].id == id)
			return ids->list[i].name;
	return NULL;
}

/** user_name() - Return: name of a user, or NULL; @users may be NULL */
const char *user_name(struct users *users, unsigned int uid)
{
	return users ? find(&users->users, uid) : NULL;
}

/** group_name() - Return: name of a group, or NULL; @users may be NULL */
const char *group_name(struct users *users, unsigned int gid)
{
	return users ? find(&users->groups, gid) : NULL;
}
