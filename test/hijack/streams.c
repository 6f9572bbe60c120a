// SPDX-License-Identifier: GPL-2.0
/*
 * streams.c - stdio, sendfile and messages on LKL descriptors
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "net.h"

static void stdio(void)
{
	char line[64];
	int fds[2];
	FILE *f;

	net_pair(fds);
	f = fdopen(fds[0], "r+");
	ok(f && fileno(f) == fds[0], "fdopen gives a stream with the number");
	ok(fprintf(f, "hello %d\n", 42) == 9 && !fflush(f), "fprintf");
	ok(read(fds[1], line, sizeof(line)) == 9 &&
	   !memcmp(line, "hello 42\n", 9), "arrives");
	must(write(fds[1], "one\ntwo\n", 8) == 8);
	ok(fgets(line, sizeof(line), f) && !strcmp(line, "one\n"),
	   "fgets reads a line");
	ok(fgets(line, sizeof(line), f) && !strcmp(line, "two\n"),
	   "and the next");
	ok(dprintf(fds[1], "%s\n", "three") == 6 &&
	   fgets(line, sizeof(line), f) && !strcmp(line, "three\n"),
	   "dprintf");
	ok(!fclose(f) && read(fds[1], line, 1) == 0, "fclose closes");
	close(fds[1]);
}

static ssize_t heard(int fd, const char *want)
{
	char got[64];
	ssize_t n = read(fd, got, sizeof(got));

	return n == (ssize_t)strlen(want) && !memcmp(got, want, n);
}

/* stdin and stdout are libc's before they are ours, and the host's afterwards. */
static void standard(void)
{
	int out = dup(STDOUT_FILENO), in = dup(STDIN_FILENO), fds[2];
	bool moved, printed, formatted, reopened, back;
	FILE *file = tmpfile();
	char line[64] = "";

	must(file);
	net_pair(fds);
	fflush(stdout);
	printf("before ");
	dup2(fds[0], STDOUT_FILENO);
	dup2(fds[0], STDIN_FILENO);
	moved = puts("and after") >= 0 && !fflush(stdout) &&
		heard(fds[1], "before and after\n");
	putchar('a');
	formatted = printf("%d", 42) == 2 && fileno(stdout) == STDOUT_FILENO &&
		    !fflush(stdout) && heard(fds[1], "a42");
	must(write(fds[1], "one\ntwo 3\n", 10) == 10);
	printed = fgets(line, sizeof(line), stdin) && !strcmp(line, "one\n") &&
		  scanf("%s", line) == 1 && !strcmp(line, "two") &&
		  getchar() == ' ' && getchar() == '3' && getchar() == '\n';
	reopened = freopen("/dev/null", "r", stdin) == stdin &&
		   fileno(stdin) == STDIN_FILENO && getchar() == EOF &&
		   feof(stdin);
	dup2(fileno(file), STDOUT_FILENO);
	back = printf("to a file") == 9 && !fflush(stdout) &&
	       pread(fileno(file), line, sizeof(line), 0) == 9;
	dup2(out, STDOUT_FILENO);
	dup2(in, STDIN_FILENO);
	ok(moved, "what stdout held goes where it is now: to a socket");
	ok(formatted, "printf");
	ok(printed, "fgets, scanf and getchar from a socket");
	ok(reopened, "freopen of stdin");
	ok(back, "stdout is a file again");
	ok(!freopen("/nonexistent/file", "r", stdin) && errno == ENOENT,
	   "freopen of what is not there");
	fclose(file);
	close(fds[0]);
	close(fds[1]);
	close(out);
	close(in);
}

#define SIZE 300000

/* A file with contents that show every misplaced byte. */
static int make_file(unsigned char *want)
{
	FILE *f = tmpfile();

	must(f);
	for (int i = 0; i < SIZE; i++)
		want[i] = i * 31 + (i >> 8);
	must(fwrite(want, 1, SIZE, f) == SIZE && !fflush(f));
	return dup(fileno(f));
}

