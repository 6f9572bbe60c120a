/* SPDX-License-Identifier: GPL-2.0 */
/* No MMU: nothing to tell <linux/vmalloc.h>. */
