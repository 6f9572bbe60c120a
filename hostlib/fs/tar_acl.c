// SPDX-License-Identifier: GPL-2.0
/* tar_acl.c - POSIX ACLs, from the kernel's form to that of an archive */
#include <string.h>

#include <archive_entry.h>

#include "fs/fs.h"

#define ACCESS	"system.posix_acl_access"
#define DEFAULT	"system.posix_acl_default"

/* The value is a version and entries, little endian. */
#define VERSION	2

struct acl_entry {
	unsigned short tag;
	unsigned short perm;
	unsigned int id;
};

/* Tags of the kernel's entries, and of those of archives. */
static const struct {
	unsigned short kernel;
	int archive;
} tags[] = {
	{ 0x01, ARCHIVE_ENTRY_ACL_USER_OBJ },
	{ 0x02, ARCHIVE_ENTRY_ACL_USER },
	{ 0x04, ARCHIVE_ENTRY_ACL_GROUP_OBJ },
	{ 0x08, ARCHIVE_ENTRY_ACL_GROUP },
	{ 0x10, ARCHIVE_ENTRY_ACL_MASK },
	{ 0x20, ARCHIVE_ENTRY_ACL_OTHER },
};

static int archive_tag(unsigned short tag)
{
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (tags[i].kernel == tag)
			return tags[i].archive;
	return 0;
}

static const char *name_of(const struct acl_entry *a, int tag,
			   struct users *users)
{
	if (tag == ARCHIVE_ENTRY_ACL_USER)
		return user_name(users, a->id);
	if (tag == ARCHIVE_ENTRY_ACL_GROUP)
		return group_name(users, a->id);
	return NULL;
}

/**
 * tar_acl() - Add an extended attribute to an entry as an ACL
 * @e:		entry of an archive
 * @x:		attribute
 * @users:	names to use, may be NULL
 *
 * Return: 1 if it was an ACL, 0 if it is another attribute, -LKL_EINVAL if it
 * is not as it should be
 */
int tar_acl(struct archive_entry *e, const struct xattr *x,
	    struct users *users)
{
	int type = !strcmp(x->name, ACCESS) ? ARCHIVE_ENTRY_ACL_TYPE_ACCESS :
		   !strcmp(x->name, DEFAULT) ? ARCHIVE_ENTRY_ACL_TYPE_DEFAULT :
		   0;
	const char *p = (const char *)x->value + 4;
	const char *end = (const char *)x->value + x->size;
	struct acl_entry a;
	unsigned int version;
	int tag;

	if (!type)
		return 0;
	if (x->size < 4 || (x->size - 4) % sizeof(a))
		return -LKL_EINVAL;
	memcpy(&version, x->value, sizeof(version));
	if (version != VERSION)
		return -LKL_EINVAL;
	for (; p < end; p += sizeof(a)) {
		memcpy(&a, p, sizeof(a));
		tag = archive_tag(a.tag);
		if (!tag)
			return -LKL_EINVAL;
		archive_entry_acl_add_entry(e, type, a.perm, tag, a.id,
					    name_of(&a, tag, users));
	}
	return 1;
}
