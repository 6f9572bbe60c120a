// SPDX-License-Identifier: GPL-2.0
/*
 * backend_vde.c - The backend of a VDE switch
 */
#include <fcntl.h>
#include <sys/wait.h>

#include "backend.h"
#include "backend_frames.h"

/**
 * start_switch() - Start a switch
 * @dir:	where
 * @console:	receives a descriptor; the switch ends when it is closed
 *
 * Return: its process
 */
static pid_t start_switch(const char *dir, int *console)
{
	int ends[2];
	pid_t pid;

	must(!pipe2(ends, O_CLOEXEC));
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(ends[0], 0);
		dup2(null, 1);
		dup2(null, 2);
		execlp("vde_switch", "vde_switch", "-sock", dir, NULL);
		_exit(127);
	}
	close(ends[0]);
	*console = ends[1];
	return pid;
}

/** join() - Connect to the switch as soon as it is there */
static struct lkl_netdev *join(const char *dir)
{
	struct lkl_netdev *nd = NULL;

	for (int i = 0; i < SOON / 10 && !nd; i++) {
		nd = lkl_netdev_vde_create(dir);
		if (!nd)
			usleep(10000);
	}
	return nd;
}

int main(void)
{
	char base[] = "/tmp/lkl-vde-XXXXXX", dir[40], buf[2048];
	struct arp_frame q = arp_frame("\xff\xff\xff\xff\xff\xff",
				       ARPOP_REQUEST, 1, 2);
	struct lkl_netdev *one, *two;
	pid_t pid;
	int console;

	refused(lkl_netdev_vde_create(NULL), "directory of a VDE switch");
#ifdef __SANITIZE_ADDRESS__
	skip_rest("libvdeplug loads its modules in a way that ASan refuses");
#endif
	one = lkl_netdev_vde_create("/nonexistent/switch");
	if (strstr(lkl_netdev_error(), "apt-get install"))
		skip_rest("no libvdeplug");
	refused(one, "/nonexistent/switch: No such file");
	if (system("command -v vde_switch >/dev/null"))
		skip_rest("no vde_switch");

	must(mkdtemp(base));
	snprintf(dir, sizeof(dir), "%s/switch", base);
	pid = start_switch(dir, &console);
	one = join(dir);
	two = join(dir);
	must(one && two);
	ok(!one->vnet_hdr && fcntl(one->fd, F_GETFL) & O_NONBLOCK &&
	   fcntl(one->fd, F_GETFD) & FD_CLOEXEC, "a backend without header");
	ok(rx(one, buf, sizeof(buf)) == -EAGAIN, "nothing to receive");
	ok(tx(one, &q, sizeof(q)) == sizeof(q), "a frame is sent");
	ok(rx_within(two, buf, sizeof(buf), SOON) == sizeof(q) &&
	   !memcmp(buf, &q, sizeof(q)), "and arrives at another port");
	ok(tx(one, buf, 65536) == -EMSGSIZE, "frames have a limit");
	close(console);
	waitpid(pid, NULL, 0);
	ok(tx(one, &q, sizeof(q)) < 0, "without a switch sending fails");
	one->ops->free(one);
	two->ops->free(two);
	rmdir(dir);
	rmdir(base);
	return tap_done();
}
