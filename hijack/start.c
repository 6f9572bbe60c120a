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
 * (EX_SOFTWARE). Not so in the child of a fork, see below.
 *
 * The launched program's kernel boots in the constructor if an interface is
 * configured, so that it answers pings while the program computes. Otherwise,
 * and in programs that it executes, the kernel boots with the first call that
 * needs it (kernel_need()), or before the first child that is to share it
 * (kernel_for_children()), unless they use that of the program before (exec.c).
 * The launched program is told from its children by an environment variable
 * that it sets for them.
 *
 *   state     entered by                          left by
 *   IDLE      start                               first kernel_need()
 *   BOOTING   one thread; others wait             end of boot
 *   RUNNING   boot                                fork (ON_FORK)
 *   GONE      child of a fork, or no boot there   exec
 *
 * The child of a fork is in state RUNNING if its parent is: it uses the parent's
 * kernel, and has its descriptors. With ON_FORK=closed it is in state GONE: what
 * needs the kernel fails with ENETDOWN, and all the rest of libc works as on the
 * host. With ON_FORK=fresh it is in state IDLE. If its kernel does not boot,
 * since the parent uses the tap for one, it says why and is in state GONE.
 *
 * Calls that liblkl makes while it boots come through our wrappers; those that
 * would need the kernel are told apart by their caller (host_is_caller()), and
 * what is made by the booting thread itself stays on the host.
 */
#include "environment.h"
#include "exec.h"
#include "exit.h"
#include "gone.h"
#include "names.h"
#include "start.h"
#include "user.h"

#include <lkl_config.h>

#include <sys/resource.h>
#include <sysexits.h>

enum kernel_state { IDLE, BOOTING, RUNNING, GONE };

static enum kernel_state state;
static pthread_mutex_t boot_lock = PTHREAD_MUTEX_INITIALIZER;
static long booter;		/* thread id of the thread that boots */
static long owner;		/* process id that the table belongs to */
static bool had_kernel;		/* in the process that forked us */
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
 * Return: false in the child of a fork without a fresh one, and for the thread
 * that boots
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

/** setting_mode() - Return: LKL_MODE_*, how programs are started */
unsigned int setting_mode(void)
{
	return config.mode;
}

/** setting_follows_exec() - Return: true if executed programs are hijacked */
bool setting_follows_exec(void)
{
	return !config.no_follow_exec;
}

