// SPDX-License-Identifier: GPL-2.0
/*
 * sweeps.c - Programs that go through all their descriptors, or wait for many
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>

#include "net.h"

/* Of open files, while this program runs. */
#define LIMIT 20000

/* How often malloc() was called. */
static int mallocs;

void *__libc_malloc(size_t size);

__attribute__((visibility("default"))) void *malloc(size_t size)
{
	mallocs++;
	return __libc_malloc(size);
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/** udp() - Return: an LKL socket whose number is the one given */
static int udp(int want)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	must(fd >= 0);
	must(dup2(fd, want) == want);
	if (fd != want)
		close(fd);
	return want;
}

static bool works(int fd)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };

	return !bind(fd, (struct sockaddr *)&sa, sizeof(sa));
}

static void ranges(void)
{
	int file = open("/dev/null", O_RDONLY), after;

	must(file >= 0 && file < 60);
	udp(60);
	must(dup2(file, 61) == 61);
	udp(62);
	ok(!close_range(60, 62, CLOSE_RANGE_CLOEXEC), "close_range can mark");
	ok(fcntl(60, F_GETFD) == FD_CLOEXEC && fcntl(61, F_GETFD) == FD_CLOEXEC
	   && fcntl(62, F_GETFD) == FD_CLOEXEC, "both kinds close-on-exec");
	ok(works(60), "and leaves them open");
	ok(!close_range(61, 62, 0) && is_open(60) && !is_open(61) &&
	   !is_open(62), "close_range closes both kinds");
	errno = 0;
	ok(close_range(62, 61, 0) == -1 && errno == EINVAL,
	   "the wrong way round is EINVAL");
	errno = 0;
	ok(close_range(60, 61, 1 << 10) == -1 && errno == EINVAL,
	   "an unknown flag is EINVAL");
	udp(61);
	closefrom(file);
	ok(!is_open(file) && !is_open(60) && !is_open(61),
	   "closefrom closes the rest");
	after = socket(AF_INET, SOCK_DGRAM, 0);
	ok(after == file && works(after), "and a socket can be made again");
	close(after);
}

/* As daemons do that were written before close_range(). */
static void one_by_one(void)
{
	struct rlimit lim;
	int fd, found = 0;
	struct stat st;

	udp(60);
	must(!getrlimit(RLIMIT_NOFILE, &lim));
	if (lim.rlim_cur > 1 << 16)
		lim.rlim_cur = 1 << 16;
	for (fd = 3; fd < (int)lim.rlim_cur; fd++)
		close(fd);
	ok(!is_open(60), "a loop of close() up to the limit");
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	ok(fd == 3 && works(fd), "leaves a kernel that works");
	for (int other = 4; other < (int)lim.rlim_cur; other++)
		found += is_open(other) + !fstat(other, &st);
	ok(!found, "of nothing else one finds that it is open (%d)", found);
	close(fd);
	fd = epoll_create1(0);
	ok(fd == 3, "and numbers start where they should");
	close(fd);
}

/* Sets of any size may be waited for in a signal handler: no malloc(). */
static void big_sets(void)
{
	static struct pollfd p[800];
	int fd = udp(60), n;
	fd_set in;

	must(works(fd));
	for (int i = 0; i < 800; i++)
		p[i] = (struct pollfd){ fd, POLLOUT, 0 };
	FD_ZERO(&in);
	for (int i = 100; i < 800; i++) {
		must(dup2(fd, i) == i);
		FD_SET(i, &in);
	}
	mallocs = 0;
	ok(poll(p, 300, 0) == 300 && poll(p, 800, 0) == 800 &&
	   poll(p, 400, 0) == 400, "poll() of many");
	n = select(800, NULL, &in, NULL, NULL);
	ok(n == 700 && FD_ISSET(799, &in), "select() of many");
	ok(!mallocs, "without malloc() (%d times)", mallocs);
	closefrom(fd);
}

/** listed() - Is a number in a folder of /proc? */
static bool listed(const char *folder, int fd)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool found = false;

	must(dir);
	while ((entry = readdir(dir)))
		found |= atoi(entry->d_name) == fd && entry->d_name[0] != '.';
	must(!closedir(dir));
	return found;
}

