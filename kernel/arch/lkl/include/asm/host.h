/* SPDX-License-Identifier: GPL-2.0 */
/* The one way to the host: lkl_host.h and the operations it gave us. */
#ifndef _ASM_LKL_HOST_H
#define _ASM_LKL_HOST_H

#include <linux/compiler.h>

#pragma GCC visibility push(default)
#include <lkl_host.h>
#pragma GCC visibility pop

extern const struct lkl_host_ops *lkl_host;

#endif
