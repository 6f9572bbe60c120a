/* SPDX-License-Identifier: GPL-2.0 */
/*
 * backend_netns.h - A host network of its own for the tests of the backends
 */
#ifndef TEST_BACKEND_NETNS_H
#define TEST_BACKEND_NETNS_H

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>

#include "backend.h"

/** write_file() - Write a text to a file; return: true if it could be */
static bool write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	return file && fputs(text, file) >= 0 && !fclose(file);
}

/**
 * enter_netns() - Move this process into a new network namespace
 *
 * Users get a user namespace too, in which they are root.
 *
 * Return: false if the host does not allow it
 */
__attribute__((unused)) static bool enter_netns(void)
{
	char uids[32];

	if (!unshare(CLONE_NEWNET))
		return true;
	snprintf(uids, sizeof(uids), "0 %d 1", getuid());
	return !unshare(CLONE_NEWUSER | CLONE_NEWNET) &&
	       write_file("/proc/self/uid_map", uids);
}

/**
 * make_tap() - Make a tap device of the host that is up
 * @name:	its name
 *
 * Return: descriptor of its other side, without headers; -1: not possible
 */
__attribute__((unused)) static int make_tap(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	int sock = socket(AF_INET, SOCK_DGRAM, 0);
	bool good;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	good = !ioctl(tun, TUNSETIFF, &ifr);
	ifr.ifr_flags = IFF_UP;
	good = good && !ioctl(sock, SIOCSIFFLAGS, &ifr);
	close(sock);
	if (!good && tun >= 0)
		close(tun);
	return good ? tun : -1;
}

#endif /* TEST_BACKEND_NETNS_H */
