// SPDX-License-Identifier: GPL-2.0
// ffi.ts - The foreign-function interface, loaded the quick way
//
// An import of these CommonJS modules would first have Node compile the parser with which it looks
// for their exports: 50 ms that the program waits for. require() does not.

import { createRequire } from 'node:module';

import type Ffi from 'ffi-napi';
import type Ref from 'ref-napi';

const require = createRequire(import.meta.url);

export const ffi = require('ffi-napi') as typeof Ffi;
export const ref = require('ref-napi') as typeof Ref;