static void in_proc(void)
{
	int fd = udp(60), file = open("/dev/null", O_RDONLY);
	char name[64], link[64], want[64];
	struct stat st, by_name;
	ssize_t n;

	ok(listed("/proc/self/fd", fd), "/proc/self/fd lists an LKL socket");
	must(!fstat(fd, &st));
	snprintf(want, sizeof(want), "socket:[%lu]", (unsigned long)st.st_ino);
	n = readlink("/proc/self/fd/60", link, sizeof(link) - 1);
	ok(n > 0 && (link[n] = 0, !strcmp(link, want)),
	   "/proc/self/fd tells that it is one (%s)", want);
	snprintf(name, sizeof(name), "/proc/%d/fd/60", getpid());
	n = readlink(name, link, sizeof(link) - 1);
	ok(n > 0 && (link[n] = 0, !strcmp(link, want)),
	   "and so does the process id's");
	ok(!stat("/proc/self/fd/60", &by_name) && S_ISSOCK(by_name.st_mode) &&
	   by_name.st_ino == st.st_ino, "stat of it is the socket's");
	errno = 0;
	ok(open("/proc/self/fd/60", O_RDONLY) == -1 && errno == ENXIO,
	   "which cannot be opened: ENXIO");
	snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
	n = readlink(name, link, sizeof(link) - 1);
	ok(n > 0 && (link[n] = 0, !strcmp(link, "/dev/null")),
	   "a file is still a file (%s)", name);
	close(file);
	close(fd);
	errno = 0;
	ok(readlink("/proc/self/fd/60", link, sizeof(link)) == -1 &&
	   errno == ENOENT, "what is closed is not there");
}

/** table_size() - Return: how many descriptors the host's table has room for */
static int table_size(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	int size = -1;

	must(f);
	while (size < 0 && fgets(line, sizeof(line), f))
		sscanf(line, "FDSize: %d", &size);
	fclose(f);
	return size;
}

/*
 * As programs do that take the limit for the number of descriptors: Linux looks
 * at no more of the sets than its table has room for.
 */
static void limit_is_high(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fd_set *in = (fd_set *)(pages + page) - 1;
	int fd = udp(60);

	must(pages != MAP_FAILED && !mprotect(pages + page, page, PROT_NONE));
	must(works(fd));
	ok(getdtablesize() == LIMIT && table_size() <= 2 * FD_SETSIZE,
	   "a high limit leaves the table small (%d)", table_size());
	FD_SET(fd, in);
	ok(select(LIMIT, NULL, in, NULL, NULL) == 1 && FD_ISSET(fd, in),
	   "select() up to the limit");
	ok(pselect(LIMIT, NULL, in, NULL, NULL, NULL) == 1 && FD_ISSET(fd, in),
	   "pselect() up to the limit");
	ok(dup2(fd, LIMIT - 1) == LIMIT - 1 && !close(LIMIT - 1), "the highest number is the program's");
	must(!close(fd) && !munmap(pages, 2 * page));
}

/* Programs that have lowered it find it lower. */
static void limit_is_low(void)
{
	struct rlimit lim = { 16, LIMIT };
	int fd, last = -1;

	must(!setrlimit(RLIMIT_NOFILE, &lim));
	while ((fd = socket(AF_INET, SOCK_DGRAM, 0)) >= 0)
		last = fd;
	ok(errno == EMFILE && last == 15, "the limit is lowered");
	ok(works(last), "what was made before it works");
	lim.rlim_cur = LIMIT;
	must(!setrlimit(RLIMIT_NOFILE, &lim));
	closefrom(3);
}

int main(int argc, char *argv[])
{
	struct rlimit lim = { LIMIT, LIMIT };

	if (argc == 1) {
		must(!setrlimit(RLIMIT_NOFILE, &lim));
		execl("/proc/self/exe", argv[0], "raised", NULL);
		must(false);
	}
	limit_is_high();
	limit_is_low();
	ranges();
	one_by_one();
	big_sets();
	in_proc();
	return tap_done();
}
