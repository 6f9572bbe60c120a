// SPDX-License-Identifier: GPL-2.0
// suggest.ts - Which name was meant by one that is not known

/** How many letters have to be changed, added or dropped. */
function editDistance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, column) => column);

	for (const [line, letter] of Array.from(a).entries()) {
		const next = [line + 1];
		for (const [column, other] of Array.from(b).entries()) {
			next.push(Math.min(
				(row[column + 1] ?? 0) + 1,
				(next[column] ?? 0) + 1,
				(row[column] ?? 0) + (letter === other ? 0 : 1),
			));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}

/** "; did you mean X?", or nothing if no name is similar: two letters may be wrong, in long names a third. */
export function suggestion(name: string, known: readonly string[]): string {
	const limit = Math.max(2, Math.floor(name.length / 3));
	const [best] = known
		.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
		.filter(({ distance }) => distance <= limit)
		.sort((a, b) => a.distance - b.distance);

	return best ? `; did you mean ${best.candidate}?` : '';
}
