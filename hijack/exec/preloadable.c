// SPDX-License-Identifier: GPL-2.0
/*
 * preloadable.c - Does LD_PRELOAD work with a program?
 *
 * If not, it would run on the host's network without a word, unless its system
 * calls are trapped. The same as bin/launcher/preloadable.ts.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "preloadable.h"
#include "raw.h"

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
 * Not with libc's functions: a vfork() child of a hijacked program, whose
 * descriptors are not those that our table knows, comes here too.
 *
 * Return: bytes, or a negative errno
 */
static long read_head(const char *path, char head[HEAD + 1])
{
	long fd = RAW(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	long len = fd < 0 ? fd : RAW(SYS_read, fd, head, HEAD);

	if (fd >= 0)
		RAW(SYS_close, fd);
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

/* The type of the note "Go" that Go's linker leaves; see debug/buildinfo. */
#define GO_BUILD_ID 4

/**
 * is_go() - Is there the note of a Go program?
 * @notes:	contents of a PT_NOTE segment
 * @len:	bytes there
 */
static bool is_go(const char *notes, size_t len)
{
	ElfW(Nhdr) n;

	for (size_t at = 0; at < len && len - at >= sizeof(n) + sizeof("Go");
	     at += sizeof(n) + ((n.n_namesz + 3UL) & ~3UL) +
		   ((n.n_descsz + 3UL) & ~3UL)) {
		memcpy(&n, notes + at, sizeof(n));
		if (n.n_type == GO_BUILD_ID &&
		    !memcmp(notes + at + sizeof(n), "Go", sizeof("Go")))
			return true;
	}
	return false;
}

/**
 * way_of_elf() - Is it an ELF file that our ld.so loads?
 * @head:	its beginning
 * @len:	bytes there
 * @why:	receives what is the matter
 *
 * Return: START_*, -ENOEXEC
 */
static int way_of_elf(const char *head, size_t len, const char **why)
{
	ElfW(Ehdr) ehdr;
	ElfW(Phdr) phdr;
	int way = START_TRAP;
	const char *name;
	size_t at;

	*why = "is no ELF file and has no #! line";
	if (len < sizeof(ehdr) || memcmp(head, ELFMAG, SELFMAG))
		return -ENOEXEC;
	memcpy(&ehdr, head, sizeof(ehdr));
	*why = "is for another architecture";
	if (ehdr.e_ident[EI_CLASS] != ELFCLASS64 || ehdr.e_machine != MACHINE)
		return -ENOEXEC;
	*why = "is linked statically";
	for (int i = 0; i < ehdr.e_phnum; i++) {
		at = ehdr.e_phoff + i * sizeof(phdr);
		if (at + sizeof(phdr) > len)
			break;
		memcpy(&phdr, head + at, sizeof(phdr));
		if (phdr.p_type == PT_NOTE && phdr.p_offset < len &&
		    phdr.p_filesz <= len - phdr.p_offset &&
		    is_go(head + phdr.p_offset, phdr.p_filesz)) {
			*why = "is a Go program, which makes system calls without libc";
			return START_TRAP;
		}
		if (phdr.p_type != PT_INTERP)
			continue;
		*why = "is loaded by another libc's ld.so";
		if (phdr.p_offset >= len)
			break;
		name = strrchr(head + phdr.p_offset, '/');
		if (name && !strncmp(name, "/ld-linux", 9))
			way = START_PRELOAD;
	}
	return way;
}

/**
 * way_of_head() - How can what has no #! line be started?
 * @path:	its name
 * @head:	its beginning
 * @len:	bytes there
 * @copied:	receives: a copy of it is to be run. NULL: it must not be one
 * @why:	receives what is the matter
 *
 * Return: START_*, or a negative errno
 */
static int way_of_head(const char *path, const char *head, size_t len,
		       bool *copied, const char **why)
{
	*why = gained_rights(path);
	if (*why && !copied)
		return -EACCES;
	if (copied)
		*copied = *why;
	*why = "would run with other effective than real ids";
	if (getuid() != geteuid() || getgid() != getegid())
		return -EACCES;
	return way_of_elf(head, len, why);
}

/**
 * start_way() - Find out how a program can be started on our network
 * @path:	its name
 * @copied:	receives: it gains rights if it is executed as it is, which turns
 *		LD_PRELOAD off; a copy does not. NULL: it must not
 * @why:	receives why LD_PRELOAD does not work with it, completes "PATH: "
 *
 * Return: START_PRELOAD; START_TRAP; a negative errno if neither can be done
 */
int start_way(const char *path, bool *copied, const char **why)
{
	char head[HEAD + 1], interpreter[HEAD];
	size_t name;
	long len;

	for (int i = 0; i < SCRIPTS; i++) {
		len = read_head(path, head);
		if (len < 0) {
			*why = len == -EACCES && gained_rights(path) ?
			       NO_COPY : strerror(-len);
			return len;
		}
		if (strncmp(head, "#!", 2))
			return way_of_head(path, head, len, i ? NULL : copied,
					   why);
		path = head + 2 + strspn(head + 2, " \t");
		name = strcspn(path, " \t\n");
		memcpy(interpreter, path, name);
		interpreter[name] = '\0';
		path = interpreter;
	}
	*why = "has too many interpreters of interpreters";
	return -ELOOP;
}
