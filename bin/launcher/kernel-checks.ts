// SPDX-License-Identifier: GPL-2.0
// kernel-checks.ts - Has the kernel what the settings name?

import { splitEntry, splitList } from '../../config/kinds/list.js';
import type { Given } from '../../config/origin.js';
import { problem } from '../../config/problem.js';
import type { Resolution } from '../../config/resolve.js';
import type { SettingName } from '../../config/settings.js';
import { suggestion } from '../../config/suggest.js';
import { builtInFeatures, type Features } from '../kernel/features.js';

/** As sysctl(8) has it: the first of "." and "/" that occurs is the separator, the other stands for a dot in a name. */
function pathOf(name: string): string {
	const path = name.replace(/^\/proc\/sys\//, '');
	const swapped: Readonly<Record<string, string>> = { '.': '/', '/': '.' };
	return /[./]/.exec(path)?.[0] === '.' ? path.replace(/[./]/g, (separator) => swapped[separator] ?? '') : path;
}

/** Parameters of interfaces that are not there yet are those of "default". */
function canonical(path: string): string {
	return path.replace(/^(net\/\w+\/(?:conf|neigh))\/(?!all\/)[^/]+/, '$1/default');
}

/** Values that are names of something built in. */
function valueProblem(path: string, value: string, { congestionControls, qdiscs }: Features): string | undefined {
	const known = { 'net/ipv4/tcp_congestion_control': congestionControls, 'net/core/default_qdisc': qdiscs }[path];
	return !known || known.includes(value) ? undefined : `"${value}" is not built in; expected one of ${known.join(', ')}`;
}

function sysctlProblem(entry: string, features: Features): string | undefined {
	const [name, value] = splitEntry(entry, '=') ?? [entry, ''];
	const path = pathOf(name);

	if (!features.sysctls.includes(canonical(path))) {
		return `the kernel has no such parameter${suggestion(name, features.sysctls.map((known) => known.replaceAll('/', '.')))}`;
	}
	return valueProblem(path, value, features);
}

function qdiscProblem(entry: string, { qdiscs }: Features): string | undefined {
	const [, kind = ''] = splitEntry(entry, '|') ?? [];
	return qdiscs.includes(kind) ? undefined : `not built into the kernel; expected one of ${qdiscs.join(', ')}`;
}

function mountProblem(entry: string, { fileSystems }: Features): string | undefined {
	return fileSystems.includes(entry) ? undefined : `the kernel has no such file system; expected one of ${fileSystems.join(', ')}`;
}

type Check = (entry: string, features: Features) => string | undefined;

function listProblems(name: SettingName, given: Given | undefined, separator: string, check: Check, features: Features): string[] {
	return splitList(given?.text ?? '', separator).flatMap((entry) => {
		const message = check(entry, features);
		return message === undefined ? [] : [problem(given?.label ?? name, message, entry)];
	});
}

/** What the kernel of `library` has not; nothing if that is not known, or shall not stop the program. */
export function kernelProblems({ given, top }: Resolution, library: string): string[] {
	const lists = [
		...given.interfaces.map((map) => ['qdisc', map.get('qdisc'), ';', qdiscProblem] as const),
		['sysctl', given.top.get('sysctl'), ';', sysctlProblem] as const,
		['mount', given.top.get('mount'), ',', mountProblem] as const,
	].filter(([, text]) => text !== undefined);
	const features = lists.length === 0 || top.keepGoing ? undefined : builtInFeatures(library);

	return features ? lists.flatMap(([name, text, separator, check]) => listProblems(name, text, separator, check, features)) : [];
}
