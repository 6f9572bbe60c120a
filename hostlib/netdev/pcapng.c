// SPDX-License-Identifier: GPL-2.0
/*
 * pcapng.c - Write frames to a file, in the format of Wireshark and tcpdump
 *
 * Theory of operation
 * -------------------
 * A frame costs the data path a copy into a buffer; a thread of the host
 * writes the buffers. There are two: while one is written, the other is filled.
 * The thread comes when a buffer is half full, and every 50 ms, so that the
 * file can be read while the program runs. Only if both are full does the data
 * path write itself, and wait: no frame is left out.
 *
 * With segmentation offload a frame has 64 KiB, and a stream gigabytes a
 * second: to copy and write all of them takes as much of the machine as to send
 * them. So only the first @snaplen bytes of a frame are written, as tcpdump -s
 * does; its real length stays in the file.
 *
 *   @lock     spins; guards fill and len; held for a copy at most
 *   @writing  guards spare and the file; taken before @lock
 *
 * The file is a row of blocks (draft-ietf-opsawg-pcapng): a section header, a
 * description for each interface, then a block for each frame. They are in our
 * own byte order, which the section header tells. A write takes whole blocks,
 * so the file is right at any time.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "pcapng.h"
#include "posix/fds.h"
#include "posix/host.h"
#include "posix/raw.h"

/* Size of a buffer: several of the longest frames. */
#define BUFFER		(1 << 20)
#define PERIOD_NS	50000000L
#define THREAD_STACK	(64 << 10)

/* Numbers of the format. */
#define SECTION_HEADER	0x0a0d0d0a
#define INTERFACE	1
#define FRAME		6
#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define ETHERNET	1
#define OPT_END		0
#define OPT_IF_NAME	2
#define OPT_IF_TSRESOL	9
#define OPT_FLAGS	2
#define OPT_USERAPPL	4
#define NANOSECONDS	9

/* How much longer than its frame a block is: header, option, length again. */
#define FRAME_ROOM	(28 + 12 + 4)

/**
 * struct pcapng - A file
 * @fd:		host descriptor
 * @snaplen:	bytes of a frame that are written
 * @lock:	not 0: taken
 * @wake:	futex: the thread is wanted
 * @fill:	buffer that is filled
 * @len:	bytes in it
 * @writing:	taken by who writes
 * @spare:	the other buffer
 * @interfaces:	how many have been described
 * @mover:	what becomes of the thread when the kernel moves
 */
struct pcapng {
	int fd;
	uint32_t snaplen;
	int lock;
	uint32_t wake;
	char *fill;
	size_t len;
	pthread_mutex_t writing;
	char *spare;
	int interfaces;
	struct host_mover mover;
};

static void lock(struct pcapng *p)
{
	while (__atomic_exchange_n(&p->lock, 1, __ATOMIC_ACQUIRE))
		sched_yield();
}

static void unlock(struct pcapng *p)
{
	__atomic_store_n(&p->lock, 0, __ATOMIC_RELEASE);
}

/**
 * write_all() - Write to the file
 * @fd:		host descriptor
 * @at:		what to write
 * @len:	bytes
 *
 * What cannot be written, the disk being full for instance, is lost: the
 * program is not to suffer.
 */
static void write_all(int fd, const char *at, size_t len)
{
	long n;

	while (len) {
		n = RAW(SYS_write, fd, at, len);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			return;
		at += n;
		len -= n;
	}
}

/**
 * pcapng_flush() - Write what is in the buffer
 * @p:	file
 */
void pcapng_flush(struct pcapng *p)
{
	char *full;
	size_t len;

	pthread_mutex_lock(&p->writing);
	lock(p);
	full = p->fill;
	len = p->len;
	p->fill = p->spare;
	p->len = 0;
	unlock(p);
	p->spare = full;
	write_all(p->fd, full, len);
	pthread_mutex_unlock(&p->writing);
}

