// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - Disks: image files, partitions, flush and discard, file systems
 *
 * Makes its images with mkfs.ext4 and sfdisk in a directory of its own. As
 * root, block devices are tested too, on a loop device.
 */
#include <lkl.h>

#include <fcntl.h>
#include <linux/loop.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../hijack/tap.h"

#define MIB	(1L << 20)

static char work[] = "/tmp/lkl-disk-XXXXXX";

/** sh() - Run a command line in the work directory; return: did it succeed */
__attribute__((format(printf, 1, 2)))
static bool sh(const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int len;

	len = snprintf(line, sizeof(line), "cd %s && PATH=$PATH:/sbin:/usr/sbin; ",
		       work);
	va_start(ap, fmt);
	vsnprintf(line + len, sizeof(line) - len, fmt, ap);
	va_end(ap);
	return !system(line);
}

/** image() - Path of a file in the work directory */
static const char *image(const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%s", work, name);
	return path;
}

static long allocated(const char *name)
{
	struct stat st;

	return stat(image(name), &st) ? -1 : st.st_blocks * 512;
}

static struct lkl_disk open_disk(const char *name, int mode)
{
	struct lkl_disk disk = { .fd = open(image(name), mode | O_CLOEXEC) };

	must(disk.fd >= 0);
	return disk;
}

static void drop(struct lkl_disk disk)
{
	ok(!lkl_disk_remove(disk), "a disk is removed");
	close(disk.fd);
}

/** write_file() - Make a file of @len bytes; return: 0 or an error */
static long write_file(const char *dir, const char *name, long len, int sync)
{
	static char data[65536];
	char path[64];
	long fd, n = 0;

	memset(data, 'd', sizeof(data));
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = lkl_sys_open(path, LKL_O_CREAT | LKL_O_WRONLY | LKL_O_TRUNC, 0644);
	if (fd < 0)
		return fd;
	while (len > 0 && n >= 0) {
		n = lkl_sys_write(fd, data, len < (long)sizeof(data) ? len :
				  (long)sizeof(data));
		len -= n;
	}
	if (n >= 0 && sync)
		n = lkl_sys_fsync(fd);
	lkl_sys_close(fd);
	return n < 0 ? n : 0;
}

static long file_size(const char *dir, const char *name)
{
	struct lkl_stat st;
	char path[64];
	long err;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	err = lkl_sys_stat(path, &st);
	return err ? err : st.st_size;
}

/* Before the boot: a disk that is there from the start, one that is not. */
static struct lkl_disk boot_disk, gone_disk;
static int boot_id;

static void add_boot_disks(void)
{
	gone_disk = open_disk("gone", O_RDWR);
	boot_disk = open_disk("ext4", O_RDWR);
	must(lkl_disk_add(&gone_disk) >= 0);
	boot_id = lkl_disk_add(&boot_disk);
	ok(boot_id >= 0, "a disk is added before the boot");
	drop(gone_disk);
}

static void test_numbers(void)
{
	unsigned int dev = 0, none;
	int err = lkl_get_virtio_blkdev(boot_id, 0, &dev);

	ok(!err && dev, "lkl_get_virtio_blkdev: %x", dev);
	ok(lkl_get_virtio_blkdev(boot_id, 1, &none) == -LKL_ENXIO,
	   "no such partition: ENXIO");
	ok(lkl_get_virtio_blkdev(boot_id + 7, 0, &none) == -LKL_ENODEV &&
	   lkl_get_virtio_blkdev(-1, 0, &none) == -LKL_ENODEV,
	   "no such disk: ENODEV");
}

static void test_mount(void)
{
	char mnt[16], small[8];
	long fd;

	ok(lkl_mount_dev(boot_id, 0, "ext4", 0, NULL, small, sizeof(small)) ==
	   -LKL_ENAMETOOLONG, "no room for the mount point");
	ok(lkl_mount_dev(boot_id, 0, "xfs", 0, NULL, mnt, sizeof(mnt)) ==
	   -LKL_EINVAL, "the wrong type: EINVAL");
	ok(lkl_mount_dev(boot_id, 0, "nofs", 0, NULL, mnt, sizeof(mnt)) ==
	   -LKL_ENODEV, "an unknown type: ENODEV");
	ok(!lkl_mount_dev(boot_id, 0, "ext4", 0, "nodelalloc", mnt, sizeof(mnt)),
	   "mount, with an option");
	ok(lkl_mount_dev(boot_id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)) ==
	   -LKL_EBUSY, "mount again: EBUSY");
	ok(!write_file(mnt, "a", 3 * MIB, 1), "write 3 MiB and fsync");
	ok(file_size(mnt, "a") == 3 * MIB, "the file is there");

	fd = lkl_sys_open(mnt, LKL_O_RDONLY, 0);
	ok(lkl_umount_dev(boot_id, 0, 0, 30) == -LKL_EBUSY,
	   "unmount while in use: EBUSY after a while");
	lkl_sys_close(fd);
	ok(!lkl_umount_dev(boot_id, 0, 0, 1000), "unmount");
	ok(sh("e2fsck -fn ext4 >/dev/null 2>&1"), "e2fsck finds nothing");
	ok(sh("test \"$(debugfs -R 'cat a' ext4 2>/dev/null | tr -d d | wc -c)\" "
	      "= 0 && debugfs -R 'stat a' ext4 2>/dev/null | "
	      "grep -q 'Size: 3145728'"), "debugfs reads what was written");
}

