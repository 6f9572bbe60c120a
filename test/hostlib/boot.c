// SPDX-License-Identifier: GPL-2.0
/*
 * boot.c - A kernel in this process: files, threads, faults, network, halt
 *
 * Arguments are added to the kernel command line.
 */
#include <lkl.h>
#include <lkl_posix.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../hijack/tap.h"

#define PAGE		4096
#define THREADS		64
#define ROUNDS		200
#define CHURN		1000
#define STREAM_SIZE	(1 << 20)

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/** host_ns() - Return: monotonic time of the host in ns */
static long long host_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/** fill() - Fill a buffer with bytes that depend on @seed and on the place */
static void fill(unsigned char *buf, size_t len, unsigned int seed)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = seed * 31 + i * 7 + (i >> 8);
}

/** filled() - Return: true if the buffer is as fill() leaves it */
static bool filled(const unsigned char *buf, size_t len, unsigned int seed)
{
	for (size_t i = 0; i < len; i++)
		if (buf[i] != (unsigned char)(seed * 31 + i * 7 + (i >> 8)))
			return false;
	return true;
}

/** read_all() - Read @len bytes; return: how many came before the end */
static long read_all(int fd, unsigned char *buf, long len)
{
	long done = 0, n;

	while (done < len) {
		n = lkl_sys_read(fd, (char *)buf + done, len - done);
		if (n <= 0)
			break;
		done += n;
	}
	return done;
}

/** write_all() - Write @len bytes; return: how many were written */
static long write_all(int fd, const unsigned char *buf, long len)
{
	long done = 0, n;

	while (done < len) {
		n = lkl_sys_write(fd, (const char *)buf + done, len - done);
		if (n <= 0)
			break;
		done += n;
	}
	return done;
}

/**
 * count_entries() - Count the entries of a directory
 * @path:	directory
 * @name:	entry to look for, NULL for none
 *
 * Return: how many there are beside "." and ".."; -1 if there is an error, or
 * no entry @name
 */
