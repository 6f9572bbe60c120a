// SPDX-License-Identifier: GPL-2.0
// extracts.ts - Definitions of the user ABI that the kernel keeps in its internal headers

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { clean } from './headers.js';

interface Extract {
	/** Header of the user ABI that gets them (it need not exist). */
	readonly into: string;
	/** Headers it needs for that. */
	readonly includes: readonly string[];
	/** Where they are, below include/. */
	readonly from: string;
	/** Which: the name of a macro, type, tag or function. */
	readonly names: RegExp;
	/** Goes before them. */
	readonly text?: string;
}

const EXTRACTS: readonly Extract[] = [
	{
		into: 'linux/types.h',
		includes: [],
		from: 'linux/types.h',
		names: /^(__kernel_dev_t|fd_set|(dev|ino|u?mode|off|loff|pid|uid|gid|key|timer|clockid|clock|mqd|suseconds)_t)$/,
	},
	{
		into: 'linux/socket.h',
		includes: ['linux/types.h', 'linux/stddef.h', 'linux/uio.h', 'linux/sockios.h', 'asm/socket.h'],
		from: 'linux/socket.h',
		names: new RegExp([
			/^((AF|PF|SOL|SCM)_\w+|SOMAXCONN|MSG_(?!SENDPAGE|INTERNAL|CMSG_COMPAT|SPLICE|NO_SHARED)\w+)$/,
			/^((?!CMSG_USER)_*CMSG_\w+|_*cmsg_nxthdr|for_each_cmsghdr)$/,
			/^(sa_family_t|sockaddr|sockaddr_storage|linger|user_msghdr|mmsghdr|cmsghdr|ucred)$/,
		].map((part) => part.source).join('|')),
		// The kernel's own struct msghdr is another; this is the one applications know.
		text: '#define msghdr user_msghdr',
	},
	{
		into: 'linux/net.h',
		includes: ['linux/fcntl.h'],
		from: 'linux/net.h',
		names: /^(sock_type|sock_shutdown_cmd|SOCK_(MAX|TYPE_MASK|CLOEXEC|NONBLOCK))$/,
	},
	{ into: 'linux/dirent.h', includes: ['linux/types.h'], from: 'linux/dirent.h', names: /^linux_dirent64$/ },
	{ into: 'linux/dirent.h', includes: ['linux/stat.h'], from: 'linux/fs_types.h', names: /^(DT_|S_DT)\w*$/ },
	{ into: 'linux/fs.h', includes: [], from: 'linux/fs.h', names: /^rwf_t$/ },
	{ into: 'linux/quota.h', includes: [], from: 'linux/quota.h', names: /^qid_t$/ },
	{ into: 'linux/keyctl.h', includes: ['stdint.h'], from: 'linux/key.h', names: /^key_serial_t$/ },
];

interface Item {
	readonly names: readonly string[];
	readonly text: string;
}

const COMMENT = /\/\*[^]*?\*\/|\/\/[^\n]*/g;

/** Names that a top-level declaration declares. */
function declared(text: string): string[] {
	const typedef = /^typedef\b[^]*?(\w+)\s*;\s*$/.exec(text);
	const tag = /^(?:struct|union|enum)\s+(\w+)\s*\{/.exec(text);
	const inline = /^static\s+__inline__\b[^({]*?(\w+)\s*\(/.exec(text);
	return [typedef?.[1], tag?.[1], inline?.[1]].filter((name) => name !== undefined);
}

/** Macros and top-level declarations of a header, conditions ignored. */
function items(source: string): Item[] {
	const result: Item[] = [];
	let pending = '';
	let depth = 0;

	for (const line of source.replace(COMMENT, ' ').replace(/\\\n/g, ' ').split('\n')) {
		const macro = /^\s*#\s*define\s+(\w+)/.exec(line);
		if (macro?.[1]) {
			result.push({ names: [macro[1]], text: line.replace(/\s+/g, ' ').trim() });
			continue;
		}
		if (/^\s*#/.test(line) || (pending === '' && line.trim() === '')) {
			continue;
		}
		pending += `${line.trimEnd()}\n`;
		depth += (line.match(/\{/g)?.length ?? 0) - (line.match(/\}/g)?.length ?? 0);
		const body = /^static\s+__inline__\b/.test(pending) && /\}\s*$/.test(pending);
		if (depth === 0 && (/;\s*$/.test(pending) || body)) {
			const text = pending.trim();
			result.push({ names: declared(text), text });
			pending = '';
		}
	}
	return result;
}

function extract(linux: string, { includes, from, names, text }: Extract): string {
	const source = clean(readFileSync(join(linux, 'include', from), 'utf8'));
	const found = items(source.replace(/\bDECLARE_FLEX_ARRAY\b/g, '__DECLARE_FLEX_ARRAY'))
		.filter((item) => item.names.some((name) => names.test(name)));

	if (found.length === 0) {
		throw new Error(`Nothing in include/${from} matches ${String(names)}`);
	}
	return [...includes.map((path) => `#include <${path}>`), text ?? '', ...found.map((item) => item.text)].join('\n');
}

/**
 * Add the extracts to a set of headers.
 * @param headers - text of each header by path; changed
 * @param linux - directory of the kernel source
 */
export function addExtracts(headers: Map<string, string>, linux: string): void {
	for (const [i, each] of EXTRACTS.entries()) {
		const guard = `_EXTRACT_${i}_${each.into.replace(/\W/g, '_').toUpperCase()}`;
		const head = `#ifndef ${guard}\n#define ${guard}\n/* From include/${each.from}. */\n`;
		headers.set(each.into, `${headers.get(each.into) ?? ''}${head}${extract(linux, each)}\n#endif\n`);
	}
}
