// SPDX-License-Identifier: GPL-2.0
// suggest.ts - Which name was meant by one that is not known

/** Names longer than this are like none of ours. */
const LONGEST = 48;

/** How many slips of the pen are between two names: letters changed, added, dropped, or swapped with the next. */
function editDistance(a: string, b: string): number {
	let before: number[] = [];
	let row = Array.from({ length: b.length + 1 }, (_, column) => column);

	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			next.push(Math.min(
				(row[j] ?? 0) + 1,
				(next[j - 1] ?? 0) + 1,
				(row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
				swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
			));
		}
		before = row;
		row = next;
	}
	return row[b.length] ?? 0;
}

/**
 * "; did you mean X?", or nothing if no name is similar: a third of the letters may be wrong, but two always.
 *
 * @param prefix - what all names begin with
 */
export function suggestion(name: string, known: readonly string[], prefix = ''): string {
	const limit = Math.max(2, Math.floor((name.length - prefix.length) / 3));
	const [best] = (name.length > LONGEST ? [] : known)
		.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
		.filter(({ distance }) => distance <= limit)
		.sort((a, b) => a.distance - b.distance);

	return best ? `; did you mean ${best.candidate}?` : '';
}