static int count_entries(const char *path, const char *name)
{
	struct lkl_linux_dirent64 *entry;
	struct lkl_dir *dir;
	bool found = !name;
	int count = 0, err;

	dir = lkl_opendir(path, &err);
	if (!dir)
		return -1;
	while ((entry = lkl_readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		count++;
		if (name && !strcmp(entry->d_name, name))
			found = true;
	}
	err = lkl_errdir(dir);
	lkl_closedir(dir);
	return err || !found ? -1 : count;
}

static void test_process(void)
{
	struct lkl_new_utsname uts;

	ok(lkl_sys_getpid() == 1, "getpid is 1");
	ok(lkl_sys_getuid() == 0, "getuid is 0");
	ok(lkl_sys_umask(0077) == 0022, "umask starts at 022");
	ok(lkl_sys_umask(0022) == 0077, "umask keeps what was set");
	ok(!lkl_sys_uname(&uts) && !strcmp(uts.sysname, "Linux") &&
	   !strncmp(uts.release, "6.12", 4), "uname: %s %s", uts.sysname,
	   uts.release);
	ok(lkl_syscall(999, (long[6]){ 0 }) == -LKL_ENOSYS,
	   "an unknown system call fails with ENOSYS");
	ok(lkl_syscall(-1, (long[6]){ 0 }) == -LKL_ENOSYS,
	   "so does a negative number");
}

static void test_files(void)
{
	unsigned char buf[PAGE];
	struct lkl_stat st, st2;
	long fd;

	ok(!lkl_sys_mkdir("/d", 0755), "mkdir");
	ok(lkl_sys_mkdir("/d", 0755) == -LKL_EEXIST, "mkdir again: EEXIST");
	fd = lkl_sys_open("/d/a", LKL_O_CREAT | LKL_O_EXCL | LKL_O_RDWR, 0666);
	must(fd >= 0);
	fill(buf, sizeof(buf), 1);
	ok(write_all(fd, buf, sizeof(buf)) == PAGE, "write");
	ok(lkl_sys_lseek(fd, 0, LKL_SEEK_CUR) == PAGE, "lseek tells");
	ok(lkl_sys_lseek(fd, 0, LKL_SEEK_SET) == 0, "lseek sets");
	memset(buf, 0, sizeof(buf));
	ok(read_all(fd, buf, sizeof(buf)) == PAGE &&
	   filled(buf, sizeof(buf), 1), "read what was written");
	ok(lkl_sys_read(fd, (char *)buf, 1) == 0, "read at the end");
	ok(!lkl_sys_fstat(fd, &st) && st.st_size == PAGE &&
	   st.st_mode == (LKL_S_IFREG | 0644), "fstat: size, mode, umask");
	ok(!lkl_sys_stat("/d/a", &st2) && st2.st_ino == st.st_ino &&
	   st2.st_dev == st.st_dev, "stat finds the same file");
	ok(!lkl_sys_close(fd), "close");
	ok(lkl_sys_close(fd) == -LKL_EBADF, "close again: EBADF");

	ok(!lkl_sys_rename("/d/a", "/d/b"), "rename");
	ok(lkl_sys_stat("/d/a", &st) == -LKL_ENOENT, "the old name is gone");
	ok(!lkl_sys_link("/d/b", "/d/c") && !lkl_sys_stat("/d/c", &st) &&
	   st.st_nlink == 2, "link");
	ok(!lkl_sys_symlink("b", "/d/s") &&
	   lkl_sys_readlink("/d/s", (char *)buf, sizeof(buf)) == 1 &&
	   buf[0] == 'b', "symlink, readlink");
	ok(count_entries("/d", "s") == 3, "the directory has three entries");
	ok(lkl_sys_rmdir("/d") == -LKL_ENOTEMPTY, "rmdir: ENOTEMPTY");
	ok(!lkl_sys_unlink("/d/b") && !lkl_sys_unlink("/d/c") &&
	   !lkl_sys_unlink("/d/s") && !lkl_sys_rmdir("/d"), "unlink, rmdir");
}

static void test_sleep(void)
{
	struct __lkl__kernel_timespec ts = { 0, 50 * 1000 * 1000 };
	long long start = host_ns(), took;
	long ret = lkl_sys_nanosleep(&ts, NULL);

	took = host_ns() - start;
	ok(!ret && took >= 50 * 1000 * 1000 && took < 1000 * 1000 * 1000,
	   "nanosleep takes 50 ms, not less and not much more");
}

static void test_pipe_and_epoll(void)
{
	struct lkl_epoll_event ev = { .events = LKL_EPOLLIN, .data = 0x1234 };
	struct lkl_epoll_event got[2];
	long long start;
	char text[8];
	int fds[2];
	long ep;

	must(!lkl_sys_pipe(fds));
	ok(lkl_sys_write(fds[1], "pipe", 5) == 5 &&
	   lkl_sys_read(fds[0], text, sizeof(text)) == 5 &&
	   !strcmp(text, "pipe"), "pipe");

	ep = lkl_sys_epoll_create(1);
	must(ep >= 0);
	ok(!lkl_sys_epoll_ctl(ep, LKL_EPOLL_CTL_ADD, fds[0], &ev), "epoll_ctl");
	ok(lkl_sys_epoll_wait(ep, got, 2, 0) == 0, "epoll_wait: nothing");
	start = host_ns();
	ok(lkl_sys_epoll_wait(ep, got, 2, 30) == 0 &&
	   host_ns() - start >= 30 * 1000 * 1000, "epoll_wait: time is up");
	lkl_sys_write(fds[1], "x", 1);
	ok(lkl_sys_epoll_wait(ep, got, 2, -1) == 1 &&
	   got[0].events == LKL_EPOLLIN && got[0].data == 0x1234,
	   "epoll_wait: readable");
	lkl_sys_close(fds[1]);
	ok(lkl_sys_epoll_wait(ep, got, 2, -1) == 1 &&
	   got[0].events & LKL_EPOLLHUP, "epoll_wait: hang up");
	lkl_sys_close(fds[0]);
	lkl_sys_close(ep);
}

static void test_proc(void)
{
	char text[256] = "";
	long fd, n = 0;

	ok(lkl_mount_fs("proc") == 0, "mount of proc");
	ok(count_entries("/proc", "version") > 20, "list of /proc");
	ok(count_entries("/proc/1/task", "1") >= 1, "list of /proc/1/task");
	fd = lkl_sys_open("/proc/version", LKL_O_RDONLY, 0);
	if (fd >= 0)
		n = lkl_sys_read(fd, text, sizeof(text) - 1);
	ok(n > 0 && !strncmp(text, "Linux version 6.12", 18),
	   "/proc/version can be read");
	lkl_sys_close(fd);
}

/* Threads */

static pthread_barrier_t all_ready;

/**
 * busy_thread() - Work with a file and a pipe of one's own
 * @arg:	number of the thread
 *
 * Return: number of things that went wrong
 */
static void *busy_thread(void *arg)
{
	unsigned char out[700], in[700];
	unsigned int seed = (long)arg;
	long bad = 0, fd;
	char path[32];
	int fds[2];

	pthread_barrier_wait(&all_ready);
	snprintf(path, sizeof(path), "/thread%u", seed);
	fd = lkl_sys_open(path, LKL_O_CREAT | LKL_O_RDWR, 0600);
	if (fd < 0 || lkl_sys_pipe(fds))
		return (void *)1L;
	for (int i = 0; i < ROUNDS; i++) {
		fill(out, sizeof(out), seed + i);
		bad += write_all(fds[1], out, sizeof(out)) != sizeof(out);
		bad += lkl_sys_pwrite64(fd, (char *)out, sizeof(out),
					i * sizeof(out)) != sizeof(out);
		bad += read_all(fds[0], in, sizeof(in)) != sizeof(in) ||
		       !filled(in, sizeof(in), seed + i);
		memset(in, 0, sizeof(in));
		bad += lkl_sys_pread64(fd, (char *)in, sizeof(in),
				       i * sizeof(out)) != sizeof(in) ||
		       !filled(in, sizeof(in), seed + i);
		bad += lkl_sys_getpid() != 1;
	}
	bad += lkl_sys_close(fd) || lkl_sys_close(fds[0]) ||
	       lkl_sys_close(fds[1]) || lkl_sys_unlink(path);
	return (void *)bad;
}

static void test_many_threads(void)
{
	pthread_t threads[THREADS];
	long bad = 0;
	void *ret;

	pthread_barrier_init(&all_ready, NULL, THREADS);
	for (long i = 0; i < THREADS; i++)
		must(!pthread_create(&threads[i], NULL, busy_thread,
				     (void *)i));
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &ret);
		bad += (long)ret;
	}
	pthread_barrier_destroy(&all_ready);
	ok(!bad, "%d threads at once, each with a file and a pipe", THREADS);
}