static void test_auto(void)
{
	struct lkl_disk empty = open_disk("empty", O_RDWR);
	char mnt[16];
	int id;

	ok(!lkl_mount_dev(boot_id, 0, "auto", LKL_MS_RDONLY, NULL, mnt,
			  sizeof(mnt)) && file_size(mnt, "a") == 3 * MIB,
	   "mount of type auto");
	ok(!lkl_umount_dev(boot_id, 0, 0, 1000), "unmount");
	id = lkl_disk_add(&empty);
	ok(id >= 0, "a disk is added while the kernel runs");
	ok(lkl_mount_dev(id, 0, "auto", 0, NULL, mnt, sizeof(mnt)) ==
	   -LKL_EMEDIUMTYPE, "nothing to mount: EMEDIUMTYPE");
	drop(empty);
}

static void test_discard(void)
{
	struct lkl_fstrim_range range = { .len = ~0ULL };
	char mnt[16], path[64];
	long before, fd;

	must(!lkl_mount_dev(boot_id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	must(!write_file(mnt, "big", 20 * MIB, 1));
	before = allocated("ext4");
	snprintf(path, sizeof(path), "%s/big", mnt);
	must(!lkl_sys_unlink(path));
	lkl_sys_sync();
	fd = lkl_sys_open(mnt, LKL_O_RDONLY, 0);
	ok(!lkl_sys_ioctl(fd, LKL_FITRIM, (long)&range), "trim");
	lkl_sys_close(fd);
	ok(before - allocated("ext4") >= 20 * MIB,
	   "the image has given back what a file took");
	must(!lkl_umount_dev(boot_id, 0, 0, 1000));
	ok(sh("e2fsck -fn ext4 >/dev/null 2>&1"), "e2fsck finds nothing");
}

static void test_zeroes(void)
{
	struct lkl_disk disk = open_disk("zero", O_RDWR);
	unsigned long long range[2] = { MIB, 2 * MIB };
	unsigned int dev;
	char data[4096];
	long fd, before;
	int id;

	id = lkl_disk_add(&disk);
	must(!lkl_get_virtio_blkdev(id, 0, &dev));
	must(!lkl_sys_mknod("/zero", LKL_S_IFBLK | 0600, dev));
	fd = lkl_sys_open("/zero", LKL_O_RDWR, 0);
	before = allocated("zero");
	ok(!lkl_sys_ioctl(fd, LKL_BLKZEROOUT, (long)range), "write zeroes");
	lkl_sys_pread64(fd, data, sizeof(data), 2 * MIB);
	ok(!data[0] && !data[4095], "they read as zeros");
	ok(sh("cmp -s -i 1048576 -n 2097152 zero /dev/zero"),
	   "they are zeros on the host");
	ok(allocated("zero") == before, "the storage is still there");
	ok(sh("test $(head -c 1048576 zero | tr -d z | wc -c) = 0"),
	   "what is beside them is not touched");
	lkl_sys_close(fd);
	lkl_sys_unlink("/zero");
	drop(disk);
}

static void test_read_only(void)
{
	struct lkl_disk disk = open_disk("dirty", O_RDONLY);
	char mnt[16];
	int id;

	must(sh("cksum dirty > sum"));
	id = lkl_disk_add(&disk);
	ok(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)) < 0,
	   "an image that cannot be written is not mounted for writing");
	ok(lkl_mount_dev(id, 0, "ext4", LKL_MS_RDONLY, NULL, mnt,
			 sizeof(mnt)) < 0,
	   "nor for reading while its journal must be replayed");
	drop(disk);

	disk = open_disk("dirty", O_RDWR);
	disk.flags = LKL_DISK_READONLY;
	id = lkl_disk_add(&disk);
	ok(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)) < 0,
	   "the same with LKL_DISK_READONLY");
	drop(disk);

	disk = open_disk("dirty", O_RDONLY);
	disk.flags = LKL_DISK_SCRATCH;
	id = lkl_disk_add(&disk);
	ok(!lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)),
	   "with LKL_DISK_SCRATCH it is");
	ok(file_size(mnt, "a") == MIB, "the journal was replayed");
	ok(!write_file(mnt, "b", 5 * MIB, 1) && file_size(mnt, "b") == 5 * MIB,
	   "it can be written to");
	ok(!lkl_umount_dev(id, 0, 0, 1000) &&
	   !lkl_mount_dev(id, 0, "ext4", LKL_MS_RDONLY, NULL, mnt,
			  sizeof(mnt)) && file_size(mnt, "b") == 5 * MIB &&
	   !lkl_umount_dev(id, 0, 0, 1000), "what was written stays a while");
	drop(disk);
	ok(sh("cksum dirty | cmp -s - sum"), "the image has not changed");
}

