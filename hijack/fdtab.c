// SPDX-License-Identifier: GPL-2.0
/*
 * fdtab.c - Which descriptor numbers are the LKL kernel's
 *
 * Theory of operation
 * -------------------
 * Programs expect descriptor numbers to be the lowest free ones, to fit into
 * an fd_set, to be movable with dup2() and to run into RLIMIT_NOFILE. Only
 * the host can give all that, so every LKL descriptor has a host descriptor of
 * the same number, its *placeholder*: a duplicate of one O_PATH descriptor.
 * A call that gets past us with such a number (raw system call, inside libc)
 * fails with EBADF or ENOTDIR instead of doing something to an unrelated file.
 *
 * The table has one word per number, in .bss: it needs no set-up, costs no
 * memory before it is touched and one load to look at.
 *
 *   entry   number is                         owned by
 *   0       the host's, or free               the host
 *   n > 0   LKL descriptor n - 1              us: the LKL descriptor and the
 *                                             placeholder live and die together
 *   -n < 0  the host's; LKL descriptor n - 1  the program owns the host side,
 *           is its *proxy*, whose readiness   we the proxy; made by the first
 *           is that of the host descriptor    mixed wait, dropped on close
 *
 * Invariants
 * - An entry is positive only while its placeholder is open. The number
 *   is reserved first (placeholder made, entry 0), then the LKL call is made,
 *   then the entry is written: reservation before the call is what Linux does
 *   in accept(), so EMFILE never loses a connection.
 * - Whoever takes an entry out (atomic exchange) closes what it named. So two
 *   threads that close the same number cannot close an LKL descriptor twice.
 * - Close takes the entry out before the placeholder is closed: a number that
 *   the host can give out again is always clean.
 *
 * Close-on-exec: the placeholder always has it, because an LKL descriptor
 * does not survive exec; what the program sees and sets is LKL's own flag.
 *
 * Races considered
 * - dup2() over a used number replaces it in one step in the direction that
 *   matters: host to LKL writes the entry first, LKL to host the host
 *   descriptor first. Another thread sees the old or the new file, never none.
 * - A number in use by one thread while another closes it means what it means
 *   on Linux: the call under way keeps the file, LKL descriptors included.
 * - A host descriptor closed inside libc (fclose() and friends are caught, but
 *   not all can be) leaves its proxy. Every call that makes a host descriptor
 *   therefore looks at the number it got (fdtab_born()).
 * - vfork(): the child has our memory but its own host descriptors, so it must
 *   not touch the table: it is recognised by its process id
 *   (process_is_owner()). It gets no LKL descriptors; what it duplicates are
 *   placeholders. fork(): the child's table is emptied, its
 *   placeholders closed (fdtab_clear_in_child()), or it shares the kernel and
 *   has the same table but for proxies (fdtab_share_in_child()).
 */
#include "fdtab.h"
#include "gone.h"
#include "sigio.h"

int32_t fdtab[FDTAB_SIZE];

/* Numbers from here on have never had an entry. */
static int fdtab_end;

/* The O_PATH descriptor that placeholders are duplicates of. */
static int placeholder = -1;

/**
 * fdtab_limit() - How many numbers may have an entry
 *
 * Return: one more than the highest number that ever had one
 */
int fdtab_limit(void)
{
	return __atomic_load_n(&fdtab_end, __ATOMIC_ACQUIRE);
}

/**
 * fdtab_extend() - Note that a number gets an entry
 * @fd:	number below FDTAB_SIZE
 */