/** run() - The thread */
static void *run(void *arg)
{
	const struct timespec period = { 0, PERIOD_NS };
	struct pcapng *p = arg;

	host_thread_uncount(1);
	for (;;) {
		RAW(SYS_futex, &p->wake, FUTEX_WAIT_PRIVATE, 0, &period, NULL);
		__atomic_store_n(&p->wake, 0, __ATOMIC_RELAXED);
		if (__atomic_load_n(&p->len, __ATOMIC_RELAXED))
			pcapng_flush(p);
	}
	return NULL;
}

/**
 * reserve() - Get room in the buffer
 * @p:		file
 * @len:	bytes, less than BUFFER
 *
 * Return: the room; the lock is taken
 */
static char *reserve(struct pcapng *p, size_t len)
{
	char *at;

	lock(p);
	while (p->len + len > BUFFER) {
		unlock(p);
		pcapng_flush(p);
		lock(p);
	}
	at = p->fill + p->len;
	__atomic_store_n(&p->len, p->len + len, __ATOMIC_RELAXED);
	return at;
}

/**
 * release() - The room is filled
 * @p:	file
 */
static void release(struct pcapng *p)
{
	bool half = p->len > BUFFER / 2;

	unlock(p);
	if (half && !__atomic_exchange_n(&p->wake, 1, __ATOMIC_RELAXED))
		RAW(SYS_futex, &p->wake, FUTEX_WAKE_PRIVATE, 1);
}

/** padded() - Return: @len up to a multiple of four, as the format wants it */
static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static char *put16(char *at, uint16_t value)
{
	return mempcpy(at, &value, sizeof(value));
}

static char *put32(char *at, uint32_t value)
{
	return mempcpy(at, &value, sizeof(value));
}

/** put_option() - Append an option; return: what follows it */
static char *put_option(char *at, uint16_t code, const void *value, size_t len)
{
	at = put16(put16(at, code), len);
	memcpy(at, value, len);
	memset(at + len, 0, padded(len) - len);
	return at + padded(len);
}

/** option_room() - Return: bytes that an option with @len bytes takes */
static size_t option_room(size_t len)
{
	return 4 + padded(len);
}

/** put_section() - Append the header of the file */
static void put_section(struct pcapng *p)
{
	static const char us[] = "lkl-hijack";
	size_t len = 24 + option_room(sizeof(us) - 1) + option_room(0) + 4;
	char *at = reserve(p, len);

	at = put32(put32(at, SECTION_HEADER), len);
	at = put16(put16(put32(at, BYTE_ORDER_MAGIC), 1), 0);
	at = put32(put32(at, -1), -1);	/* length: not known */
	at = put_option(at, OPT_USERAPPL, us, sizeof(us) - 1);
	at = put_option(at, OPT_END, NULL, 0);
	put32(at, len);
	release(p);
}

/**
 * pcapng_add_interface() - Describe an interface
 * @p:		file
 * @name:	its name
 *
 * Return: number of the interface in the file
 */
int pcapng_add_interface(struct pcapng *p, const char *name)
{
	const unsigned char resolution = NANOSECONDS;
	size_t name_len = strlen(name);
	size_t len = 16 + option_room(name_len) + option_room(1) +
		     option_room(0) + 4;
	char *at = reserve(p, len);

	at = put32(put32(at, INTERFACE), len);
	at = put32(put16(put16(at, ETHERNET), 0), p->snaplen);
	at = put_option(at, OPT_IF_NAME, name, name_len);
	at = put_option(at, OPT_IF_TSRESOL, &resolution, 1);
	at = put_option(at, OPT_END, NULL, 0);
	put32(at, len);
	release(p);
	return p->interfaces++;
}

/**
 * copy() - Copy a part of a list of buffers
 * @to:		destination
 * @iov:	buffers
 * @n:		number of them
 * @skip:	bytes to leave out
 * @len:	bytes to copy
 */
static void copy(char *to, const struct iovec *iov, int n, size_t skip,
		 size_t len)
{
	for (; n && len; iov++, n--) {
		size_t part = iov->iov_len - skip;

		if (iov->iov_len <= skip) {
			skip -= iov->iov_len;
			continue;
		}
		part = part < len ? part : len;
		to = mempcpy(to, (char *)iov->iov_base + skip, part);
		skip = 0;
		len -= part;
	}
}

