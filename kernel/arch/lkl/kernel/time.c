// SPDX-License-Identifier: GPL-2.0
/* time.c - The host's monotonic clock and its one timer */
#include <linux/clockchips.h>
#include <linux/clocksource.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/sched/clock.h>
#include <linux/time64.h>
#include "engine.h"

/* How often the host's clocks are compared, for one undisturbed reading. */
#define READINGS	5

static unsigned long long deadline;

/* When the wall clock was read: see read_persistent_wall_and_boot_offset(). */
static u64 wall_read;

static u64 clock_read(struct clocksource *cs)
{
	return lkl_host->time();
}

/* The first reading is timekeeping_init()'s, and goes with the wall clock. */
static u64 clock_read_first(struct clocksource *cs)
{
	cs->read = clock_read;
	return wall_read;
}

/* Counts nanoseconds. */
static struct clocksource lkl_clocksource = {
	.name	= "lkl",
	.rating	= 499,
	.read	= clock_read_first,
	.mask	= CLOCKSOURCE_MASK(64),
	.mult	= 1 << 24,
	.shift	= 24,
	.flags	= CLOCK_SOURCE_IS_CONTINUOUS,
};

/*
 * From the first moment on, so that the wall clock keeps to the host's: ticks
 * of jiffies would leave it a millisecond off.
 */
struct clocksource * __init clocksource_default_clock(void)
{
	return &lkl_clocksource;
}

static int timer_next(unsigned long delta, struct clock_event_device *dev)
{
	deadline = lkl_host->time() + delta;
	lkl_host->timer_set(deadline);
	return 0;
}

static int timer_stop(struct clock_event_device *dev)
{
	deadline = 0;
	lkl_host->timer_set(0);
	return 0;
}

static struct clock_event_device lkl_clockevent = {
	.name			= "lkl",
	.rating			= 499,
	.features		= CLOCK_EVT_FEAT_ONESHOT,
	.set_next_event		= timer_next,
	.set_state_shutdown	= timer_stop,
	.set_state_oneshot_stopped = timer_stop,
};

/**
 * lkl_timer_irq() - The host timer expired
 *
 * The host may report an expiry that was since put off: then it is armed
 * again, nothing else.
 */
void lkl_timer_irq(void)
{
	if (!deadline)
		return;
	if (lkl_host->time() < deadline) {
		lkl_host->timer_set(deadline);
		return;
	}
	lkl_clockevent.event_handler(&lkl_clockevent);
}

unsigned long long notrace sched_clock(void)
{
	return lkl_host ? lkl_host->time() : 0;
}

/**
 * read_persistent_wall_and_boot_offset() - Read both of the host's clocks at once
 * @wall_time:		receives the time of day
 * @boot_offset:	receives the monotonic time
 *
 * The host may be busy with something else between two readings. A kernel that
 * is late by as much would time frames before programs have sent them, with the
 * host's clock.
 */
void __init read_persistent_wall_and_boot_offset(struct timespec64 *wall_time,
						 struct timespec64 *boot_offset)
{
	u64 least = U64_MAX, before, wall, gap;

	for (int i = 0; i < READINGS; i++) {
		before = lkl_host->time();
		wall = lkl_host->realtime();
		gap = lkl_host->time() - before;
		if (gap < least) {
			least = gap;
			wall_read = before + gap / 2;
			*wall_time = ns_to_timespec64(wall);
		}
	}
	*boot_offset = ns_to_timespec64(wall_read);
}

/**
 * __delay() - Busy-wait, taking interrupts if they are on
 * @nsecs:	for so many nanoseconds
 */
void __delay(unsigned long nsecs)
{
	unsigned long long end = lkl_host->time() + nsecs;

	while (lkl_host->time() < end)
		cpu_relax();
}

void __ndelay(unsigned long nsecs)
{
	__delay(nsecs);
}

void __udelay(unsigned long usecs)
{
	__delay(usecs * NSEC_PER_USEC);
}

void calibrate_delay(void)
{
	loops_per_jiffy = NSEC_PER_SEC / HZ;
}

void __init time_init(void)
{
	lkl_clockevent.cpumask = cpumask_of(0);
	__clocksource_register(&lkl_clocksource);
	clockevents_config_and_register(&lkl_clockevent, NSEC_PER_SEC,
					1000, LONG_MAX);
}
