// SPDX-License-Identifier: GPL-2.0
/*
 * trapped.c - System calls without libc: none may get around LKL
 *
 * The instruction itself is used, so that this is as good a static program as
 * any. To be run with its own path as argument.
 */
#include <asm/prctl.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <xmmintrin.h>

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
	ok(fd >= 0 && RAW(SYS_timerfd_gettime, fd, &(struct itimerspec){ 0 }) ==
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

static sigjmp_buf no_int80;

static void on_no_int80(int sig)
{
	siglongjmp(no_int80, sig);
}

/*
 * A call of 32-bit programs: EAX is the number, EBX the first argument. For a
 * Linux that has none the instruction is a fault: ENOSYS.
 */
static long int80(long nr, long b, long c, long d)
{
	long ret;

	if (sigsetjmp(no_int80, 1)) {
		signal(SIGSEGV, SIG_DFL);
		return -ENOSYS;
	}
	signal(SIGSEGV, on_no_int80);
	__asm__ volatile("int $0x80" : "=a"(ret)
			 : "a"(nr), "b"(b), "c"(c), "d"(d)
			 : "memory", "r8", "r9", "r10", "r11");
	signal(SIGSEGV, SIG_DFL);
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

static volatile int came;
static stack_t in_handler;

static void on_signal(int sig)
{
	sigaltstack(NULL, &in_handler);
	came = sig;
}

/* Has a register the number that means "once more" between us and Linux? */
static void any_register(void)
{
	const struct itimerval soon = { .it_value.tv_usec = 20000 };
	long rax = -512, end = 0;

	came = 0;
	signal(SIGALRM, on_signal);
	must(!setitimer(ITIMER_REAL, &soon, NULL));
	__asm__ volatile("1: cmpl $0, %2\n\t"
			 "je 1b\n\t"
			 "mov $1, %1"
			 : "+a"(rax), "+r"(end) : "m"(came));
	ok(rax == -512 && end == 1, "a signal leaves the registers as they are");
}

/* Signals of faults, that were sent, and are never blocked in the trap. */
static void sent_faults(void)
{
	static const int sigs[] = {
		SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS,
	};

	for (size_t i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++) {
		int fds[2], status, pid;
		char byte;

		came = 0;
		signal(sigs[i], on_signal);
		raise(sigs[i]);
		ok(came == sigs[i], "signal %d that was sent has its handler",
		   sigs[i]);
		signal(sigs[i], SIG_DFL);
		must(!pipe(fds));
		pid = fork();
		if (!pid) {
			RAW(SYS_write, fds[1], "", 1);
			for (;;)
				pause();
		}
		must(read(fds[0], &byte, 1) == 1);
		usleep(20000);
		must(!kill(pid, sigs[i]));
		ok(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
		   WTERMSIG(status) == sigs[i], "and ends who waits");
		close(fds[0]);
		close(fds[1]);
	}
}

static void *control_of(void *csr)
{
	*(unsigned int *)csr = _mm_getcsr();
	return NULL;
}

/* How to round and what to do with denormals. */
static void floating_point(void)
{
	unsigned int was = _mm_getcsr(), of_thread = 0, want = was | 0x8040;
	pthread_t thread;
	int pid, status;

	_mm_setcsr(want);
	must(!pthread_create(&thread, NULL, control_of, &of_thread));
	must(!pthread_join(thread, NULL));
	ok(of_thread == want, "a thread computes as the one that made it");
	pid = vfork();
	if (!pid)
		_exit(_mm_getcsr() != want);
	ok(waitpid(pid, &status, 0) == pid && !status,
	   "and a child of vfork() does");
	_mm_setcsr(was);
}

static void disarmed_stack(void)
{
	static char memory[65536];
	stack_t stack = {
		.ss_sp = memory, .ss_size = sizeof(memory),
		.ss_flags = (int)(1U << 31),	/* SS_AUTODISARM */
	};
	struct sigaction act = { .sa_handler = on_signal,
				 .sa_flags = SA_ONSTACK };

	ok(!sigaltstack(&stack, NULL), "SS_AUTODISARM is known");
	sigaction(SIGUSR1, &act, NULL);
	in_handler.ss_flags = 0;
	raise(SIGUSR1);
	ok(in_handler.ss_flags == SS_DISABLE,
	   "in the handler there is no alternate stack");
	sigaltstack(NULL, &in_handler);
	ok(in_handler.ss_sp == memory && in_handler.ss_flags == stack.ss_flags,
	   "and behind it there is");
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, NULL);
}

static siginfo_t filtered_call;

static void on_filtered(int sig, siginfo_t *info, void *uc)
{
	(void)sig;
	(void)uc;
	filtered_call = *info;
}

/* A filter of the program's own; for the rest of its life, so in a child. */
static void filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdir, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
	struct sigaction act = { .sa_sigaction = on_filtered,
				 .sa_flags = SA_SIGINFO };
	int pid = fork(), status;

	if (!pid) {
		sigaction(SIGSYS, &act, NULL);
		must(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
		must(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
		RAW(SYS_mkdir, "/", 0);
		_exit(filtered_call.si_code != 1 /* SYS_SECCOMP */ ||
		      filtered_call.si_syscall != SYS_mkdir);
	}
	ok(waitpid(pid, &status, 0) == pid && !status,
	   "a filter of its own tells it of a call");
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
	any_register();
	floating_point();
	disarmed_stack();
	sent_faults();
	filter();
	return tap_done();
}
