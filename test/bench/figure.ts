// SPDX-License-Identifier: GPL-2.0
// figure.ts - What a measurement gives, and how it is judged

/** How long to measure. */
export interface Plan {
	readonly seconds: number;
	/** Times that a figure and its reference are measured, in turns. */
	readonly turns: number;
	/** Process starts that the time to boot is the median of. */
	readonly starts: number;
}

/** Bound of the ratio to the reference; of the value if there is none. */
export interface Limit {
	readonly sense: '<=' | '>=';
	readonly bound: number;
}

export interface Figure {
	readonly name: string;
	readonly unit: string;
	readonly values: readonly number[];
	/** Measured in turns with the values; what it is, and its values. */
	readonly reference?: { readonly name: string; readonly values: readonly number[] };
	readonly limit?: Limit;
}

/** Some figures that are measured together. */
export interface Measurement {
	readonly name: string;
	measure(plan: Plan): Promise<Figure[]>;
}

export function atMost(bound: number): Limit {
	return { sense: '<=', bound };
}

export function atLeast(bound: number): Limit {
	return { sense: '>=', bound };
}

/** Does things in turns; what each of them gave. */
export async function inTurns<Results extends readonly unknown[]>(
	turns: number, ...steps: { readonly [Step in keyof Results]: () => Promise<Results[Step]> }
): Promise<{ [Step in keyof Results]: Results[Step][] }> {
	const results = steps.map((): unknown[] => []);

	for (let turn = 0; turn < turns; turn++) {
		for (const [index, step] of steps.entries()) {
			results[index]?.push(await step());
		}
	}
	return results as { [Step in keyof Results]: Results[Step][] };
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? NaN;

	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Value to reference, turn by turn; none without reference. */
export function ratios({ values, reference }: Figure): number[] {
	return reference === undefined ? [] : values.map((value, turn) => value / (reference.values[turn] ?? NaN));
}

/** Whether a figure keeps its limit; undefined if it has none. */
export function isKept(figure: Figure): boolean | undefined {
	const { limit, values, reference } = figure;

	if (limit === undefined) {
		return undefined;
	}
	const judged = median(reference === undefined ? values : ratios(figure));
	return limit.sense === '<=' ? judged <= limit.bound : judged >= limit.bound;
}
