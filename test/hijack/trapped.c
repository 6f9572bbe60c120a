// SPDX-License-Identifier: GPL-2.0
/*
 * trapped.c - System calls without libc: none may get around LKL
 *
 * The instruction itself is used, so that this is as good a static program as
 * any. To be run with its own path as argument.
 */
#include <asm/prctl.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "net.h"
#include "raw.h"

/* The LKL kernel of a program without settings has lo, and nothing else. */
static void which_kernel(void)
{
	char text[4096];
	int fd = RAW(SYS_open, "/proc/net/dev", O_RDONLY);
	int n = RAW(SYS_read, fd, text, sizeof(text) - 1);

	must(n > 0);
	text[n] = '\0';
	ok(strstr(text, " lo:"), "/proc/net/dev is LKL's");
	RAW(SYS_close, fd);
}

static void tcp(void)
{
	struct sockaddr_in sa;
	int listener = net_listen(&sa), fd, peer;
	char text[8] = "";

	fd = RAW(SYS_socket, AF_INET, SOCK_STREAM, 0);
	ok(fd >= 0 && RAW(SYS_fadvise64, fd, 0, 0, POSIX_FADV_NORMAL) ==
	   -EBADF, "a socket is no descriptor of the host");
	ok(!RAW(SYS_connect, fd, &sa, sizeof(sa)), "connects");
	peer = RAW(SYS_accept4, listener, NULL, NULL, 0);
	ok(RAW(SYS_write, peer, "abc", 3) == 3 &&
	   RAW(SYS_read, fd, text, sizeof(text)) == 3 && !strcmp(text, "abc"),
	   "and carries data");
	RAW(SYS_close, listener);
	RAW(SYS_close, peer);
	RAW(SYS_close, fd);
}

/* A call of 32-bit programs: EAX is the number, EBX the first argument. */
static long int80(long nr, long b, long c, long d)
{
	long ret;

	__asm__ volatile("int $0x80" : "=a"(ret)
			 : "a"(nr), "b"(b), "c"(c), "d"(d)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
}

static void ways_around(void)
{
	char params[128] = "";

	ok(int80(359, AF_INET, SOCK_STREAM, 0) == -ENOSYS,
	   "no socket() of 32-bit programs");
	ok(RAW(SYS_socket | 0x40000000, AF_INET, SOCK_STREAM, 0) == -ENOSYS,
	   "nor of x32");
	ok(RAW(SYS_io_uring_setup, 8, params) == -ENOSYS, "no io_uring");
	ok(RAW(SYS_prctl, 59, 0, 0, 0, 0) == -EINVAL,
	   "the trap cannot be turned off");
	ok(RAW(SYS_arch_prctl, ARCH_SET_GS, 4096) == -EPERM,
	   "nor confused by the GS base");
	ok(RAW(SYS_clone, 0x100 /* CLONE_VM */, 0, 0, 0, 0) == -EINVAL,
	   "nor left by a process that shares the memory");
}

static void bad_pointers(void)
{
	struct pollfd *nowhere = (void *)16;
	int fd = RAW(SYS_socket, AF_INET, SOCK_DGRAM, 0);

	ok(RAW(SYS_poll, nowhere, 1, 0) == -EFAULT &&
	   RAW(SYS_open, nowhere, O_RDONLY) == -EFAULT &&
	   RAW(SYS_rt_sigaction, SIGUSR1, nowhere, NULL, 8) == -EFAULT &&
	   RAW(SYS_sendmsg, 0, nowhere, 0) == -EFAULT &&
	   RAW(SYS_getsockname, fd, nowhere, nowhere) == -EFAULT,
	   "bad pointers give EFAULT");
	RAW(SYS_close, fd);
}

/* Code that was made while the program ran is trapped as well. */
static void made_code(void)
{
	static const unsigned char code[] = { 0x0f, 0x05, 0xc3 };
	unsigned char *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long ret;

	must(at != MAP_FAILED);
	memcpy(at, code, sizeof(code));
	__asm__ volatile("call *%1" : "=a"(ret)
			 : "r"(at), "a"(SYS_io_uring_setup), "D"(8), "S"(at)
			 : "rcx", "r11", "memory");
	ok(ret == -ENOSYS, "code that was made meanwhile is trapped");
}

static void process(const char *path)
{
	char text[4096];
	long n = RAW(SYS_readlink, "/proc/self/exe", text, sizeof(text) - 1);
	uintptr_t brk = RAW(SYS_brk, 0), more = brk + 100000;

	text[n > 0 ? n : 0] = '\0';
	ok(!strcmp(text, path), "/proc/self/exe is the program");
	ok((uintptr_t)RAW(SYS_brk, more) == more, "the break moves");
	memset((void *)brk, 1, 100000);
	ok((uintptr_t)RAW(SYS_brk, brk) == brk, "and back");
	must((uintptr_t)RAW(SYS_brk, more) == more);
	ok(!((char *)more)[-1], "and gives fresh memory then");
}

int main(int argc, char **argv)
{
	must(argc == 2);
	which_kernel();
	tcp();
	ways_around();
	made_code();
	bad_pointers();
	process(argv[1]);
	return tap_done();
}
