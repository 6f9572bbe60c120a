// SPDX-License-Identifier: GPL-2.0
/*
 * caller.c - Create files for who asked for them
 *
 * The host's kernel has checked that they may. In the LKL kernel the thread
 * takes on their ids, so that new files have the right owner from the first
 * moment on, and their umask, which counts only where a directory has no default
 * ACL; but it keeps the capabilities of root, as supplementary groups are not
 * known here.
 */
#include <stddef.h>

#include <lkl/linux/capability.h>

#include "fuse/lklfuse.h"

#define CLONE_FS	0x200

/* What this thread has as root; version 0: not known yet. */
static __thread struct __lkl__user_cap_header_struct header;
static __thread struct __lkl__user_cap_data_struct
	caps[_LKL_LINUX_CAPABILITY_U32S_3];

/* Have a umask of one's own, and know one's capabilities. */
static void prepare_thread(void)
{
	if (header.version)
		return;
	header.version = _LKL_LINUX_CAPABILITY_VERSION_3;
	lkl_sys_unshare(CLONE_FS);
	lkl_sys_capget(&header, caps);
}

/** caller_become() - Create as the sender of a request, until caller_leave() */
void caller_become(fuse_req_t req)
{
	const struct fuse_ctx *ctx = fuse_req_ctx(req);

	prepare_thread();
	lkl_sys_umask(ctx->umask);
	if (ctx->gid)
		lkl_sys_setfsgid(ctx->gid);
	if (ctx->uid) {
		lkl_sys_setfsuid(ctx->uid);
		lkl_sys_capset(&header, caps);
	}
}

/** caller_leave() - Be root again */
void caller_leave(fuse_req_t req)
{
	const struct fuse_ctx *ctx = fuse_req_ctx(req);

	if (ctx->uid)
		lkl_sys_setfsuid(0);
	if (ctx->gid)
		lkl_sys_setfsgid(0);
}
