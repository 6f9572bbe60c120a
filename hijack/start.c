// SPDX-License-Identifier: GPL-2.0
/*
 * start.c - From the settings to a running kernel
 *
 * Theory of operation
 * -------------------
 * The constructor reads and checks all settings. If anything is wrong it
 * prints every error and ends the process with status 78 (EX_CONFIG): a
 * program whose settings we do not understand must not run on the host's
 * network by accident. A kernel that does not boot ends it with 70
 * (EX_SOFTWARE).
 *
 * The launched program's kernel boots in the constructor if an interface is
 * configured, so that it answers pings while the program computes. Otherwise,
 * and in every program that it executes, the kernel boots with the first call
 * that needs it (kernel_need()). The launched program is told from its
 * children by an environment variable that it sets for them.
 *
 *   state     entered by                          left by
 *   IDLE      start                               first kernel_need()
 *   BOOTING   one thread; others wait             end of boot
 *   RUNNING   boot                                fork (in the child)
 *   GONE      child of a fork                     exec
 *
 * In state GONE the kernel is in the parent only: what needs it fails with
 * ENETDOWN, and all the rest of libc works as on the host.
 *
 * Calls that liblkl makes while it boots come through our wrappers; those that
 * would need the kernel are told apart by their caller (host_is_caller()), and
 * what is made by the booting thread itself stays on the host.
 */
#include "exit.h"
#include "fdtab.h"
#include "start.h"

#include <lkl_config.h>

#include <sys/resource.h>
#include <sysexits.h>

/* Tells a program that it was executed by a hijacked one. */
#define CHILD_MARK "LKL_HIJACKED_BY"

enum kernel_state { IDLE, BOOTING, RUNNING, GONE };

static enum kernel_state state;
static pthread_mutex_t boot_lock = PTHREAD_MUTEX_INITIALIZER;
static long booter;		/* thread id of the thread that boots */
static long owner;		/* process id that the table belongs to */
static struct lkl_config config;

static enum kernel_state get_state(void)
{
	return __atomic_load_n(&state, __ATOMIC_ACQUIRE);
}

/**
 * process_is_owner() - Is this the process that the descriptor table is of?
 *
 * Return: false in a vfork() child, which only borrows our memory
 */
bool process_is_owner(void)
{
	return !owner || RAW(SYS_getpid, 0) == owner;
}

/** kernel_is_running() - Return: true if the LKL kernel takes calls */
bool kernel_is_running(void)
{
	return get_state() == RUNNING;
}

/** is_booter() - Return: true in the thread that boots the kernel */
static bool is_booter(void)
{
	return get_state() == BOOTING && RAW(SYS_gettid, 0) == booter;
}

/**
 * kernel_usable() - May the LKL kernel be used, or booted?
 *
 * Return: false in the child of a fork, and for the thread that boots
 */
bool kernel_usable(void)
{
	return get_state() != GONE && !is_booter();
}

/** setting_nameserver() - Return: list of name servers, "" for none */
const char *setting_nameserver(void)
{
	return config.nameserver ? config.nameserver : "";
}

/** dump_files() - Print the files of the kernel that DUMP asks for */
void dump_files(void)
{
	lkl_config_dump(&config, STDERR_FILENO);
}

/** flush_capture() - Write the frames that are still to be written to PCAP */
void flush_capture(void)
{
	lkl_config_flush(&config);
}

/** setting_has_slirp() - Return: true if an interface is a user-mode network */
bool setting_has_slirp(void)
{
	return lkl_config_has_type(&config, "slirp");
}

/**
 * refuse() - Print the errors of the settings and end the process
 */
static __attribute__((noreturn)) void refuse(void)
{
	lkl_config_print_errors(&config, STDERR_FILENO);
	RAW(SYS_exit_group, EX_CONFIG);
	__builtin_unreachable();
}

/**
 * read_settings() - Read and check all settings; ends the process on an error
 */
static void read_settings(void)
{
	if (lkl_load_config_env(&config))
		refuse();
}

/**
 * raise_fd_limit() - Let the LKL kernel give out as many descriptors as we can
 *
 * The limit that counts for the program is the host's.
 */
static void raise_fd_limit(void)
{
	const struct rlimit lim = { FDTAB_SIZE, FDTAB_SIZE };

	LKL(SYS_prlimit64, 0, RLIMIT_NOFILE, &lim, NULL);
}

/**
 * boot() - Boot the kernel with the settings; ends the process on an error
 */
static void boot(void)
{
	int err;

	if (lkl_load_config_pre(&config))
		refuse();
	err = lkl_start_kernel("%s", config.boot_cmdline ?: "");
	if (err) {
		char text[128];
		int n = snprintf(text, sizeof(text),
				 "lkl-hijack: the kernel does not boot: %s\n",
				 lkl_strerror(err));

		RAW(SYS_write, STDERR_FILENO, text, n);
		RAW(SYS_exit_group, EX_SOFTWARE);
	}
	raise_fd_limit();
	if (lkl_load_config_post(&config))
		refuse();
}

/**
 * kernel_need_slow() - Boot the kernel if nobody has
 *
 * Return: 0 or -ENETDOWN (the kernel is gone, or this thread boots it)
 */
static int kernel_need_slow(void)
{
	if (!kernel_usable())
		return -ENETDOWN;
	pthread_mutex_lock(&boot_lock);
	if (get_state() == IDLE) {
		booter = RAW(SYS_gettid, 0);
		__atomic_store_n(&state, BOOTING, __ATOMIC_RELEASE);
		boot();
		__atomic_store_n(&state, RUNNING, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&boot_lock);
	return get_state() == RUNNING ? 0 : -ENETDOWN;
}

/**
 * kernel_need() - Make sure that the LKL kernel runs
 *
 * Return: 0 or -ENETDOWN
 */
int kernel_need(void)
{
	return likely(kernel_is_running()) ? 0 : kernel_need_slow();
}

/* A fork must not happen in the middle of another thread's boot. */
static void before_fork(void)
{
	if (!is_booter())
		pthread_mutex_lock(&boot_lock);
}

static void after_fork_in_parent(void)
{
	if (!is_booter())
		pthread_mutex_unlock(&boot_lock);
}

static void after_fork_in_child(void)
{
	owner = RAW(SYS_getpid, 0);
	if (get_state() == RUNNING)
		__atomic_store_n(&state, GONE, __ATOMIC_RELEASE);
	fdtab_clear_in_child();
	after_fork_in_parent();
}

/** start() - Constructor: before main() */
static __attribute__((constructor)) void start(void)
{
	bool child = getenv(CHILD_MARK) != NULL;

	host_resolve_all();
	owner = RAW(SYS_getpid, 0);
	read_settings();
	if (fdtab_init())
		RAW(SYS_exit_group, EX_OSERR);
	setenv(CHILD_MARK, "1", 1);
	pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
	at_quick_exit(exit_flush);
	if (config.debug & LKL_DEBUG_HOLD_EXIT)
		exit_arm(EXIT_HOLD);
	if (config.dump)
		exit_arm(EXIT_DUMP);
	if (config.pcap)
		exit_arm(EXIT_PCAP);
	if (config.interfaces && !child)
		kernel_need();
	if (config.debug & LKL_DEBUG_HOLD_START && !child)
		ask_for_enter("ready to start the program");
	if (config.delay_main && !child)
		usleep(config.delay_main);
}
