// SPDX-License-Identifier: GPL-2.0
// rows.ts - All rows of the table

import type { Group } from './row.js';
import { DAEMONS } from './rows/daemons.js';
import { FAMILIES } from './rows/families.js';
import { HANDING } from './rows/handing.js';
import { LANGUAGES } from './rows/languages.js';
import { LOAD } from './rows/load.js';
import { PROBES } from './rows/probes.js';
import { SERVERS } from './rows/servers.js';
import { TOOLS } from './rows/tools.js';
import { TRANSFERS } from './rows/transfers.js';

export const GROUPS: readonly Group[] = [TOOLS, PROBES, LOAD, TRANSFERS, SERVERS, DAEMONS, HANDING, FAMILIES, LANGUAGES];