static int wake_fds[2];
static int reader_state;	/* 1: about to read, 2: has read */

static void *blocked_reader(void *arg)
{
	char byte = 0;
	long ret;

	(void)arg;
	__atomic_store_n(&reader_state, 1, __ATOMIC_SEQ_CST);
	ret = lkl_sys_read(wake_fds[0], &byte, 1);
	__atomic_store_n(&reader_state, 2, __ATOMIC_SEQ_CST);
	return (void *)(ret == 1 ? byte : ret);
}

/** start_reader() - Start a thread that is blocked in a read of wake_fds */
static pthread_t start_reader(void)
{
	pthread_t thread;

	reader_state = 0;
	must(!lkl_sys_pipe(wake_fds));
	must(!pthread_create(&thread, NULL, blocked_reader, NULL));
	while (!__atomic_load_n(&reader_state, __ATOMIC_SEQ_CST))
		usleep(1000);
	usleep(50 * 1000);
	return thread;
}

static void test_wake(void)
{
	pthread_t thread = start_reader();
	bool blocked = __atomic_load_n(&reader_state, __ATOMIC_SEQ_CST) == 1;
	void *ret;

	lkl_sys_write(wake_fds[1], "w", 1);
	pthread_join(thread, &ret);
	ok(blocked && ret == (void *)'w',
	   "a blocked reader is woken by a writer in another thread");
	lkl_sys_close(wake_fds[0]);
	lkl_sys_close(wake_fds[1]);
}

static void *short_thread(void *arg)
{
	long *tid = arg;

	*tid = lkl_sys_gettid();
	return NULL;
}

/** task_count() - Return: number of the kernel's tasks for our threads */
static int task_count(void)
{
	return count_entries("/proc/1/task", NULL);
}

static void test_churn(void)
{
	int before = task_count(), after = -1, bad = 0;
	pthread_t threads[10];
	long tids[10];

	for (int i = 0; i < CHURN; i += ARRAY_SIZE(threads)) {
		for (size_t j = 0; j < ARRAY_SIZE(threads); j++)
			must(!pthread_create(&threads[j], NULL, short_thread,
					     &tids[j]));
		for (size_t j = 0; j < ARRAY_SIZE(threads); j++) {
			pthread_join(threads[j], NULL);
			bad += tids[j] <= 1;
		}
	}
	ok(!bad, "%d short threads called", CHURN);
	for (int i = 0; i < 100 && after != before; i++) {
		usleep(10 * 1000);
		after = task_count();
	}
	ok(before > 0 && after == before,
	   "their tasks are gone: %d before, %d after", before, after);
}

