// SPDX-License-Identifier: GPL-2.0
// filters.test.ts - What iptables, ebtables, arptables and ipset ask for is in the kernel

import test from 'ava';

import { succeed } from '../helpers/command.js';
import { launched, slirp } from '../helpers/hijacked.js';

/** As iptables-save prints them. */
const RULES = {
	raw: [
		'-A PREROUTING -p tcp -m tcp --dport 99 -j CT --notrack',
		'-A PREROUTING -m rpfilter --invert -j DROP',
	],
	mangle: [
		'-A PREROUTING -p tcp -m socket --transparent -j MARK --set-xmark 0x1/0xffffffff',
		'-A OUTPUT -m owner --uid-owner 0 -j CONNMARK --set-xmark 0x1/0xffffffff',
		'-A OUTPUT -p tcp -m connmark --mark 0x1 -j DSCP --set-dscp 0x08',
		'-A OUTPUT -p tcp -m dscp --dscp 0x08 -j TTL --ttl-set 9',
		'-A OUTPUT -p tcp -m tcpmss --mss 1:500 -j CLASSIFY --set-class 0001:0002',
	],
	nat: [
		'-A PREROUTING -p tcp -m addrtype --dst-type LOCAL -m tcp --dport 81 -j REDIRECT --to-ports 80',
		'-A PREROUTING -d 10.0.0.0/8 -j NETMAP --to 11.0.0.0/8',
	],
	filter: [
		'-A INPUT -m set --match-set hosts src -j DROP',
		'-A INPUT -m iprange --src-range 192.0.2.3-192.0.2.9 -m length --length 100:200 -j NFLOG --nflog-group 3',
		'-A INPUT -p tcp -m connlimit --connlimit-above 9 --connlimit-mask 32 --connlimit-saddr -j LOG --log-prefix "many "',
		'-A INPUT -m hashlimit --hashlimit-upto 5/min --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name ssh -j ACCEPT',
		'-A INPUT -m recent --set --name seen --mask 255.255.255.255 --rsource',
		'-A INPUT -m mac --mac-source 02:00:00:00:00:01 -m pkttype --pkt-type broadcast -m ttl --ttl-lt 5 -j DROP',
		'-A INPUT -m string --string "evil" --algo bm -j DROP',
		'-A INPUT -m u32 --u32 "0x0&0xff=0x1" -m quota --quota 1000 -j DROP',
		'-A INPUT -p udp -j NFQUEUE --queue-num 1',
	],
} as const;

const restore = Object.entries(RULES).map(([table, rules]) => [`*${table}`, ...rules, 'COMMIT', ''].join('\n')).join('');

/** Several programs, which share the kernel of the shell. (There is another nft in node_modules.) */
const script = (commands: string): string[] => ['sh', '-e', '-c', `PATH=/usr/sbin:$PATH\n${commands}`];

test('rules of iptables come back as they were given', async (t) => {
	const saved = await succeed(t, launched(slirp(), script(`ipset create hosts hash:ip
ipset add hosts 192.0.2.1
iptables-nft-restore <<'RULES'
${restore}RULES
iptables-nft-save`)));

	t.deepEqual(saved.split('\n').filter((line) => line.startsWith('-A')).sort(), Object.values(RULES).flat().sort());
});

test('sets, and the tables of bridges and ARP', async (t) => {
	const all = await succeed(t, launched(slirp(), script(`for set in hash:ip hash:net hash:mac hash:ip,port hash:net,port list:set; do ipset create $set $set; done
ipset create ports bitmap:port range 1-100
ipset add hash:net 192.0.2.0/24
ipset test hash:net 192.0.2.7
ipset list -n
ebtables-nft -A FORWARD -p IPv4 -j DROP
arptables-nft -A INPUT --opcode 1 -j DROP
nft list tables`)));

	t.deepEqual(all.split('\n').filter((line) => line !== '').sort(), [
		'hash:ip', 'hash:ip,port', 'hash:mac', 'hash:net', 'hash:net,port', 'list:set', 'ports', 'table arp filter', 'table bridge filter',
	]);
});
