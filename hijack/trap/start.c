// SPDX-License-Identifier: GPL-2.0
/*
 * start.c - Start a program whose system calls are trapped
 *
 * What Linux does in execve(), once our libraries are there and the kernel has
 * booted. The program gets the stack of the process; this function's frame is
 * above its own, and is what the first thread ends through.
 */
#include "environment.h"
#include "trap.h"

#include <ctype.h>
#include <elf.h>
#include <limits.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/prctl.h>

#define NOT_EXECUTABLE	126
#define HWCAP2_FSGSBASE_ 2
#define AUXV_MOST	64
#define SCRIPTS		5

/* UC_SIGCONTEXT_SS and UC_STRICT_RESTORE_SS: SS is the one given. */
#define SS_IS_GIVEN	6
#define USER_SEGMENTS	0x002b000000000033L	/* SS, and CS lowest */

int trap_has_fsgsbase;

int lkl_hijack_trap(char **argv);

/* End with the reason why a program is not started. */
static __attribute__((noreturn)) void refuse(const char *path, const char *why)
{
	char text[PATH_MAX + 256];
	int n = snprintf(text, sizeof(text),
			 "lkl-hijack: %s: %s\n", path, why);

	RAW(SYS_write, STDERR_FILENO, text, n);
	_exit(NOT_EXECUTABLE);
}

/**
 * open_program() - Open a program, or the interpreter of a script
 * @argv:	path and arguments; those of the interpreter afterwards
 * @path:	receives the name of the file opened
 *
 * Return: descriptor
 */
