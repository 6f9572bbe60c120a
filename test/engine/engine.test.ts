// SPDX-License-Identifier: GPL-2.0
// engine.test.ts - The engine under load: C programs that call the library

import test from 'ava';

import { testProgram } from '../helpers/paths.js';
import { checkTap } from '../helpers/tap-program.js';

test.serial('threads', (t) => checkTap(t, [testProgram('engine/threads')], { limit: 90_000 }));
test.serial('memory', (t) => checkTap(t, [testProgram('engine/memory')], { limit: 60_000 }));
