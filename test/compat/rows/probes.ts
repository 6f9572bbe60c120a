// SPDX-License-Identifier: GPL-2.0
// probes.ts - Rows of programs that look what is there

import { HOST } from '../../helpers/netns.js';
import { type ClientRow, client, type Group } from '../row.js';

const LISTENER = { peer: { run: 'nc -k -l 5000', port: 5000 } } as const;

const nmap = (how: string): ClientRow => client('nmap', `nmap -n ${how} -Pn -p 5000,5001 ${HOST.ip}`, {
	...LISTENER, shows: [/^5000\/tcp +open/m, /^5001\/tcp +closed/m],
});

const DHCP_SERVER = 'dnsmasq --no-daemon --conf-file=/dev/null --port=5000 --dhcp-range=192.168.13.100,192.168.13.150 --dhcp-leasefile=leases';

export const PROBES: Group = {
	title: 'Scanners and probes',
	rows: [
		nmap('-sT'),
		nmap('-sS'),
		client('nmap', `nmap -n -sn ${HOST.ip}`, { shows: [/1 host up/] }),
		client('hping3', `hping3 -S -p 5000 -c 2 -i u200000 ${HOST.ip}`, { ...LISTENER, shows: [/flags=SA/, / 2 packets received/] }),
		client('fping', `fping -c 2 -p 200 ${HOST.ip} ${HOST.ipv6}`, { shows: [/^192\.168\.13\.1 .*= 2\/2\/0%/m, /^fc03::1 .*= 2\/2\/0%/m] }),
		// Its own package, or a front end of traceroute.
		client('tcptraceroute', `tcptraceroute -n ${HOST.ip} 5000`, { ...LISTENER, shows: [/192\.168\.13\.1 +(?:\[open\]|<syn,ack>)/] }),
		client('arp-scan', `arp-scan -I eth0 ${HOST.ip}`, { shows: [/1 responded/] }),
		client('udhcpc', 'udhcpc -f -q -n -i eth0 -s /bin/true', {
			peer: { run: DHCP_SERVER, port: 5000 }, shows: [/lease of 192\.168\.13\.1\d\d obtained/],
		}),
	],
};
