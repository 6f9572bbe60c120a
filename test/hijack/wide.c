// SPDX-License-Identifier: GPL-2.0
/*
 * wide.c - stdio on LKL descriptors as libc has it: wide characters, streams
 * whose number becomes a socket, modes
 */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/socket.h>
#include <wchar.h>

#include "net.h"

/* "gruen" and "ja" in their own letters: two bytes, three and four. */
#define TEXT	L"gr\u00fcn \u20ac \U0001f600\n"
#define BYTES	"gr\xc3\xbcn \xe2\x82\xac \xf0\x9f\x98\x80\n"

static bool heard(int fd, const char *want)
{
	size_t len = strlen(want), got = 0;
	char buf[256];
	ssize_t n = 1;

	for (; got < len && n > 0; got += n)
		n = read(fd, buf + got, len - got);
	return got == len && !memcmp(buf, want, len);
}

static bool say(int fd, const char *text)
{
	return write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static void input(void)
{
	wchar_t line[64], word[16];
	int fds[2], n = 0;
	FILE *f;

	net_pair(fds);
	f = fdopen(fds[0], "r");
	must(f && say(fds[1], BYTES "x" BYTES "7 \xe2\x82\xac\xe2\x82\xac 12\n"));
	ok(fwide(f, 0) == 0 && fgetwc(f) == L'g' && fwide(f, 0) > 0,
	   "fgetwc makes a stream wide");
	ok(getwc(f) == L'r' && getwc_unlocked(f) == L'\u00fc', "getwc");
	ok(ungetwc(L'\u00fc', f) == L'\u00fc' && fgetwc(f) == L'\u00fc',
	   "ungetwc");
	ok(fgetws(line, 64, f) && !wcscmp(line, TEXT + 3),
	   "fgetws reads the rest of a line");
	ok(fgetwc(f) == L'x' && fgetws(line, 64, f) && !wcscmp(line, TEXT),
	   "and another one");
	ok(fwscanf(f, L"%d %15ls%d", &n, word, &n) == 3 && n == 12 &&
	   !wcscmp(word, L"\u20ac\u20ac"), "fwscanf");
	must(say(fds[1], "\n\xe2\x82"));
	ok(fgetwc(f) == L'\n' && fgetwc(f) == L'\n', "the end of the line");
	must(say(fds[1], "\xac"));
	ok(fgetwc(f) == L'\u20ac', "a character in two parts");
	must(say(fds[1], "\xff\n"));
	ok(fgetwc(f) == WEOF && errno == EILSEQ && ferror(f),
	   "bytes that are none: EILSEQ");
	ok(!fclose(f) && fcntl(fds[0], F_GETFD) < 0, "fclose closes");
	close(fds[1]);
}

static void output(void)
{
	int fds[2];
	FILE *f;

	net_pair(fds);
	f = fdopen(fds[0], "w");
	ok(f && fputwc(L'\u00fc', f) == L'\u00fc' && putwc(L'!', f) == L'!' &&
	   fputws(TEXT, f) >= 0 && fwprintf(f, L"%d %ls\n", 42, L"\u20ac") == 5 &&
	   !fflush(f) && heard(fds[1], "\xc3\xbc!" BYTES "42 \xe2\x82\xac\n"),
	   "fputwc, putwc, fputws, fwprintf");
	ok(fwide(f, -1) > 0, "it stays wide");
	setvbuf(f, NULL, _IOLBF, 0);
	ok(fputws(TEXT, f) >= 0 && heard(fds[1], BYTES), "by lines");
	ok(!fclose(f) && read(fds[1], &f, 1) == 0, "fclose closes");
	close(fds[1]);

	net_pair(fds);
	f = fdopen(fds[0], "r+");
	must(f && fputws(L"\u20ac\n", f) >= 0 && say(fds[1], "\xc3\xbc\n"));
	fflush(f);
	ok(fgetwc(f) == L'\u00fc' && heard(fds[1], "\xe2\x82\xac\n"),
	   "in both directions");
	shutdown(fds[1], SHUT_WR);
	ok(fgetwc(f) == L'\n' && fgetwc(f) == WEOF && feof(f) && !ferror(f),
	   "the end of the stream");
	fclose(f);
	close(fds[1]);
}

/* stdin and stdout; the results are printed when they are back. */
static void standard(void)
{
	int fds[2], in = dup(STDIN_FILENO), out = dup(STDOUT_FILENO);
	bool reads, writes;
	wchar_t line[64];
	FILE *f;

	net_pair(fds);
	fflush(stdout);
	dup2(fds[0], STDIN_FILENO);
	must(say(fds[1], BYTES "a" BYTES));
	reads = getwchar() == L'g' && fgetws(line, 64, stdin) &&
		!wcscmp(line, TEXT + 1) && fgetwc(stdin) == L'a';
	dup2(in, STDIN_FILENO);
	f = fdopen(dup(STDOUT_FILENO), "w");
	must(f && dup2(fds[0], fileno(f)) == fileno(f));
	writes = fputws(TEXT, f) >= 0 && !fflush(f) && heard(fds[1], BYTES);
	dup2(out, fileno(f));
	writes &= fputws(L"# and back\n", f) > 0;
	fclose(f);
	ok(reads, "stdin");
	ok(writes, "a stream of libc that becomes a socket, and a file again");
	close(in);
	close(out);
	close(fds[0]);
	close(fds[1]);
}

/* A stream of bytes on a file, whose number becomes a socket. */
static void turned(void)
{
	FILE *f = tmpfile(), *old = f;
	char line[64];
	int fds[2], n;

	net_pair(fds);
	must(f);
	n = fileno(f);
	must(fputs("file\n", f) >= 0 && !fflush(f));
	must(dup2(fds[0], n) == n);
	ok(fputs("socket\n", f) >= 0 && !fflush(f) && heard(fds[1], "socket\n"),
	   "fputs");
	must(say(fds[1], "answer\n"));
	ok(fgets(line, 64, f) && !strcmp(line, "answer\n"), "fgets");
	f = freopen("/proc/net/dev", "r", f);
	ok(f == old && fileno(f) == n && fgets(line, 64, f) &&
	   !strncmp(line, "Inter-|", 7) && fputc('x', f) == EOF,
	   "freopen as a file of the LKL kernel, to read only");
	f = freopen("/dev/null", "w", f);
	ok(f == old && fileno(f) == n && fputc('x', f) == 'x' && !fflush(f) &&
	   fgetc(f) == EOF && ferror(f), "and as one of the host, to write only");
	fclose(f);
	f = fopen("/etc/passwd", "r");
	ok(f && freopen("/proc/net/dev", "r", f) == f && fgets(line, 64, f) &&
	   !strncmp(line, "Inter-|", 7), "a file of the host as one of LKL's");
	fclose(f);
	close(fds[0]);
	close(fds[1]);
}

static void modes(void)
{
	int fds[2], dev = open("/proc/net/dev", O_RDONLY);
	FILE *f;

	net_pair(fds);
	errno = 0;
	ok(!fdopen(dev, "w") && errno == EINVAL,
	   "fdopen: nothing can be written to a file that is read");
	errno = 0;
	ok(!fdopen(dev, "r+") && errno == EINVAL, "nor if it is both");
	errno = 0;
	ok(!fdopen(fds[0], "z") && errno == EINVAL, "no mode");
	f = fdopen(fds[0], "r");
	errno = 0;
	ok(f && fputc('x', f) == EOF && errno == EBADF, "read only");
	clearerr(f);
	fclose(f);
	f = fdopen(fds[1], "a");
	errno = 0;
	ok(f && fgetc(f) == EOF && errno == EBADF, "append only");
	errno = 0;
	clearerr(f);
	signal(SIGPIPE, SIG_IGN);
	while (fputc('x', f) != EOF && fflush(f) != EOF)
		;
	ok(errno == EPIPE && ferror(f), "a broken connection: an error");
	ok(fseek(f, 0, SEEK_SET) < 0 && ftell(f) < 0, "it cannot be positioned");
	fclose(f);
	close(dev);
}

int main(void)
{
	must(setlocale(LC_CTYPE, "C.UTF-8"));
	input();
	output();
	standard();
	turned();
	modes();
	return tap_done();
}