/* A second kernel, killed with the journal in use, leaves a dirty image. */
static void make_dirty(const char *self)
{
	ok(sh("cp --sparse=always fresh dirty") &&
	   !sh("{ %s --dirty %s/dirty; } 2>/dev/null", self, work) &&
	   sh("dumpe2fs -h dirty 2>/dev/null | grep -q needs_recovery"),
	   "a kernel that is killed leaves a journal to be replayed");
}

static int dirty_main(const char *path)
{
	struct lkl_disk disk = { .fd = open(path, O_RDWR) };
	char mnt[16];
	int id;

	must(!lkl_init(&lkl_host_ops) && !lkl_start_kernel("loglevel=0"));
	id = lkl_disk_add(&disk);
	must(!lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	must(!write_file(mnt, "a", MIB, 1));
	kill(getpid(), SIGKILL);
	return 0;
}

static void test_partitions(const char *name, unsigned int sector_size)
{
	struct lkl_disk disk = open_disk(name, O_RDWR);
	char mnt[2][16];
	int id;

	id = lkl_disk_add(&disk);
	ok(!lkl_mount_dev(id, 1, "ext4", 0, NULL, mnt[0], 16) &&
	   !lkl_mount_dev(id, 2, "auto", 0, NULL, mnt[1], 16) &&
	   strcmp(mnt[0], mnt[1]),
	   "%s, sectors of %u: both partitions are mounted", name,
	   sector_size);
	ok(!write_file(mnt[0], "one", 1, 0) && !write_file(mnt[1], "two", 2, 0),
	   "they are two file systems");
	ok(lkl_mount_dev(id, 3, "ext4", 0, NULL, mnt[0], 16) == -LKL_ENXIO,
	   "there is no third");
	ok(!lkl_umount_dev(id, 1, 0, 1000) && !lkl_umount_dev(id, 2, 0, 1000),
	   "unmount");
	drop(disk);
}

/* Add and remove disks while another is in use. */
static void test_hotplug(void)
{
	int bad = 0, id;
	char mnt[16], other[16];

	must(!lkl_mount_dev(boot_id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	for (int i = 0; i < 100; i++) {
		struct lkl_disk disk = open_disk("fresh", O_RDWR);

		id = lkl_disk_add(&disk);
		bad += id < 0 ||
		       lkl_mount_dev(id, 0, "ext4", 0, NULL, other, 16) ||
		       write_file(other, "x", i, 0) ||
		       write_file(mnt, "x", i, 0) ||
		       lkl_umount_dev(id, 0, 0, 1000) ||
		       lkl_disk_remove(disk);
		close(disk.fd);
	}
	ok(!bad, "100 times: add, mount, write, unmount, remove");
	must(!lkl_umount_dev(boot_id, 0, 0, 1000));
	ok(sh("e2fsck -fn fresh >/dev/null 2>&1 && "
	      "e2fsck -fn ext4 >/dev/null 2>&1"), "e2fsck finds nothing");
}

static void test_large(void)
{
	struct lkl_disk disk = open_disk("large", O_RDWR);
	int id = lkl_disk_add(&disk);
	char mnt[16];

	ok(id >= 0 && !lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, 16) &&
	   !write_file(mnt, "a", MIB, 1) && !lkl_umount_dev(id, 0, 0, 1000) &&
	   sh("e2fsck -fn large >/dev/null 2>&1"), "an image of 8 TiB");
	drop(disk);
}

static void test_errors(void)
{
	struct lkl_disk disk = { .fd = open("/dev/null", O_RDWR) };
	char mnt[16];
	int id;

	ok(lkl_disk_add(&disk) == -LKL_ENOTBLK, "not a disk: ENOTBLK");
	close(disk.fd);
	disk.fd = -1;
	ok(lkl_disk_add(&disk) == -LKL_EBADF, "not open: EBADF");
	disk = open_disk("fresh", O_WRONLY);
	ok(lkl_disk_add(&disk) == -LKL_EBADF, "not readable: EBADF");
	close(disk.fd);
	disk = open_disk("fresh", O_RDWR);
	disk.sector_size = 1024;
	ok(lkl_disk_add(&disk) == -LKL_EINVAL, "strange sectors: EINVAL");
	ok(lkl_disk_remove(disk) == -LKL_ENODEV, "not added: ENODEV");
	disk.sector_size = 0;
	id = lkl_disk_add(&disk);
	must(!ftruncate(disk.fd, 64 << 10));
	ok(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)) < 0,
	   "an image that was cut off is an error");
	drop(disk);
}

