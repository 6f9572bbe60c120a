// SPDX-License-Identifier: GPL-2.0
// row.ts - What a row of the table in docs/compatibility.md says, and how it is tried
//
// Commands are lines for sh, executed in a folder that holds the row's files and `content`, some
// random bytes. The hijacked program is on the tap of a network of its own: the host is HOST there,
// the program GUEST. Its loopback interface is down, so that a program which is on the host's stack
// after all does not reach HOST, its own address, either.

import { basename } from 'node:path';

/** What the hijacked command is expected to do. */
export type Outcome =
	| { readonly is: 'works' }
	/** The launcher does not start it, or it does not work; `says` is what can be read then. */
	| { readonly is: 'refused' | 'fails'; readonly why: string; readonly says: RegExp };

/** A command and what it has to write, both streams together. */
export interface Step {
	readonly run: string;
	readonly shows?: readonly RegExp[];
	/** The folder has to contain a `copy` of `content` then. */
	readonly copies?: true;
}

/** Runs on the host beside the hijacked command; ready when it listens. */
export interface Peer {
	readonly run: string;
	readonly port: number;
	/** Its name, if that is not the first word. */
	readonly name?: string;
}

interface Common {
	/** Name in the table. */
	readonly program: string;
	/** The command that is hijacked: `lkl-hijack` is put in front. $TIME is a number of seconds. */
	readonly command: string;
	/** Programs wanted, beside the first word of each command. */
	readonly needs?: readonly string[];
	/** Files by name. */
	readonly files?: Readonly<Record<string, string>>;
	/** Prepares the folder, on the host. */
	readonly before?: string;
	readonly expected?: Outcome;
}

/** The hijacked command ends, and what it wrote is looked at. */
export interface ClientRow extends Common, Omit<Step, 'run'> {
	readonly kind: 'client';
	readonly peer?: Peer;
	/** Standard input. */
	readonly input?: string;
}

/** The hijacked command serves, and what clients on the host write is looked at. */
export interface ServerRow extends Common {
	readonly kind: 'server';
	readonly probes: readonly Step[];
	/** Port that is connected to until it answers; without, the first probe is repeated until it works. */
	readonly port?: number;
	/** What the server itself has to write. */
	readonly shows?: readonly RegExp[];
	readonly peer?: Peer;
}

export type Row = ClientRow | ServerRow;

/** Rows that belong together. */
export interface Group {
	readonly title: string;
	readonly rows: readonly Row[];
}

/** A row of a client. */
export const client = (program: string, command: string, rest: Omit<ClientRow, 'kind' | 'program' | 'command'>): ClientRow =>
	({ kind: 'client', program, command, ...rest });

/** A row of a server. */
export const server = (program: string, command: string, rest: Omit<ServerRow, 'kind' | 'program' | 'command'>): ServerRow =>
	({ kind: 'server', program, command, ...rest });

const WORKS: Outcome = { is: 'works' };

export const expectedOf = ({ expected = WORKS }: Row): Outcome => expected;

const firstWord = (command: string): string => command.split(/\s/, 1)[0] ?? '';

/** The client in a line: it may be behind a pipe or bounded in time. */
const clientIn = (line: string): string => firstWord(line.replace(/^.*\| *(?=nc )/, '').replace(/^timeout \d+ /, ''));

const clientsOf = (row: Row): readonly string[] => row.kind === 'server' ? row.probes.map(({ run }) => clientIn(run)) : [];

/** The other side of a row, as the names of its programs. */
export function otherSide(row: Row): readonly string[] {
	const peers = row.peer ? [row.peer.name ?? basename(firstWord(row.peer.run))] : [];
	return [...new Set([...peers, ...clientsOf(row)])];
}

/** All programs that a row needs; what it makes itself is not installed. */
export function programsOf(row: Row): readonly string[] {
	const peers = row.peer ? [firstWord(row.peer.run)] : [];
	return [...new Set([firstWord(row.command), ...peers, ...clientsOf(row), ...row.needs ?? []])].filter((name) => !name.startsWith('./'));
}
