// SPDX-License-Identifier: GPL-2.0
// options.ts - The command-line options that give settings
//
// Each setting has an option that is named after its variable (--net-mtu) and does nothing else. Beside
// them stand those that are pleasant to type: under a shorter name (--mtu), or for several settings (--tap, --ip).

import { isIPv6 } from 'node:net';

import { INTERFACE_TYPES } from './iftypes.js';
import { splitEntry } from './kinds/list.js';
import type { Setting } from './setting.js';
import { type SettingName, setting, settingNames } from './settings.js';

/** Settings and their texts. */
export type Gifts = readonly (readonly [name: SettingName, text: string])[];

/** An option. */
export interface Option {
	readonly name: string;
	readonly short?: string;
	readonly help: string;
	/** What its value is called; none: it is a flag. */
	readonly value?: string;
	/** Where it is listed; nowhere if it has another name that is better. */
	readonly group?: 'interface' | 'kernel';
	/** Begins a further interface, unless it is the first of its kind. */
	readonly opens?: true;
	/** What the texts of several are joined with. */
	readonly join?: string;
	/** What is wrong with its value, before anything is given. */
	readonly problem?: (text: string) => string | undefined;
	/** What it gives. */
	readonly gives: (text: string) => Gifts;
}

/** --TYPE VALUE, for a type of interface that has one parameter. */
function typed(type: string, value: string, help: string): Option {
	return { name: type, value, help, group: 'interface', opens: true, gives: (text) => [['ifType', type], ['ifParams', text]] };
}

/** One of the two settings, by the version of the address. */
function byVersion(ipv4: SettingName, ipv6: SettingName): Option['gives'] {
	return (text) => [[isIPv6(text) ? ipv6 : ipv4, text]];
}

/** ADDRESS/LENGTH */
function addressAndLength(text: string): Gifts {
	const [address, length] = splitEntry(text, '/') ?? [text, ''];
	return isIPv6(address) ? [['ipv6', address], ['netmask6Len', length]] : [['ip', address], ['netmaskLen', length]];
}

const COMPOSED: readonly Option[] = [
	{
		name: 'net', value: 'TYPE', group: 'interface', opens: true,
		help: `An interface of this type: ${Object.keys(INTERFACE_TYPES).join(', ')}`,
		gives: (text) => [['ifType', text]],
	},
	typed('tap', 'NAME', 'An interface on a tap device of the host, such as tap0'),
	typed('macvtap', 'PATH', 'One on a macvtap device, such as /dev/tap4'),
	typed('raw', 'NAME', 'One on a packet socket of the host\'s interface, such as eth0'),
	typed('pipe', 'RX|TX', 'One on two fifos, to read and to write'),
	typed('vde', 'PATH', 'One on a VDE switch, such as /run/vde/switch'),
	{
		name: 'ip', value: 'ADDRESS/LENGTH', group: 'interface',
		help: 'Its IPv4 or IPv6 address; may be given for both',
		problem: (text) => (text.includes('/') ? undefined : 'expected address and prefix length, such as 192.168.13.2/24'),
		gives: addressAndLength,
	},
	{
		name: 'ifgateway', value: 'ADDRESS', group: 'interface',
		help: 'Gateway for packets from its IPv4 or IPv6 address',
		gives: byVersion('ifGateway', 'ifGateway6'),
	},
	{
		name: 'forward', value: 'tcp:HOSTPORT:PORT', group: 'interface', join: ',',
		help: 'Port of the host to forward to a slirp interface, also udp:',
		gives: (text) => [['ifParams', text]],
	},
	{
		name: 'gateway', value: 'ADDRESS', group: 'kernel',
		help: 'Default IPv4 or IPv6 route; may be given for both',
		gives: byVersion('gateway', 'gateway6'),
	},
	{
		name: 'verbose', short: 'v', group: 'kernel',
		help: 'Log to stderr, as --debug log',
		gives: () => [['debug', 'log']],
	},
];

/** What the values of settings are called. */
const VALUES: Partial<Record<SettingName, string>> = {
	configFile: 'FILE', ifParams: 'TEXT', mac: 'MAC', mtu: 'BYTES', neighbor: 'ADDRESS=MAC', qdisc: 'root=KIND', offload: 'BITS', debug: 'BITS',
	sysctl: 'NAME=VALUE', bootCmdline: 'TEXT', mount: 'TYPE,TYPE', dump: 'FILE,FILE', pcap: 'FILE', pcapSnaplen: 'BYTES', delayMain: 'MICROSECONDS', nameserver: 'ADDRESS,ADDRESS',
	onFork: 'closed|fresh', linger: 'MILLISECONDS', mode: 'auto|preload|trap',
};

/** Settings that one of COMPOSED is better for. */
const COVERED: readonly SettingName[] = [
	'ifType', 'ip', 'netmaskLen', 'ipv6', 'netmask6Len', 'gateway', 'gateway6', 'ifGateway', 'ifGateway6',
];

function optionsOf(name: SettingName): Option[] {
	const { env, use, kind, help, place, option }: Setting = setting(name);
	const long = env.toLowerCase().replaceAll('_', '-');
	const group = place === 'interface' ? 'interface' : 'kernel';
	const plain: Option = {
		name: long,
		help,
		...(!kind.flag && { value: VALUES[name] ?? 'VALUE' }),
		...(kind.join !== undefined && { join: kind.join }),
		...(name === 'ifType' && { opens: true }),
		gives: (text) => [[name, text]],
	};

	if (use === 'obsolete') {
		return [];
	}
	if (option === undefined) {
		return [COVERED.includes(name) ? plain : { ...plain, group }];
	}
	return [{ ...plain, name: option, group, ...(kind.pair && { gives: (text) => [[name, text.replaceAll('=', '|')]] }) }, plain];
}

/** All options, the better one of two first. */
export const OPTIONS: readonly Option[] = [...COMPOSED, ...settingNames.flatMap(optionsOf)];

const SPELLING: Partial<Record<SettingName, string>> = { ifType: 'net', gateway: 'gateway', gateway6: 'gateway', ifGateway: 'ifgateway', ifGateway6: 'ifgateway' };

/** Name of the option for a setting, without its dashes. */
export function optionOf(name: SettingName): string {
	const { env, option }: Setting = setting(name);
	return SPELLING[name] ?? option ?? env.toLowerCase().replaceAll('_', '-');
}
