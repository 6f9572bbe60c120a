// SPDX-License-Identifier: GPL-2.0
// index.ts - What `import {...} from 'lkl-hijack'` gives; see docs/node.md

export type { CopyOptions, CopyResult, Progress, TarOptions, WorkOptions } from './copy.js';
export { Disk, type DiskOptions, Mount, type MountOptions } from './disk.js';
export { KernelError } from './errors.js';
export type { PathLike, Time } from './fs/arguments.js';
export { FileHandle } from './fs/file-handle.js';
export { type Encoding, FileSystem, type ReadFileOptions, type WriteFileOptions } from './fs/file-system.js';
export type { ReadOptions } from './fs/parts.js';
export { BigIntStats, Dirent, type StatFs, Stats } from './fs/stats.js';
export type { LinkOptions } from './fs/xattr.js';
export { Interface, Kernel, type KernelOptions } from './kernel.js';
export type { AddressInfo } from './net/address.js';
export { DatagramSocket } from './net/datagram.js';
export { Network } from './net/network.js';
export type { BindOptions, ConnectOptions, ListenOptions, ServerOptions } from './net/options.js';
export { Server } from './net/server.js';
export { Socket } from './net/socket.js';
export { type InterfaceSettings, SettingsError, type SettingsObject } from './settings.js';
