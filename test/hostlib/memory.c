// SPDX-License-Identifier: GPL-2.0
/* memory.c - Pages of the kernel's memory at second addresses */
#include <lkl.h>
#include <lkl_posix.h>
#include <lkl_host.h>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../hijack/tap.h"

#define PAGE	4096UL
#define SIZE	(64UL << 20)
#define ALIGN	(4UL << 20)
#define COUNT	64
#define ROUNDS	2000

static const struct lkl_host_ops *ops = &lkl_host_ops;
static char *arena;

static char *page(unsigned long number)
{
	return arena + number * PAGE;
}

/** resident_kib() - Return: resident set of the process in KiB */
static long resident_kib(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[256];
	long kib = -1;

	while (kib < 0 && fgets(line, sizeof(line), status))
		sscanf(line, "VmRSS: %ld", &kib);
	fclose(status);
	return kib;
}

/** mappings() - Return: number of mappings of the process */
static int mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	int c, lines = 0;

	while ((c = getc(maps)) != EOF)
		lines += c == '\n';
	fclose(maps);
	return lines;
}

/* Pages in an order of which no two are neighbours. */
static void test_scattered(void)
{
	void *pages[COUNT];
	bool same = true, kept = true;
	char *alias, *other;

	for (int i = 0; i < COUNT; i++) {
		pages[i] = page(1000 + i * 7 % COUNT * 2);
		memset(pages[i], i, PAGE);
	}
	alias = ops->mem_alias(pages, COUNT);
	ok(alias, "scattered pages have a second address");
	other = ops->mem_alias(pages, COUNT);
	ok(other && other != alias, "and a third");
	for (int i = 0; i < COUNT; i++) {
		char *here = pages[i];

		kept &= here[0] == i && alias[i * PAGE] == i &&
			here[PAGE - 1] == i && other[i * PAGE + 5] == i;
		here[1] = 'p';
		alias[i * PAGE + 2] = 'a';
		other[i * PAGE + 3] = 'o';
		same &= !memcmp(here + 1, "pao", 3) &&
			!memcmp(alias + i * PAGE + 1, "pao", 3) &&
			!memcmp(other + i * PAGE + 1, "pao", 3);
	}
	ok(kept, "the contents are what they were");
	ok(same, "what is written at one address is read at the others");
	ok(page(999)[0] == 0 && page(1001)[0] == 0, "neighbours are untouched");
	ops->mem_unalias(alias, COUNT);
	ops->mem_unalias(other, COUNT);
	ok(!memcmp((char *)pages[3] + 1, "pao", 3),
	   "the pages stay when the other addresses go");
}

/* A page twice in one mapping, runs that go up, and down. */
static void test_orders(void)
{
	void *pages[] = { page(20), page(21), page(22), page(20), page(19),
			  page(18) };
	volatile char *alias;

	memset(page(18), 0, 5 * PAGE);
	alias = ops->mem_alias(pages, 6);
	ok(alias, "runs, and a page twice");
	alias[0] = 'a';
	ok(alias[3 * PAGE] == 'a' && page(20)[0] == 'a', "it is the same page");
	alias[2 * PAGE - 1] = 'b';
	alias[5 * PAGE] = 'c';
	ok(page(21)[PAGE - 1] == 'b' && page(18)[0] == 'c', "in the order given");
	ops->mem_unalias((void *)alias, 6);
}

static void test_costs(void)
{
	unsigned int seed = 1;
	int before = mappings();
	bool right = true;
	long rss;

	memset(page(4096), 1, 2048 * PAGE);
	rss = resident_kib();
	for (int round = 0; round < ROUNDS; round++) {
		void *pages[4];
		char *alias;

		for (int i = 0; i < 4; i++) {
			seed = seed * 1103515245 + 12345;
			pages[i] = page(4096 + (seed >> 8) % 2048);
		}
		alias = ops->mem_alias(pages, 4);
		if (!alias) {
			right = false;
			break;
		}
		alias[2 * PAGE + 9] = round;
		right &= ((char *)pages[2])[9] == (char)round;
		ops->mem_unalias(alias, 4);
	}
	ok(right, "%d times pages at random", ROUNDS);
	ok(resident_kib() < rss + 1024,
	   "the resident set does not grow: %ld KiB, then %ld", rss,
	   resident_kib());
	ok(mappings() < before + 400,
	   "neighbours become one mapping: %d, then %d", before, mappings());
}

/* A child that touches what it should not have is ended by a signal. */
static bool child_can_read(const char *address)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(*(volatile const char *)address & 0);
	waitpid(pid, &status, 0);
	return !WIFSIGNALED(status);
}

static void test_fork(void)
{
	void *pages[2] = { page(300), page(200) };
	char *alias;

	*page(200) = 'x';
	alias = ops->mem_alias(pages, 2);
	ok(alias && alias[PAGE] == 'x', "before a fork");
	ok(!child_can_read(page(200)) && !child_can_read(alias + PAGE) &&
	   !child_can_read(page(201)), "a child has neither page nor alias");
	ok(child_can_read((char *)&pages), "but its own memory");
	ops->mem_unalias(alias, 2);
}

int main(void)
{
	arena = ops->mem_reserve(SIZE, ALIGN);
	ok(arena && !((unsigned long)arena % ALIGN), "memory, aligned");
	test_scattered();
	test_orders();
	test_costs();
	test_fork();
	ops->mem_release(arena, SIZE);
	return tap_done();
}
