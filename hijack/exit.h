/* SPDX-License-Identifier: GPL-2.0 */
/*
 * exit.h - What still has to leave the LKL kernel when the program ends
 */
#ifndef HIJACK_EXIT_H
#define HIJACK_EXIT_H

#pragma GCC visibility push(hidden)

#define EXIT_STREAMS	1u	/* there may be TCP sockets */
#define EXIT_HOLD	2u	/* ask the user first */
#define EXIT_DUMP	4u	/* files are to be printed */
#define EXIT_PCAP	8u	/* frames are still to be written */
#define EXIT_DATAGRAMS	16u	/* another network socket was made */

void exit_arm(unsigned int what);
void ask_for_enter(const char *why);
void exit_flush(void);
void exit_keep(void);
void streams_flush(void);
void streams_init(void);

#pragma GCC visibility pop

#endif /* HIJACK_EXIT_H */
