// SPDX-License-Identifier: GPL-2.0
/*
 * thread.c - Threads of a trapped program
 *
 * The program makes a thread with clone(); we make one with our libc, so that
 * it has both a thread pointer of ours and the kernel's own idea of it, and let
 * it go on in the program with the registers that clone() would have given
 * it. It leaves through the end of our start routine: what our libc and liblkl
 * do for a thread that ends is then done.
 */
#include "trap.h"

#include <linux/futex.h>
#include <sched.h>

/* What clone() must be asked for, and may be. */
#define THREAD_MUST	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | \
			 CLONE_THREAD)
#define THREAD_MAY	(THREAD_MUST | CLONE_SYSVSEM | CLONE_SETTLS | \
			 CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | \
			 CLONE_CHILD_CLEARTID | CLONE_DETACHED)

/* Threads of the program, and the status that the first has ended with. */
static int threads = 1;
static int main_status;

/** trap_threads_forked() - In the child of a fork: only this thread is there */
void trap_threads_forked(void)
{
	threads = 1;
}

/**
 * trap_thread_init() - Make a thread of ours one of the program
 * @self:	receives it; the calling thread's
 * @uc:		context it is to start with; the stack for signals is set
 * @stack:	for trapped calls
 * @size:	bytes of it
 */
void trap_thread_init(struct trap_thread *self, struct trap_context *uc, void *stack,
		      size_t size)
{
	self->host_fs = (unsigned long)__builtin_thread_pointer();
	self->alt = (stack_t){ .ss_flags = SS_DISABLE };
	self->actions = trap_actions;
	/*
	 * No alternate stack while the handler runs: a signal that comes on the
	 * stack of a kernel task would be put on top of us otherwise.
	 */
	uc->stack = (stack_t){
		.ss_sp = stack, .ss_size = size, .ss_flags = SS_AUTODISARM_,
	};
	trap_self = self;
}

/**
 * struct birth - What a new thread is told
 * @uc:		context of the one that makes it
 * @a:		arguments of clone()
 * @fs:		FS base of the program
 * @tid:	receives the id, once all has been read
 */
struct birth {
	struct trap_context *uc;
	const long *a;
	unsigned long fs;
	int tid;
};

/**
 * trap_thread_ended() - Tell who waits for it that a thread has ended
 * @self:	the thread, which will not touch what is the program's again
 */
void trap_thread_ended(struct trap_thread *self)
{
	int *clear_tid = self->clear_tid;

	trap_self = NULL;
	if (!clear_tid)
		return;
	__atomic_store_n(clear_tid, 0, __ATOMIC_SEQ_CST);
	RAW(SYS_futex, clear_tid, FUTEX_WAKE, 1);
}

static void *thread_main(void *arg)
{
	struct birth *birth = arg;
	size_t fp_size = birth->uc->fp ? trap_fp_size(birth->uc->fp) : 0;
	char fp[fp_size + 1] __attribute__((aligned(64)));
	long flags = birth->a[0];
	int tid = RAW(SYS_gettid, 0);
	struct trap_thread self = { 0 };
	char stack[TRAP_STACK];
	struct trap_context uc = *birth->uc;

	if (fp_size)
		uc.fp = memcpy(fp, birth->uc->fp, fp_size);
	uc.regs[REG_RAX] = 0;
	if (birth->a[1])
		uc.regs[REG_RSP] = birth->a[1];
	self.program_fs = flags & CLONE_SETTLS ? (unsigned long)birth->a[4] :
						 birth->fs;
	if (flags & CLONE_PARENT_SETTID)
		*(int *)birth->a[2] = tid;
	if (flags & CLONE_CHILD_SETTID)
		*(int *)birth->a[3] = tid;
	if (flags & CLONE_CHILD_CLEARTID)
		self.clear_tid = (int *)birth->a[3];
	trap_thread_init(&self, &uc, stack, sizeof(stack));
	if (trap_arm())
		tid = -ENOSYS;
	__atomic_store_n(&birth->tid, tid, __ATOMIC_RELEASE);
	RAW(SYS_futex, &birth->tid, FUTEX_WAKE_PRIVATE, 1);
	if (tid > 0 && !sigsetjmp(self.end, 0))
		trap_enter(&uc, &self);
	trap_thread_ended(&self);
	return NULL;
}

/** trap_clone_thread() - clone() of a thread */
long trap_clone_thread(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	struct birth birth = { uc, a, self->program_fs, 0 };
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	if ((a[0] & THREAD_MUST) != THREAD_MUST || a[0] & ~THREAD_MAY)
		return -EINVAL;
	err = pthread_attr_init(&attr);
	if (err)
		return -err;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, TRAP_STACK + (64 << 10));
	__atomic_add_fetch(&threads, 1, __ATOMIC_SEQ_CST);
	err = pthread_create(&thread, &attr, thread_main, &birth);
	pthread_attr_destroy(&attr);
	while (!err && !__atomic_load_n(&birth.tid, __ATOMIC_ACQUIRE))
		RAW(SYS_futex, &birth.tid, FUTEX_WAIT_PRIVATE, 0, NULL);
	if (!err && birth.tid > 0)
		return birth.tid;
	__atomic_sub_fetch(&threads, 1, __ATOMIC_SEQ_CST);
	return err ? -EAGAIN : birth.tid;
}

/** trap_exit() - exit(status): the end of a thread */
long trap_exit(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	if (self->is_vfork)
		return RAW(SYS_exit, a[0]);
	if (self->is_main)
		main_status = a[0];
	/* With the last thread the process ends, by the status of the first. */
	if (!__atomic_sub_fetch(&threads, 1, __ATOMIC_SEQ_CST))
		_exit(main_status);
	siglongjmp(self->end, 1);
}

/** trap_set_tid_address() - set_tid_address(address) */
long trap_set_tid_address(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	self->clear_tid = (int *)a[0];
	return RAW(SYS_gettid, 0);
}
