/* SPDX-License-Identifier: GPL-2.0 */
/*
 * steps.h - Hold a thread at any instruction after a signal has come to it
 *
 * A tracer, a process of its own, sees the signal first, lets the thread make a
 * number of steps, and holds it there until it is told to let it go.
 */
#ifndef TEST_ENGINE_STEPS_H
#define TEST_ENGINE_STEPS_H

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../hijack/tap.h"

/* Looks, 10 us each, after which a step is one that sleeps. */
#define STEP_LOOKS	2000

enum steps_state {
	STEPS_BEGIN, STEPS_REFUSED,
	STEPS_IDLE, STEPS_ARM, STEPS_ARMED, STEPS_HELD, STEPS_GO
};

/**
 * struct steps - What the two processes share
 * @state:	whose turn it is
 * @tracer:	the tracer
 * @tid:	thread
 * @sig:	signal that it waits for
 * @steps:	how many instructions to execute from there
 */
static volatile struct steps {
	enum steps_state state;
	pid_t tracer, tid;
	int sig, steps;
} *steps;

static void steps_state(enum steps_state state)
{
	while (steps->state != state)
		usleep(10);
}

/* Return: wait status, 0 if the thread sleeps */
static int steps_wait(void)
{
	int status;

	for (int i = 0; i < STEP_LOOKS; i++) {
		if (waitpid(steps->tid, &status, __WALL | WNOHANG) > 0)
			return status;
		if (i > 100)
			usleep(10);
	}
	return 0;
}

static int steps_stop(void)
{
	int status;

	must(waitpid(steps->tid, &status, __WALL) == steps->tid);
	must(WIFSTOPPED(status));
	return status >> 16 ? 0 : WSTOPSIG(status);
}

/* One thread from its signal on. */
static void steps_hold(void)
{
	int sig, status = 1;

	must(!ptrace(PTRACE_SEIZE, steps->tid, 0, 0));
	steps->state = STEPS_ARMED;
	while ((sig = steps_stop()) != steps->sig)
		ptrace(PTRACE_CONT, steps->tid, 0, sig);
	for (int i = 0; i < steps->steps && status; i++) {
		ptrace(PTRACE_SINGLESTEP, steps->tid, 0, sig);
		status = steps_wait();
		sig = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
	}
	steps->state = STEPS_HELD;
	steps_state(STEPS_GO);
	if (!status) {
		ptrace(PTRACE_INTERRUPT, steps->tid, 0, 0);
		sig = steps_stop();
	}
	ptrace(PTRACE_DETACH, steps->tid, 0, sig == SIGTRAP ? 0 : sig);
	steps->state = STEPS_IDLE;
}

/* May we trace at all? */
static enum steps_state steps_try(pid_t tid)
{
	if (ptrace(PTRACE_SEIZE, tid, 0, 0))
		return STEPS_REFUSED;
	steps->tid = tid;
	ptrace(PTRACE_INTERRUPT, tid, 0, 0);
	steps_stop();
	ptrace(PTRACE_DETACH, tid, 0, 0);
	return STEPS_IDLE;
}

/** steps_start() - Start the tracer, before there is a kernel; false: it cannot */
__attribute__((unused)) static bool steps_start(void)
{
	pid_t parent = getpid(), pid;

	steps = mmap(NULL, sizeof(*steps), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(steps != MAP_FAILED);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		steps_state(STEPS_ARM);
		steps->state = steps_try(parent);
		while (getppid() == parent) {
			steps_state(STEPS_ARM);
			steps_hold();
		}
		_exit(0);
	}
	steps->tracer = pid;
	prctl(PR_SET_PTRACER, pid);
	steps->state = STEPS_ARM;
	while (steps->state == STEPS_ARM)
		usleep(100);
	return steps->state == STEPS_IDLE;
}

/**
 * steps_arm() - Hold a thread when a signal has come
 * @tid:	thread
 * @sig:	signal, sent after this
 * @n:		so many instructions later
 */
__attribute__((unused))
static void steps_arm(pid_t tid, int sig, int n)
{
	steps_state(STEPS_IDLE);
	steps->tid = tid;
	steps->sig = sig;
	steps->steps = n;
	steps->state = STEPS_ARM;
	steps_state(STEPS_ARMED);
}

/** steps_held() - Wait until it is held, or sleeps */
__attribute__((unused)) static void steps_held(void)
{
	steps_state(STEPS_HELD);
}

/** steps_go() - Let it go */
__attribute__((unused)) static void steps_go(void)
{
	steps->state = STEPS_GO;
	steps_state(STEPS_IDLE);
}

/** steps_end() - The tracer has done its work */
__attribute__((unused)) static void steps_end(void)
{
	kill(steps->tracer, SIGKILL);
	waitpid(steps->tracer, NULL, 0);
}

#endif /* TEST_ENGINE_STEPS_H */