static void fdtab_extend(int fd)
{
	int end = fdtab_limit();

	while (fd >= end &&
	       !__atomic_compare_exchange_n(&fdtab_end, &end, fd + 1, false,
					    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		;
}

/**
 * fdtab_exchange() - Replace an entry
 * @fd:		number below FDTAB_SIZE
 * @entry:	new entry
 *
 * Return: the old one; the caller now owns what it names
 */
int fdtab_exchange(int fd, int entry)
{
	if (entry)
		fdtab_extend(fd);
	gone_note_end(fd);
	return __atomic_exchange_n(&fdtab[fd], entry, __ATOMIC_ACQ_REL);
}

/**
 * open_placeholder() - Open the descriptor that placeholders are made from
 *
 * Of a socket, as most of what they stand for are: in a call that gets past us
 * nothing can be named from there. Without /proc it has to be a folder.
 *
 * Return: descriptor or a negative errno
 */
static int open_placeholder(void)
{
	int s = RAW(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), fd;
	char name[32];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", s);
	fd = RAW(SYS_openat, AT_FDCWD, name, O_PATH | O_CLOEXEC);
	if (s >= 0)
		RAW(SYS_close, s);
	return fd >= 0 ? fd : RAW(SYS_openat, AT_FDCWD, "/", O_PATH | O_CLOEXEC);
}

/**
 * fdtab_init() - Open the descriptor that placeholders are made from
 *
 * It lives out of the program's way, where liblkl's are (hostlib/posix/fds.c).
 *
 * Return: 0 or a negative errno
 */
int fdtab_init(void)
{
	int fd = lkl_host_fd_keep(open_placeholder());

	if (fd < 0)
		return fd;
	placeholder = fd;
	return 0;
}

/* Has the program a descriptor that an fd_set has no room for? */
static bool has_high_numbers(void)
{
	struct pollfd fds[FD_SETSIZE];

	for (int i = 0; i < FD_SETSIZE; i++)
		fds[i].fd = fdtab_private(FD_SETSIZE + i) ? -1 : FD_SETSIZE + i;
	if (RAW(SYS_poll, fds, FD_SETSIZE, 0) < 0)
		return true;
	for (int i = 0; i < FD_SETSIZE; i++)
		if (fds[i].fd >= 0 && !(fds[i].revents & POLLNVAL))
			return true;
	return false;
}

/**
 * fdtab_host_room() - How many descriptors the host's table has room for
 * @n:	how many somebody wants to look at
 *
 * Linux looks at no more of the sets of a select(): they may be of the size of
 * an fd_set, and @n be the limit of open files. If it is only us who have
 * higher numbers the table has no more room than that.
 *
 * Return: that, or @n if it is less or cannot be found
 */
int fdtab_host_room(int n)
{
	char text[512];
	const char *at;
	int room = n;
	long fd, len;

	if (likely(n <= FD_SETSIZE))
		return n;
	fd = RAW(SYS_openat, AT_FDCWD, "/proc/thread-self/status",
		 O_RDONLY | O_CLOEXEC);
	len = RAW(SYS_read, fd, text, sizeof(text) - 1);
	RAW(SYS_close, fd);
	text[len > 0 ? len : 0] = '\0';
	at = strstr(text, "\nFDSize:");
	if (at)
		room = atoi(at + sizeof("\nFDSize:") - 1);
	if (room == 2 * FD_SETSIZE && !has_high_numbers())
		room = FD_SETSIZE;
	return room < n ? room : n;
}

/**
 * fdtab_private() - Is this number one of our own?
 * @fd:	number
 *
 * Return: true if the program must not close or replace it
 */
bool fdtab_private(int fd)
{
	return fd >= 0 && (fd == placeholder || lkl_host_fd_is_private(fd));
}

/**
 * fdtab_reserve() - Take a free number for an LKL descriptor
 * @min:	lowest number wanted
 *
 * Return: the number, or -EMFILE, -EINVAL (@min over the limit), -ENETDOWN (in
 * a vfork() child)
 */
int fdtab_reserve(int min)
{
	int fd;

	if (!process_is_owner())
		return -ENETDOWN;
	fd = RAW(SYS_fcntl, placeholder, F_DUPFD_CLOEXEC, min);
	if (fd == -EBADF) {
		/* Somebody closed it with a raw system call: make a new one. */
		if (fdtab_init())
			return -EMFILE;
		fd = RAW(SYS_fcntl, placeholder, F_DUPFD_CLOEXEC, min);
	}
	if (fd >= FDTAB_SIZE) {
		RAW(SYS_close, fd);
		return -EMFILE;
	}
	return fdtab_born(fd);
}

/**
 * fdtab_unreserve() - Give a number back that got no LKL descriptor
 * @fd:	from fdtab_reserve()
 */
void fdtab_unreserve(int fd)
{
	RAW(SYS_close, fd);
}

/**
 * fdtab_install() - Let a reserved number be an LKL descriptor
 * @fd:		from fdtab_reserve()
 * @lkl_fd:	descriptor in the LKL kernel
 */
void fdtab_install(int fd, int lkl_fd)
{
	fdtab_exchange(fd, lkl_fd + 1);
	if (unlikely(sigio_used))
		sigio_forget(fd);
}

/**
 * fdtab_placeholder_at() - Make a placeholder of a given number
 * @fd:	number; what was there on the host is closed
 *
 * Return: @fd or a negative errno (-EBADF: over the limit)
 */
int fdtab_placeholder_at(int fd)
{
	return RAW(SYS_dup3, placeholder, fd, O_CLOEXEC);
}

/**
 * fdtab_proxy() - LKL descriptor that stands for a host descriptor
 * @fd:	host descriptor, may be invalid
 *
 * Return: LKL descriptor, or a negative errno (-EBADF: @fd is not open)
 */
int fdtab_proxy(int fd)
{
	int entry = fdtab_get(fd);
	int32_t none = 0;
	long proxy;

	if (entry)
		return (entry < 0 ? -entry : entry) - 1;
	if ((unsigned int)fd >= FDTAB_SIZE)
		return -EBADF;
	proxy = RAW(SYS_fcntl, fd, F_GETFD);
	if (proxy >= 0)
		proxy = lkl_hostfd(fd);
	if (proxy < 0)
		return proxy;
	fdtab_extend(fd);
	if (!__atomic_compare_exchange_n(&fdtab[fd], &none, -(int)proxy - 1,
					 false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE)) {
		lkl_hostfd_close(proxy);
		proxy = (none < 0 ? -none : none) - 1;
	}
	return proxy;
}

/**
 * fdtab_forget() - Drop the proxy of a host descriptor, if it has one
 * @fd:	number, may be anything
 *
 * Return: @fd
 */
int fdtab_forget(int fd)
{
	int entry = fdtab_get(fd);

	if (entry < 0 && process_is_owner() &&
	    __atomic_compare_exchange_n(&fdtab[fd], &entry, 0, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		gone_note_end(fd);
		lkl_hostfd_close(-entry - 1);
	}
	return fd;
}

/**
 * fdtab_share_in_child() - Forget proxies, in a child that shares the kernel
 *
 * It has copies of all LKL descriptors but these: a proxy is of a descriptor
 * of one process.
 */
void fdtab_share_in_child(void)
{
	for (int fd = 0; fd < fdtab_end; fd++) {
		if (fdtab[fd] < 0) {
			fdtab[fd] = 0;
			gone_note_end(fd);
		}
	}
}

/**
 * fdtab_clear_in_child() - Forget everything, in a child without the kernel
 *
 * The LKL kernel lives on in the parent only: what its numbers named is gone
 * here, whether there will be another kernel or not.
 */
void fdtab_clear_in_child(void)
{
	for (int fd = 0; fd < fdtab_end; fd++) {
		if (fdtab[fd] > 0)
			RAW(SYS_close, fd);
		fdtab[fd] = 0;
	}
	fdtab_end = 0;
}

/**
 * fdtab_pass() - Let the program that is executed next have LKL descriptors
 * @text:	receives their numbers, terminated
 * @size:	room there; 0: nothing is passed, only the length is found
 *
 * Return: length of the text, 0: there are none that it is to have
 */
size_t fdtab_pass(char *text, size_t size)
{
	size_t len = 0;
	int entry;

	for (int fd = 0; fd < fdtab_end; fd++) {
		entry = fdtab_get(fd);
		if (entry <= 0 || LKL(SYS_fcntl, entry - 1, F_GETFD))
			continue;
		if (len < size)
			RAW(SYS_fcntl, fd, F_SETFD, 0);
		len += snprintf(text + (size ? len : 0), size ? size - len : 0,
				":%d=%d", fd, entry - 1);
	}
	return len;
}

/** fdtab_keep() - Take fdtab_pass() back: no program was executed */
void fdtab_keep(void)
{
	for (int fd = 0; fd < fdtab_end; fd++)
		if (fdtab_get(fd) > 0)
			RAW(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
}

/**
 * fdtab_resume() - Take the LKL descriptors that the program before us had
 * @text:	from its fdtab_pass()
 */
void fdtab_resume(const char *text)
{
	int fd, lkl_fd, len;

	while (sscanf(text, ":%d=%d%n", &fd, &lkl_fd, &len) == 2) {
		text += len;
		if (fd < 0 || fd >= FDTAB_SIZE || lkl_fd < 0)
			return;
		RAW(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
		fdtab_install(fd, lkl_fd);
	}
}