static int open_program(char ***argv, const char **path)
{
	char head[4096], *end, *word[2];
	size_t args, words;
	char **old, **new;
	ssize_t len;
	int fd;

	for (int depth = 0; depth < SCRIPTS; depth++) {
		fd = open(*path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			refuse(*path, strerror(errno));
		len = pread(fd, head, sizeof(head) - 1, 0);
		if (len < 2 || strncmp(head, "#!", 2))
			return fd;
		close(fd);
		head[len] = '\0';
		head[strcspn(head, "\n")] = '\0';
		for (end = head + strlen(head); isspace(end[-1]); end--)
			end[-1] = '\0';
		word[0] = head + 2 + strspn(head + 2, " \t");
		word[1] = word[0] + strcspn(word[0], " \t");
		words = *word[1] ? 2 : 1;
		if (words == 2) {
			*word[1]++ = '\0';
			word[1] += strspn(word[1], " \t");
		}
		old = *argv;
		for (args = 0; old[args]; args++)
			;
		new = calloc(words + args + 2, sizeof(*new));
		if (!new)
			refuse(*path, strerror(ENOMEM));
		for (size_t i = 0; i < words; i++)
			new[i] = strdup(word[i]);
		new[words] = (char *)*path;
		for (size_t i = 1; i < args; i++)
			new[words + i] = old[i];
		*argv = new;
		*path = new[0];
	}
	refuse(*path, strerror(ELOOP));
}

/**
 * fill_auxv() - Make the auxiliary vector
 * @auxv:	receives it, AUXV_MOST entries
 * @path:	of the program
 * @image:	the program
 * @base:	of its ld.so, 0 if it has none
 */
static void fill_auxv(ElfW(auxv_t) *auxv, const char *path,
		      const struct trap_image *image, unsigned long base)
{
	int fd = open("/proc/self/auxv", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, auxv,
					 (AUXV_MOST - 1) * sizeof(*auxv));

	if (len < (ssize_t)sizeof(*auxv))
		refuse("/proc/self/auxv", "cannot be read");
	close(fd);
	auxv[len / sizeof(*auxv)].a_type = AT_NULL;
	for (; auxv->a_type != AT_NULL; auxv++) {
		switch (auxv->a_type) {
		case AT_PHDR:
			auxv->a_un.a_val = image->phdr;
			break;
		case AT_PHNUM:
			auxv->a_un.a_val = image->phnum;
			break;
		case AT_ENTRY:
			auxv->a_un.a_val = image->entry;
			break;
		case AT_BASE:
			auxv->a_un.a_val = base;
			break;
		case AT_EXECFN:
			auxv->a_un.a_val = (unsigned long)path;
			break;
		}
	}
}

/**
 * run() - Enter the program
 * @argv:	arguments
 * @entry:	first instruction
 * @auxv:	auxiliary vector
 *
 * Returns when the first thread has ended and others go on.
 */
static __attribute__((noinline)) void run(char **argv, unsigned long entry,
					  const ElfW(auxv_t) *auxv)
{
	static struct trap_thread self = { .is_main = true };
	struct trap_context uc = { 0 };
	unsigned long all = SIG_BLOCKED;
	size_t args = 0, vars = 0;
	void *traps;
	long *at;

	while (argv[args])
		args++;
	while (environ[vars])
		vars++;

	long stack[args + vars + 3 + AUXV_MOST * 2]
		__attribute__((aligned(16)));

	at = stack;
	*at++ = args;
	at = mempcpy(at, argv, (args + 1) * sizeof(*at));
	at = mempcpy(at, environ, (vars + 1) * sizeof(*at));
	memcpy(at, auxv, AUXV_MOST * sizeof(*auxv));

	traps = mmap(NULL, TRAP_STACK, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (traps == MAP_FAILED)
		refuse(argv[0], strerror(ENOMEM));
	trap_thread_init(&self, &uc, traps, TRAP_STACK);
	uc.flags = SS_IS_GIVEN;
	uc.regs[REG_RIP] = entry;
	uc.regs[REG_RSP] = (long)stack;
	uc.regs[REG_EFL] = 0x202;
	uc.regs[REG_CSGSFS] = USER_SEGMENTS;
	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &all, &uc.mask,
	    KERNEL_SIGSET);
	uc.mask &= ~SIG_BIT(SIGSYS);
	trap_signals_init();
	trap_take_host_calls();
	if (trap_arm())
		refuse(argv[0], "its system calls cannot be trapped: this "
				"Linux has no syscall user dispatch (5.11)");
	if (!sigsetjmp(self.end, 0))
		trap_enter(&uc, &self);
	trap_thread_ended(&self);
}

/**
 * lkl_hijack_trap() - Start a program whose system calls are trapped
 * @argv:	its path, its name and its arguments
 *
 * Called by the loader, bin/lkl-hijack-trap. Does not return.
 *
 * Return: never
 */
EXPORT int lkl_hijack_trap(char **argv)
{
	ElfW(auxv_t) auxv[AUXV_MOST] = { 0 };
	struct trap_image image, ld = { 0 };
	const char *path = argv[0], *name;
	char own[64], *file;
	int fd;

	argv++;
	trap_has_fsgsbase = !!(getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE_);
	if (trap_range_init() || trap_brk_init())
		refuse(path, "its system calls cannot be trapped: no memory, "
			     "or no /proc");
	fd = open_program(&argv, &path);
	snprintf(own, sizeof(own), "/proc/self/fd/%d", fd);
	file = realpath(own, NULL);
	trap_self_init(file ? file : path);
	if (trap_image_load(fd, &image))
		refuse(path, "cannot be loaded as a program of this machine");
	close(fd);
	if (*image.interp) {
		/* It loads libraries of its own: not ours as well. */
		forget_preload();
		fd = open(image.interp, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || trap_image_load(fd, &ld))
			refuse(image.interp, "cannot be loaded");
		close(fd);
	}
	trap_self_arguments(argv);
	name = strrchr(path, '/');
	prctl(PR_SET_NAME, name ? name + 1 : path);
	fill_auxv(auxv, path, &image, ld.bias);
	run(argv, ld.entry ? ld.entry : image.entry, auxv);
	pthread_exit(NULL);
}