/* Bad pointers */

static sigjmp_buf after_fault;
static void *volatile fault_addr;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	fault_addr = info->si_addr;
	siglongjmp(after_fault, 1);
}

/** own_fault() - Read from @addr; return: true if the handler was called */
static bool own_fault(volatile char *addr)
{
	fault_addr = NULL;
	if (!sigsetjmp(after_fault, 1)) {
		(void)*addr;
		return false;
	}
	return fault_addr == addr;
}

static void test_faults(void)
{
	struct sigaction act = { .sa_sigaction = on_fault,
				 .sa_flags = SA_SIGINFO };
	unsigned char data[PAGE];
	char *mem, *hole, *half;
	struct sigaction old;
	int fds[2];
	long fd, n;

	mem = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(mem != MAP_FAILED);
	hole = mem + PAGE;
	half = hole - 1000;
	must(!munmap(hole, PAGE));
	fd = lkl_sys_open("/faults", LKL_O_CREAT | LKL_O_RDWR, 0600);
	must(fd >= 0 && !lkl_sys_pipe(fds));
	fill(data, sizeof(data), 3);
	must(write_all(fd, data, sizeof(data)) == sizeof(data));

	ok(lkl_sys_pread64(fd, (void *)1, 16, 0) == -LKL_EFAULT,
	   "read to address 1: EFAULT");
	ok(lkl_sys_pread64(fd, hole, 16, 0) == -LKL_EFAULT,
	   "read to an unmapped page: EFAULT");
	ok(lkl_sys_pwrite64(fd, hole, 16, 0) == -LKL_EFAULT,
	   "write from an unmapped page: EFAULT");
	ok(lkl_sys_stat((char *)1, (void *)data) == -LKL_EFAULT &&
	   lkl_sys_stat(hole, (void *)data) == -LKL_EFAULT,
	   "a bad file name: EFAULT");
	ok(lkl_sys_stat("/", (void *)hole) == -LKL_EFAULT &&
	   lkl_sys_pipe((int *)hole) == -LKL_EFAULT,
	   "a bad result structure: EFAULT");
	n = lkl_sys_pread64(fd, half, PAGE, 0);
	ok(n == 1000 && filled((unsigned char *)half, 1000, 3),
	   "read to a buffer that is mapped in part: the part");
	n = lkl_sys_write(fds[1], half, PAGE);
	ok(n == -LKL_EFAULT || (n > 0 && n <= 1000),
	   "write from such a buffer: the part, or EFAULT");

	must(!lkl_host_sigaction(SIGSEGV, &act, &old));
	ok(own_fault(hole), "our handler gets our own fault");
	ok(lkl_sys_pread64(fd, hole, 16, 0) == -LKL_EFAULT && own_fault(hole) &&
	   lkl_sys_pread64(fd, hole, 16, 0) == -LKL_EFAULT,
	   "and EFAULT stays EFAULT beside it");
	must(!lkl_host_sigaction(SIGSEGV, &old, &act));
	ok(act.sa_sigaction == on_fault, "the old handler is told");

	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
	lkl_sys_close(fd);
	lkl_sys_unlink("/faults");
	munmap(mem, PAGE);
}

/* Network: the loopback interface */

static bool loopback_up(void)
{
	struct lkl_ifreq ifr = { 0 };
	long fd = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_DGRAM, 0);
	long err;

	strcpy(ifr.lkl_ifr_name, "lo");
	ifr.lkl_ifr_flags = LKL_IFF_UP | LKL_IFF_RUNNING;
	err = lkl_sys_ioctl(fd, LKL_SIOCSIFFLAGS, (long)&ifr);
	lkl_sys_close(fd);
	return fd >= 0 && !err;
}

/** open_bound() - Make a socket bound to a port of 127.0.0.1, told in @sa */
static long open_bound(int type, struct lkl_sockaddr_in *sa)
{
	long fd = lkl_sys_socket(LKL_AF_INET, type, 0);
	int len = sizeof(*sa);

	memset(sa, 0, sizeof(*sa));
	sa->sin_family = LKL_AF_INET;
	sa->sin_addr.lkl_s_addr = htonl(LKL_INADDR_LOOPBACK);
	must(fd >= 0);
	must(!lkl_sys_bind(fd, (void *)sa, len));
	must(!lkl_sys_getsockname(fd, (void *)sa, &len));
	return fd;
}