/** setting_shares_kernel() - Return: true if children of fork use our kernel */
bool setting_shares_kernel(void)
{
	return config.on_fork == LKL_ON_FORK_SHARED;
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

/** setting_linger() - Return: milliseconds to wait for peers at the end */
unsigned int setting_linger(void)
{
	return config.linger;
}

/**
 * finish_interfaces() - Nothing will be sent any more: let the host have all
 * @ms:	how long that may take
 */
void finish_interfaces(unsigned int ms)
{
	lkl_config_finish(&config, ms);
}

/** setting_has_slirp() - Return: true if an interface is a user-mode network */
bool setting_has_slirp(void)
{
	return lkl_config_has_type(&config, "slirp");
}

/**
 * settings_problem() - Print the errors of the settings
 *
 * Return: status to end with
 */
static int settings_problem(void)
{
	lkl_config_print_errors(&config, STDERR_FILENO);
	return EX_CONFIG;
}

/**
 * read_settings() - Read and check all settings; ends the process on an error
 */
static void read_settings(void)
{
	if (lkl_load_config_env(&config))
		RAW(SYS_exit_group, settings_problem());
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
 * prepare() - Do what a boot now, or one in a child of fork, asks for first
 *
 * Return: 0 or a negative errno
 */
static int prepare(void)
{
	if (had_kernel)
		return lkl_fork_renew();
	return config.on_fork == LKL_ON_FORK_FRESH ? lkl_fork_prepare() : 0;
}

/**
 * boot_problem() - Print why the kernel does not boot
 * @err:	negative errno
 */
static void boot_problem(int err)
{
	char text[128];
	int n = snprintf(text, sizeof(text),
			 "lkl-hijack: the kernel does not boot: %s\n",
			 lkl_strerror(err));

	RAW(SYS_write, STDERR_FILENO, text, n);
}

/**
 * boot() - Boot the kernel with the settings
 *
 * Return: 0, or after a message the status to end with, EX_*
 */
static int boot(void)
{
	int err = prepare();

	if (!err && lkl_load_config_pre(&config))
		return settings_problem();
	if (!err)
		err = lkl_start_kernel("%s", config.boot_cmdline ?: "");
	if (err) {
		boot_problem(err);
		return EX_SOFTWARE;
	}
	raise_fd_limit();
	return lkl_load_config_post(&config) ? settings_problem() : 0;
}

/**
 * kernel_need_slow() - Boot the kernel if nobody has
 *
 * Return: 0 or -ENETDOWN (the kernel is gone, or this thread boots it)
 */
static int kernel_need_slow(void)
{
	int status;

	if (!kernel_usable())
		return -ENETDOWN;
	pthread_mutex_lock(&boot_lock);
	if (get_state() == IDLE) {
		booter = RAW(SYS_gettid, 0);
		__atomic_store_n(&state, BOOTING, __ATOMIC_RELEASE);
		status = boot();
		if (status && !had_kernel)
			RAW(SYS_exit_group, status);
		__atomic_store_n(&state, status ? GONE : RUNNING,
				 __ATOMIC_RELEASE);
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

/**
 * kernel_for_children() - A child is about to be made: have a kernel to share
 *
 * Else programs that are executed one after the other would each boot their own,
 * and none would see what the one before it has set up.
 */
void kernel_for_children(void)
{
	if (unlikely(get_state() == IDLE) && setting_shares_kernel() &&
	    setting_follows_exec() && process_is_owner())
		kernel_need();
}

/* A fork must not happen in the middle of another thread's boot. */
static void before_fork(void)
{
	if (!is_booter())
		pthread_mutex_lock(&boot_lock);
	gone_hold();
}

static void after_fork(void)
{
	/* The child may leave something to deliver. */
	if (kernel_is_running() && setting_shares_kernel())
		exit_arm(EXIT_STREAMS | EXIT_DATAGRAMS);
	if (!is_booter())
		pthread_mutex_unlock(&boot_lock);
}

static void after_fork_in_parent(void)
{
	gone_release();
	after_fork();
}

static void after_fork_in_child(void)
{
	bool fresh = config.on_fork == LKL_ON_FORK_FRESH;

	gone_release();
	owner = RAW(SYS_getpid, 0);
	if (lkl_fork_moves()) {
		after_fork();
		return;
	}
	if (lkl_fork_is_shared()) {
		fdtab_share_in_child();
	} else {
		if (get_state() == RUNNING) {
			had_kernel = true;
			__atomic_store_n(&state, fresh ? IDLE : GONE,
					 __ATOMIC_RELEASE);
		}
		fdtab_clear_in_child();
	}
	after_fork();
}

/**
 * kernel_keep() - Body of a process that keeps the kernel for others
 *
 * One that executes a program, and its children.
 */
void kernel_keep(void)
{
	owner = RAW(SYS_getpid, 0);
	exit_keep();
}

/** start() - Constructor: before main() */
static __attribute__((constructor)) void start(void)
{
	bool child = is_child();

	host_resolve_all();
	lkl_host_sigaction_by(HOST(sigaction));
	lkl_host_fixup_by(user_fixup);
	name_process();
	exec_init();
	owner = RAW(SYS_getpid, 0);
	read_settings();
	take_limit();
	if (fdtab_init())
		RAW(SYS_exit_group, EX_OSERR);
	cwd_init();
	streams_init();
	if (exec_resume())
		__atomic_store_n(&state, RUNNING, __ATOMIC_RELEASE);
	if (config.no_follow_exec) {
		hide_from_children();
	} else {
		mark_children();
		keep_for_children(exec_library());
	}
	if (setting_shares_kernel())
		lkl_fork_share();
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
