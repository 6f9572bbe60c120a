// SPDX-License-Identifier: GPL-2.0
// tools.ts - Rows of the tools that configure and examine a network

import { GUEST, HOST } from '../../helpers/netns.js';
import { client, type Group, server } from '../row.js';

const IP_BATCH = `
link add br0 type bridge
link add v0 type veth peer name v1
link set v0 master br0
link add link eth0 name eth0.7 type vlan id 7
address add 10.9.0.1/24 dev br0
link set br0 up
rule add from 10.9.0.1 table 9
route add 10.8.0.0/16 via 10.9.0.2 table 9
neighbor add 10.9.0.3 lladdr 02:00:00:00:00:03 dev br0
address show dev br0
rule show
route show table 9
neighbor show
link show master br0
link show eth0.7
`;

const TC_BATCH = `
qdisc add dev eth0 root handle 1: htb default 10
class add dev eth0 parent 1: classid 1:10 htb rate 100mbit quantum 1514
qdisc add dev eth0 parent 1:10 handle 10: fq_codel
filter add dev eth0 parent 1: protocol ip u32 match ip dst ${HOST.ip} flowid 1:10
qdisc show dev eth0
class show dev eth0
filter show dev eth0
`;

const NFT_COMMANDS = `
add table inet guard
add set inet guard known { type ipv4_addr; }
add element inet guard known { 10.0.0.1, 10.0.0.2 }
add chain inet guard input { type filter hook input priority 0; policy accept; }
add rule inet guard input ip saddr @known counter drop
add rule inet guard input ct state established accept
add chain inet guard before { type nat hook prerouting priority -100; }
add rule inet guard before tcp dport 80 redirect to :8080
list ruleset
`;

const PING = [/ 3 received, 0% packet loss/];

/** What tcpdump is to see, and what it does see of it; it ends before ping does. */
const PROBED = [{ run: `ping -c 6 -i 0.5 -W 1 ${GUEST.ip}`, shows: [/ [2-6] received/] }];
const ECHOES = [/192\.168\.13\.1 > 192\.168\.13\.2: ICMP echo request/, /192\.168\.13\.2 > 192\.168\.13\.1: ICMP echo reply/];

const hop = (address: string): RegExp => new RegExp(`^ 1 +${address.replaceAll('.', '\\.')} +\\d+\\.\\d+ ms`, 'm');

export const TOOLS: Group = {
	title: 'Network tools',
	rows: [
		client('ip', 'ip address show', { shows: [/eth0: .*LOWER_UP/, /inet 192\.168\.13\.2\/24/, /inet6 fc03::2\/64/] }),
		client('ip', 'ip -batch batch', {
			files: { batch: IP_BATCH },
			shows: [/br0: .*UP/, /inet 10\.9\.0\.1\/24/, /from 10\.9\.0\.1 lookup 9/, /10\.8\.0\.0\/16 via 10\.9\.0\.2/, /10\.9\.0\.3 .*PERMANENT/, /v0@v1/, /eth0\.7@eth0/],
		}),
		client('tc', 'tc -batch batch', {
			files: { batch: TC_BATCH },
			shows: [/qdisc htb 1: root/, /qdisc fq_codel 10: parent 1:10/, /class htb 1:10 .*rate 100Mbit/, /match c0a80d01\/ffffffff at 16/],
		}),
		client('ss', 'ss -a -n -A netlink', { shows: [/UNCONN .* 0:0 /] }),
		client('ss', 'ss --summary', { shows: [/^TCP: +0 \(estab 0/m] }),
		client('ping', `ping -c 3 -i 0.2 ${HOST.ip}`, { shows: PING }),
		client('ping', `ping -c 3 -i 0.2 ${HOST.ipv6}`, { shows: PING }),
		client('ping', `ping -c 3 -i 0.2 -s 20000 ${HOST.ip}`, { shows: [...PING, /20008 bytes from/] }),
		client('traceroute', `traceroute -n ${HOST.ip}`, { shows: [hop(HOST.ip)] }),
		client('traceroute', `traceroute -n -I ${HOST.ip}`, { shows: [hop(HOST.ip)] }),
		client('traceroute', `traceroute -n -T ${HOST.ip}`, { shows: [hop(HOST.ip)] }),
		client('traceroute', `traceroute -n ${HOST.ipv6}`, { shows: [hop(HOST.ipv6)] }),
		client('tracepath', `tracepath -n ${HOST.ip}`, { shows: [/192\.168\.13\.1 .*ms reached/, /pmtu 1500 hops 1 back 1/] }),
		client('arping', `arping -c 2 -I eth0 ${HOST.ip}`, { shows: [/Unicast reply from 192\.168\.13\.1 /, /Received 2 response/] }),
		server('tcpdump', 'tcpdump -n -c 4 -i eth0 icmp', { probes: PROBED, shows: [...ECHOES, /4 packets captured/] }),
		server('tcpdump', 'tcpdump -n -c 4 -i any icmp', {
			probes: PROBED,
			shows: [...ECHOES, /eth0 +In +IP 192\.168\.13\.1 >/, /eth0 +Out +IP 192\.168\.13\.2 >/, /4 packets captured/],
		}),
		server('tcpdump', 'tcpdump -c 4 -w - icmp | tcpdump -n -r -', { probes: PROBED, shows: [...ECHOES, /4 packets captured/] }),
		client('nft', 'nft -i', {
			input: NFT_COMMANDS,
			shows: [/elements = \{ 10\.0\.0\.1, 10\.0\.0\.2 \}/, /ip saddr @known counter packets 0 bytes 0 drop/, /ct state established accept/, /tcp dport 80 redirect to :8080/],
		}),
		client('ethtool', 'ethtool -i eth0', { shows: [/driver: virtio_net/, /bus-info: virtio-mmio/] }),
		client('ethtool', 'ethtool -k eth0', { shows: [/tx-checksumming: on/, /tcp-segmentation-offload: on/] }),
	],
};
