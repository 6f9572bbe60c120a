// SPDX-License-Identifier: GPL-2.0
/*
 * preloadable.c - Does LD_PRELOAD work with a program?
 *
 * If not, it would run on the host's network without a word. The same as
 * bin/launcher/preloadable.ts.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "preloadable.h"

/* Without the second bit it means mandatory locking. */
#define SETGID 02010

/* Linux follows so many #! lines. */
#define SCRIPTS 5
#define HEAD 4096

#define NO_COPY \
	"gains rights, and may not be copied (have root do it: install -m 755)"

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
#endif

/**
 * read_head() - Read the beginning of a file
 * @path:	its name
 * @head:	receives it, with a NUL behind
 *
 * Return: bytes, or -1: see errno
 */
static ssize_t read_head(const char *path, char head[HEAD + 1])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, head, HEAD);

	if (fd >= 0)
		close(fd);
	head[len < 0 ? 0 : len] = '\0';
	return len;
}

/**
 * gained_rights() - Would the kernel give the program other rights than ours?
 * @path:	its name
 *
 * That turns LD_PRELOAD off.
 *
 * Return: what is the matter; NULL if nothing is
 */
static const char *gained_rights(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return strerror(errno);
	if (st.st_mode & S_ISUID && st.st_uid != getuid())
		return "is setuid";
	if ((st.st_mode & SETGID) == SETGID && st.st_gid != getgid())
		return "is setgid";
	if (getuid() && getxattr(path, "security.capability", NULL, 0) > 0)
		return "has file capabilities";
	return NULL;
}

/**
 * elf_problem() - Is it an ELF file that our ld.so loads?
 * @head:	its beginning
 * @len:	bytes there
 *
 * Return: what is the matter; NULL if nothing is
 */
static const char *elf_problem(const char *head, size_t len)
{
	ElfW(Ehdr) ehdr;
	ElfW(Phdr) phdr;
	size_t at;

	if (len < sizeof(ehdr) || memcmp(head, ELFMAG, SELFMAG))
		return "is no ELF file and has no #! line";
	memcpy(&ehdr, head, sizeof(ehdr));
	if (ehdr.e_ident[EI_CLASS] != ELFCLASS64 || ehdr.e_machine != MACHINE)
		return "is for another architecture";
	for (int i = 0; i < ehdr.e_phnum; i++) {
		at = ehdr.e_phoff + i * sizeof(phdr);
		if (at + sizeof(phdr) > len)
			break;
		memcpy(&phdr, head + at, sizeof(phdr));
		if (phdr.p_type == PT_INTERP)
			return NULL;
	}
	return "is linked statically";
}

/**
 * head_problem() - Does LD_PRELOAD work with what has no #! line?
 * @path:	its name
 * @head:	its beginning
 * @len:	bytes there
 * @copied:	receives: a copy of it is to be run. NULL: it must not be one
 *
 * Return: what is the matter; NULL if nothing is
 */
static const char *head_problem(const char *path, const char *head, size_t len,
				bool *copied)
{
	const char *why = gained_rights(path);

	if (why && !copied)
		return why;
	if (copied)
		*copied = why;
	if (getuid() != geteuid() || getgid() != getegid())
		return "would run with other effective than real ids";
	return elf_problem(head, len);
}

/**
 * preload_problem() - Find out why LD_PRELOAD does not work with a program
 * @path:	its name
 * @copied:	receives: it gains rights if it is executed as it is, which turns
 *		LD_PRELOAD off; a copy does not
 *
 * Return: what is the matter, completes "PATH: "; NULL if nothing is
 */
const char *preload_problem(const char *path, bool *copied)
{
	char head[HEAD + 1], interpreter[HEAD];
	ssize_t len;
	size_t name;

	for (int i = 0; i < SCRIPTS; i++) {
		len = read_head(path, head);
		if (len < 0)
			return errno == EACCES && gained_rights(path) ?
			       NO_COPY : strerror(errno);
		if (strncmp(head, "#!", 2))
			return head_problem(path, head, len,
					    i ? NULL : copied);
		path = head + 2 + strspn(head + 2, " \t");
		name = strcspn(path, " \t\n");
		memcpy(interpreter, path, name);
		interpreter[name] = '\0';
		path = interpreter;
	}
	return "has too many interpreters of interpreters";
}