static void test_block_device(void)
{
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	struct lkl_disk disk = { .fd = -1 };
	char path[32], mnt[16];
	int file, id;

	snprintf(path, sizeof(path), "/dev/loop%d",
		 control < 0 ? -1 : ioctl(control, LOOP_CTL_GET_FREE));
	disk.fd = open(path, O_RDWR | O_CLOEXEC);
	file = open(image("loop"), O_RDWR | O_CLOEXEC);
	if (disk.fd < 0 || ioctl(disk.fd, LOOP_SET_FD, file)) {
		printf("# no loop device: block devices are not tested\n");
		return;
	}
	id = lkl_disk_add(&disk);
	ok(id >= 0 && !lkl_mount_dev(id, 0, "auto", 0, NULL, mnt, 16) &&
	   !write_file(mnt, "a", 3 * MIB, 1) && !lkl_umount_dev(id, 0, 0, 1000),
	   "a block device");
	ok(!lkl_disk_remove(disk), "a disk is removed");
	ioctl(disk.fd, LOOP_CLR_FD);
	close(disk.fd);
	close(file);
	ok(sh("e2fsck -fn loop >/dev/null 2>&1"), "e2fsck finds nothing");
}

/* Two partitions of 30 MiB, the first at 1 MiB. */
static void make_file_systems(const char *name)
{
	for (int i = 0; i < 2; i++)
		must(sh("mkfs.ext4 -q -F -b 4096 -E nodiscard,offset=%ld "
			"%s 28M", i * 30 * MIB + MIB, name));
}

static void make_partitions(const char *name, const char *label)
{
	must(sh("truncate -s 64M %s && "
		"printf 'label:%s\\nsize=30M\\n,30M\\n' | sfdisk -q %s",
		name, label, name));
	make_file_systems(name);
}

/* Only root can have a partition table made for sectors of 4096 bytes. */
static bool have_gpt4k;

static void make_images(void)
{
	static const char mkfs[] = "mkfs.ext4 -q -E nodiscard";

	must(sh("truncate -s 64M ext4 gone empty && %s ext4", mkfs));
	must(sh("truncate -s 64M fresh && %s fresh && cp fresh loop", mkfs));
	must(sh("truncate -s 8T large && %s -O ^resize_inode "
		"-E lazy_itable_init=1,nodiscard -J size=4 large", mkfs));
	must(sh("head -c 4194304 /dev/zero | tr '\\0' z > zero"));
	make_partitions("mbr", "dos");
	make_partitions("gpt", "gpt");
	have_gpt4k = sh("truncate -s 64M gpt4k && test $(id -u) = 0 && "
			"dev=$(losetup -b 4096 --show -f gpt4k) && "
			"{ printf 'label:gpt\\nsize=30M\\n,30M\\n' | "
			"sfdisk -q $dev 2>/dev/null; losetup -d $dev; }");
	if (have_gpt4k)
		make_file_systems("gpt4k");
}

int main(int argc, char **argv)
{
	char self[4096] = "";

	if (argc == 3 && !strcmp(argv[1], "--dirty"))
		return dirty_main(argv[2]);
	must(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	must(mkdtemp(work));
	make_images();
	make_dirty(self);

	must(!lkl_init(&lkl_host_ops));
	add_boot_disks();
	must(!lkl_start_kernel("mem=64M loglevel=%d", argc > 1 ? 7 : 0));
	test_numbers();
	test_mount();
	test_auto();
	test_discard();
	test_zeroes();
	test_read_only();
	test_partitions("mbr", 512);
	test_partitions("gpt", 512);
	if (have_gpt4k)
		test_partitions("gpt4k", 4096);
	test_hotplug();
	test_large();
	test_block_device();
	drop(boot_disk);
	test_errors();
	lkl_cleanup();
	sh("rm -rf %s", work);
	return tap_done();
}