/**
 * pcapng_frame() - Append a frame
 * @p:		file
 * @interface:	number of its interface
 * @dir:	its direction
 * @iov:	buffers with the frame
 * @n:		number of them
 * @skip:	bytes there before the frame
 * @len:	bytes of the frame; not more than the file's snaplen are written
 */
void pcapng_frame(struct pcapng *p, int interface, enum pcapng_direction dir,
		  const struct iovec *iov, int n, size_t skip, size_t len)
{
	uint32_t kept = len < p->snaplen ? len : p->snaplen;
	uint32_t size = padded(kept) + FRAME_ROOM;
	const uint32_t flags = dir;
	struct timespec now;
	uint64_t ns;
	char *at;

	clock_gettime(CLOCK_REALTIME, &now);
	ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	at = reserve(p, size);
	at = put32(put32(put32(at, FRAME), size), interface);
	at = put32(put32(at, ns >> 32), ns);
	at = put32(put32(at, kept), len);
	copy(at, iov, n, skip, kept);
	memset(at + kept, 0, padded(kept) - kept);
	at = put_option(at + padded(kept), OPT_FLAGS, &flags, sizeof(flags));
	at = put_option(at, OPT_END, NULL, 0);
	put32(at, size);
	release(p);
}

/**
 * open_file() - Open the file, or one of its own if another process writes it
 * @path:	name; that of the second is @path.PID
 *
 * Return: descriptor of ours, or a negative errno
 */
static int open_file(const char *path)
{
	char *own = NULL;
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		if (asprintf(&own, "%s.%d", path, getpid()) < 0)
			return -ENOMEM;
		fd = open(own, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		free(own);
	}
	/* What cannot be cut, a fifo for instance, need not be. */
	if (fd < 0 || (ftruncate(fd, 0) && errno != EINVAL))
		return -errno;
	return host_fd_keep(fd);
}

/** start_thread() - Return: 0 or a positive errno */
static int start_thread(struct pcapng *p)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all;
	int err;

	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, THREAD_STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = pthread_attr_setsigmask_np(&attr, &all);
	if (!err)
		err = pthread_create(&thread, &attr, run, p);
	pthread_attr_destroy(&attr);
	return err;
}

static struct pcapng *file_of(struct host_mover *m)
{
	return container_of(m, struct pcapng, mover);
}

static void hold(struct host_mover *m)
{
	pthread_mutex_lock(&file_of(m)->writing);
}

static void release_writing(struct host_mover *m)
{
	pthread_mutex_unlock(&file_of(m)->writing);
}

static void restart(struct host_mover *m)
{
	pthread_mutex_init(&file_of(m)->writing, NULL);
	start_thread(file_of(m));
}

/**
 * pcapng_open() - Begin a file
 * @path:	its name; what it contained is lost
 * @snaplen:	bytes of a frame that are written, at most PCAPNG_WHOLE
 *
 * A process that is executed while its parent writes the file gets another
 * one, @path.PID. The file lasts as long as the process: devices may be
 * removed, but frames on their way must find it.
 *
 * Return: the file; NULL: errno tells why
 */
struct pcapng *pcapng_open(const char *path, uint32_t snaplen)
{
	struct pcapng *p = calloc(1, sizeof(*p));
	int err = ENOMEM;

	if (!p)
		return NULL;
	p->snaplen = snaplen;
	p->fill = malloc(BUFFER);
	p->spare = malloc(BUFFER);
	p->fd = p->fill && p->spare ? open_file(path) : -ENOMEM;
	if (p->fd < 0) {
		err = -p->fd;
	} else {
		pthread_mutex_init(&p->writing, NULL);
		put_section(p);
		err = start_thread(p);
		if (!err) {
			p->mover = (struct host_mover){
				.hold = hold,
				.release = release_writing,
				.restart = restart,
			};
			host_mover_add(&p->mover);
			return p;
		}
		host_fd_drop(p->fd);
	}
	free(p->fill);
	free(p->spare);
	free(p);
	errno = err;
	return NULL;
}
