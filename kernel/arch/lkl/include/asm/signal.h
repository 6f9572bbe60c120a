/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_SIGNAL_H
#define _ASM_LKL_SIGNAL_H

#define _NSIG		64
#define _NSIG_BPW	64
#define _NSIG_WORDS	(_NSIG / _NSIG_BPW)

#ifndef __ASSEMBLY__
typedef unsigned long old_sigset_t;

typedef struct {
	unsigned long sig[_NSIG_WORDS];
} sigset_t;

#include <uapi/asm/signal.h>
#include <uapi/asm/sigcontext.h>

#define __ARCH_HAS_SA_RESTORER
#endif

#endif
