// SPDX-License-Identifier: GPL-2.0
// setting.ts - What there is to know of a setting

import type { Kind } from './kinds/kind.js';

/** A setting. */
export interface Setting {
	/** Name of the environment variable, without prefix; of a further interface see variableOf(). */
	readonly env: string;
	/** Key in the JSON file; none: not to be set there. */
	readonly json?: string;
	/** Does each interface have its own? Its key is in an entry of `interfaces` then. */
	readonly place: 'interface' | 'top';
	/** The key may stand at the top of a file too, for the first interface. */
	readonly alsoAtTop?: true;
	/** Its option, if that is not to be named after the variable; options.ts has those that set several. */
	readonly option?: string;
	/** obsolete: only read from the environment; launcher: the preload library is told what it stands for. */
	readonly use?: 'obsolete' | 'launcher';
	readonly kind: Kind<string> | Kind<number>;
	/** What holds if it is not set. */
	readonly standard: string;
	readonly help: string;
}
