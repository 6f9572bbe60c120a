// SPDX-License-Identifier: GPL-2.0
/* init.c - Pid 1: a program of four bytes that "runs" the loop of syscall.c */
#include <linux/binfmts.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/file.h>
#include <linux/string.h>

static const char magic[] = "\177LKL";

static int load_lkl(struct linux_binprm *bprm)
{
	int err;

	if (memcmp(bprm->buf, magic, sizeof(magic) - 1))
		return -ENOEXEC;
	err = begin_new_exec(bprm);
	if (err)
		return err;
	setup_new_exec(bprm);
	finalize_exec(bprm);
	return 0;
}

static struct linux_binfmt lkl_binfmt = {
	.load_binary = load_lkl,
};

/* After every other initcall, so that the root file system is there. */
static int __init lkl_make_init(void)
{
	struct file *file;
	loff_t pos = 0;
	ssize_t n;

	insert_binfmt(&lkl_binfmt);
	file = filp_open("/init", O_CREAT | O_WRONLY, 0700);
	if (IS_ERR(file))
		return PTR_ERR(file);
	n = kernel_write(file, magic, sizeof(magic) - 1, &pos);
	__fput_sync(file);
	return n < 0 ? n : 0;
}
late_initcall_sync(lkl_make_init);
