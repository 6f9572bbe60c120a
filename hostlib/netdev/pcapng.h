/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pcapng.h - Files of captured frames
 */
#ifndef NETDEV_PCAPNG_H
#define NETDEV_PCAPNG_H

#include <stdint.h>

#include "netdev.h"

struct pcapng;

/* Directions of frames, seen from the interface, as the format numbers them. */
enum pcapng_direction { PCAPNG_IN = 1, PCAPNG_OUT = 2 };

/* Longer than any frame: tcpdump's number for "all of it". */
#define PCAPNG_WHOLE (256 << 10)

struct pcapng *pcapng_open(const char *path, uint32_t snaplen);
int pcapng_add_interface(struct pcapng *p, const char *name);
void pcapng_frame(struct pcapng *p, int interface, enum pcapng_direction dir,
		  const struct iovec *iov, int n, size_t skip, size_t len);
void pcapng_flush(struct pcapng *p);

struct lkl_netdev *pcap_wrap(struct lkl_netdev *inner, struct pcapng *file,
			     const char *name);

#endif /* NETDEV_PCAPNG_H */