static void transfers(void)
{
	static unsigned char want[SIZE], got[SIZE];
	int fds[2], file = make_file(want), done = 0, n, out;
	off_t off = 1000;
	struct stat st;

	net_pair(fds);
	n = 1 << 20;
	must(!setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &n, sizeof(n)));
	must(!setsockopt(fds[1], SOL_SOCKET, SO_RCVBUF, &n, sizeof(n)));
	must(!fcntl(fds[0], F_SETFL, O_NONBLOCK));
	while (off < SIZE) {
		ssize_t sent = sendfile(fds[0], file, &off, SIZE);

		must(sent > 0 || (sent < 0 && errno == EAGAIN));
		while ((n = recv(fds[1], got + done, SIZE - done,
				 MSG_DONTWAIT)) > 0)
			done += n;
	}
	close(fds[0]);
	while ((n = read(fds[1], got + done, SIZE - done)) > 0)
		done += n;
	ok(done == SIZE - 1000 && !memcmp(got, want + 1000, done),
	   "sendfile: a file to a socket, from an offset (%d bytes)", done);
	ok(lseek(file, 0, SEEK_CUR) == SIZE, "its position stays");
	errno = 0;
	ok(sendfile(fds[1], fds[1], NULL, 10) == -1 && errno == EINVAL,
	   "from a socket is EINVAL");
	off = -1;
	errno = 0;
	ok(sendfile(fds[1], file, &off, 10) == -1 && errno == EINVAL,
	   "from before the file is EINVAL");
	out = open("/dev/null", O_WRONLY);
	errno = 0;
	ok(splice(fds[1], NULL, out, NULL, 10, 0) == -1 && errno == EINVAL,
	   "splice with a socket is EINVAL");
	ok(lseek(fds[1], 0, SEEK_SET) == -1 && errno == ESPIPE,
	   "lseek is ESPIPE");
	ok(pread(fds[1], got, 1, 0) == -1 && errno == ESPIPE,
	   "pread is ESPIPE");
	ok(!fstat(fds[1], &st) && S_ISSOCK(st.st_mode), "fstat: a socket");
	close(out);
	close(fds[1]);
	close(file);
}

static void *discard(void *arg)
{
	while (recv(*(int *)arg, NULL, 1 << 20, MSG_TRUNC) > 0)
		;
	return NULL;
}

/* As much as Linux moves in one call, of a file with nothing in it. */
#define MOST 0x7ffff000L

static void bounds(void)
{
	int fds[2], file = memfd_create("sparse", 0);
	pthread_t thread;

	net_pair(fds);
	must(!ftruncate(file, MOST + 10000));
	must(!pthread_create(&thread, NULL, discard, &fds[1]));
	errno = 0;
	ok(sendfile(fds[0], file, NULL, -1) == -1 && errno == EINVAL,
	   "sendfile: less than nothing is EINVAL");
	ok(sendfile(fds[0], file, NULL, MOST + 10000) == MOST &&
	   lseek(file, 0, SEEK_CUR) == MOST, "sendfile: not all at once");
	ok(sendfile(fds[0], file, NULL, MOST) == 10000, "but in the end");
	close(fds[0]);
	must(!pthread_join(thread, NULL));
	close(fds[1]);
	close(file);
}

static void messages(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	socklen_t len = sizeof(sa);
	char buf[2][16] = { { 0 } };
	struct iovec iov[2] = { { "abc", 3 }, { "de", 2 } };
	struct mmsghdr out[2] = {
		{ .msg_hdr = { .msg_iov = &iov[0], .msg_iovlen = 2 } },
		{ .msg_hdr = { .msg_iov = &iov[1], .msg_iovlen = 1 } },
	};
	struct iovec to[2] = { { buf[0], 16 }, { buf[1], 16 } };
	struct mmsghdr in[2] = {
		{ .msg_hdr = { .msg_iov = &to[0], .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_iov = &to[1], .msg_iovlen = 1 } },
	};
	int a = socket(AF_INET, SOCK_DGRAM, 0);
	int b = socket(AF_INET, SOCK_DGRAM, 0);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(!bind(a, (struct sockaddr *)&sa, sizeof(sa)));
	must(!getsockname(a, (struct sockaddr *)&sa, &len));
	must(!connect(b, (struct sockaddr *)&sa, sizeof(sa)));
	ok(sendmmsg(b, out, 2, 0) == 2, "sendmmsg sends two");
	ok(recvmmsg(a, in, 2, 0, NULL) == 2 && in[0].msg_len == 5 &&
	   !memcmp(buf[0], "abcde", 5) && in[1].msg_len == 2 &&
	   !memcmp(buf[1], "de", 2), "recvmmsg receives both");
	ok(writev(b, iov, 2) == 5 && recv(a, buf[0], 16, 0) == 5, "writev");
	close(a);
	close(b);
}

int main(void)
{
	stdio();
	standard();
	transfers();
	bounds();
	messages();
	return tap_done();
}
