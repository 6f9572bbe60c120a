// SPDX-License-Identifier: GPL-2.0
/*
 * quiet.c - What would wake an idle kernel for nothing
 *
 * A process that waits costs its host only what the kernel's timers are good
 * for. These three are good for nothing here; each was several wake-ups.
 */
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/tick.h>
#include <../kernel/sched/sched.h>

/*
 * The tick: going idle, Linux keeps it for one more period, as it is likely to
 * be needed again. Not so if the last time was long ago.
 */
void arch_cpu_idle_enter(void)
{
	static unsigned long last;

	if (time_after(jiffies, last + 1))
		tick_nohz_idle_stop_tick();
	last = jiffies;
}

/* Looks every 5 s for a device that hangs. Ours are function calls. */
static int watchdog_off(struct notifier_block *nb, unsigned long event,
			void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (event == NETDEV_REGISTER && dev->watchdog_timeo <= 0)
		dev->watchdog_timeo = INT_MAX;
	return NOTIFY_DONE;
}

static struct notifier_block watchdog_block = {
	.notifier_call = watchdog_off,
};

/*
 * Guards ordinary tasks against real-time tasks, of which there are none: a
 * timer nearly a second after each wake-up of a task.
 */
static void __init fair_server_off(void)
{
	struct rq *rq = this_rq();

	scoped_guard (rq_lock_irqsave, rq) {
		update_rq_clock(rq);
		dl_server_stop(&rq->fair_server);
		dl_server_apply_params(&rq->fair_server, 0, NSEC_PER_SEC, 0);
	}
}

static int __init quiet_init(void)
{
	fair_server_off();
	return register_netdevice_notifier(&watchdog_block);
}
core_initcall(quiet_init);