static void test_udp(void)
{
	struct lkl_sockaddr_in a, b, from;
	long fa = open_bound(LKL_SOCK_DGRAM, &a);
	long fb = open_bound(LKL_SOCK_DGRAM, &b);
	int len = sizeof(from);
	char text[16] = "";

	ok(lkl_sys_sendto(fa, "datagram", 9, 0, (void *)&b, sizeof(b)) == 9,
	   "UDP: sendto");
	ok(lkl_sys_recvfrom(fb, text, sizeof(text), 0, (void *)&from,
			    &len) == 9 && !strcmp(text, "datagram") &&
	   from.sin_port == a.sin_port, "UDP: recvfrom tells data and sender");
	ok(!lkl_sys_connect(fb, (void *)&a, sizeof(a)) &&
	   lkl_sys_send(fb, text, 4, 0) == 4 &&
	   lkl_sys_recv(fa, text, sizeof(text), LKL_MSG_DONTWAIT) == 4,
	   "UDP: connect, send, recv");
	ok(lkl_sys_recv(fa, text, sizeof(text), LKL_MSG_DONTWAIT) ==
	   -LKL_EAGAIN, "UDP: nothing more");
	lkl_sys_close(fa);
	lkl_sys_close(fb);
}

/* Accept a connection, check what comes, and send it back. */
static void *stream_server(void *arg)
{
	int listener = (long)arg;
	unsigned char *data = malloc(STREAM_SIZE);
	long fd = lkl_sys_accept(listener, NULL, NULL);
	bool good = data && fd >= 0 &&
		    read_all(fd, data, STREAM_SIZE) == STREAM_SIZE &&
		    filled(data, STREAM_SIZE, 5) &&
		    write_all(fd, data, STREAM_SIZE) == STREAM_SIZE;

	lkl_sys_close(fd);
	free(data);
	return (void *)(long)good;
}

static void test_tcp(void)
{
	unsigned char *data = malloc(STREAM_SIZE);
	struct lkl_sockaddr_in sa;
	long listener = open_bound(LKL_SOCK_STREAM, &sa), fd;
	pthread_t server;
	void *good;

	must(data && !lkl_sys_listen(listener, 1));
	must(!pthread_create(&server, NULL, stream_server, (void *)listener));
	fd = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_STREAM, 0);
	ok(!lkl_sys_connect(fd, (void *)&sa, sizeof(sa)), "TCP: connect");
	fill(data, STREAM_SIZE, 5);
	ok(write_all(fd, data, STREAM_SIZE) == STREAM_SIZE, "TCP: send 1 MiB");
	memset(data, 0, STREAM_SIZE);
	ok(read_all(fd, data, STREAM_SIZE) == STREAM_SIZE &&
	   filled(data, STREAM_SIZE, 5), "TCP: the same comes back");
	pthread_join(server, &good);
	ok(good, "TCP: the server got it all");
	ok(lkl_sys_read(fd, (char *)data, 1) == 0, "TCP: end of the stream");
	lkl_sys_close(fd);
	lkl_sys_close(listener);
	free(data);
}

static void test_halt(void)
{
	pthread_t thread = start_reader();
	void *ret;

	ok(lkl_sys_halt() == 0, "halt");
	pthread_join(thread, &ret);
	ok(ret == (void *)-LKL_ENODEV, "a blocked call ends with ENODEV");
	ok(!lkl_is_running(), "the kernel does not run any more");
	ok(lkl_sys_getpid() == -LKL_ENODEV, "calls fail with ENODEV");
	ok(lkl_sys_halt() == -LKL_ENODEV, "so does another halt");
	lkl_cleanup();
}

int main(int argc, char **argv)
{
	ok(!lkl_is_running(), "no kernel runs before the boot");
	must(!lkl_init(&lkl_host_ops));
	must(!lkl_start_kernel("mem=64M %s", argc > 1 ? argv[1] : ""));
	ok(lkl_is_running(), "the kernel has booted");
	ok(lkl_start_kernel("mem=64M") == -LKL_EBUSY, "it boots once only");

	test_process();
	test_files();
	test_sleep();
	test_pipe_and_epoll();
	test_proc();
	test_many_threads();
	test_wake();
	test_churn();
	test_faults();
	ok(loopback_up(), "the loopback interface is up");
	test_udp();
	test_tcp();
	test_halt();
	return tap_done();
}
