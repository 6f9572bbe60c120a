// SPDX-License-Identifier: GPL-2.0
// daemons.ts - Rows of servers that change their user, fork, read their settings anew

import { GUEST, HOST } from '../../helpers/netns.js';
import { type Group, server, type ServerRow, type Step } from '../row.js';
import { VSFTPD_CONF } from './handing.js';

const fetchFrom = (port: number): readonly Step[] => [
	{ run: `curl -sS -o copy http://${GUEST.ip}:${port}/content`, copies: true },
	{ run: `ab -n 500 -c 10 http://${GUEST.ip}:${port}/small`, shows: [/Complete requests: +500/, /Failed requests: +0/] },
];

const SMALL = { small: 'x'.repeat(600) };

/** The folder is for all users. */
const OPEN = 'chmod 777 .';

const apache = (mpm: string): ServerRow => server('apache2', `apache2 -f $PWD/${mpm}.conf -D FOREGROUND`, {
	before: OPEN,
	files: {
		...SMALL,
		[`${mpm}.conf`]: `
			ServerName test
			Listen 5000
			LoadModule mpm_${mpm}_module /usr/lib/apache2/modules/mod_mpm_${mpm}.so
			LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
			User www-data
			Group www-data
			DocumentRoot \${PWD}
			PidFile \${PWD}/pid
			ErrorLog \${PWD}/errors`,
	},
	port: 5000,
	probes: [...fetchFrom(5000), { run: `curl -sS http://${GUEST.ip}:5000/small; kill -USR1 $(cat pid); sleep 1; rm copy` }, ...fetchFrom(5000)],
});

const LIGHTTPD_CONF = `
server.document-root = env.PWD
server.port = 80
server.username = "www-data"
server.groupname = "www-data"
server.errorlog = env.PWD + "/errors"
server.pid-file = env.PWD + "/pid"
`;

const ZONE = `$TTL 60
@ SOA ns root 1 60 60 60 60
@ NS ns
ns A ${GUEST.ip}
host A 10.1.2.3
`;
const NAMED_CONF = `
options { directory "."; listen-on { any; }; listen-on-v6 { any; }; recursion no; pid-file none; session-keyfile none; };
controls { };
zone "test" { type master; file "zone"; };
`;
const UNBOUND_CONF = `
server:
	interface: ${GUEST.ip}
	interface: ${GUEST.ipv6}
	access-control: 0.0.0.0/0 allow
	access-control: ::/0 allow
	num-threads: 2
	username: ""
	chroot: ""
	directory: "."
	use-syslog: no
	local-data: "host.test. A 10.1.2.3"
remote-control:
	control-enable: no
`;
const LOOK_UPS: readonly Step[] = [`@${GUEST.ip}`, `+tcp @${GUEST.ip}`, `@${GUEST.ipv6}`, `+tcp @${GUEST.ipv6}`].map((how) =>
	({ run: `dig +short ${how} host.test`, shows: [/^10\.1\.2\.3$/m] }));

const MOSQUITTO = 'mosquitto_sub -h $A -p 5000 -t a/b -C 1 -W 20 & sleep 1; mosquitto_pub -h $A -p 5000 -t a/b -m hello; wait';

const ERLANG = `-module(server). -export([main/0]).
main() -> {ok, L} = gen_tcp:listen(5000, [binary, {active, false}, {packet, line}, {reuseaddr, true}]), accept(L).
accept(L) ->
	{ok, S} = gen_tcp:accept(L),
	case gen_tcp:recv(S, 0) of
		{ok, Line} -> gen_tcp:send(S, string:uppercase(Line));
		_ -> none
	end,
	gen_tcp:close(S),
	accept(L).
`;

export const DAEMONS: Group = {
	title: 'Servers that change their user, fork, or read their settings anew',
	rows: [
		apache('event'),
		apache('prefork'),
		server('lighttpd', 'lighttpd -f lighttpd.conf', { before: OPEN, files: { ...SMALL, 'lighttpd.conf': LIGHTTPD_CONF }, port: 80, probes: fetchFrom(80) }),
		server('varnishd', `varnishd -F -n $PWD/varnish -a :5000 -b ${HOST.ip}:5001 -s malloc,64m -T none`, {
			before: OPEN, files: SMALL, port: 5000, probes: fetchFrom(5000), peer: { run: 'python3 -m http.server 5001', port: 5001 },
		}),
		server('named', 'named -g -u bind -c named.conf', { before: OPEN, files: { 'named.conf': NAMED_CONF, zone: ZONE }, port: 53, probes: LOOK_UPS }),
		server('unbound', 'unbound -d -p -c unbound.conf', { files: { 'unbound.conf': UNBOUND_CONF }, port: 53, probes: LOOK_UPS }),
		server('dnsmasq', 'dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --address=/test/10.1.2.3', { port: 53, probes: LOOK_UPS }),
		server('mosquitto', 'mosquitto -c mosquitto.conf', {
			files: { 'mosquitto.conf': 'listener 5000\nallow_anonymous true\n' }, port: 5000, needs: ['mosquitto_sub', 'mosquitto_pub'],
			probes: [GUEST.ip, GUEST.ipv6].map((address) => ({ run: MOSQUITTO.replaceAll('$A', address), shows: [/^hello$/m] })),
		}),
		server('vsftpd', 'vsftpd $PWD/vsftpd.conf', {
			before: 'chmod 755 .; echo "anon_root=$PWD\nsecure_chroot_dir=$PWD" >>vsftpd.conf', files: { 'vsftpd.conf': `${VSFTPD_CONF}one_process_model=YES\n` }, port: 5000,
			probes: ['off', 'on'].map((passive) => ({
				run: `lftp -p 5000 ${GUEST.ip} -e 'set xfer:clobber on; set ftp:passive-mode ${passive}; get content -o copy; quit'`, copies: true,
			})),
		}),
		server('erl', 'erl -noshell -s server main', {
			before: 'erlc server.erl', files: { 'server.erl': ERLANG }, port: 5000, needs: ['erlc'],
			probes: [1, 2].map(() => ({ run: `echo hello | nc -N ${GUEST.ip} 5000`, shows: [/^HELLO$/m] })),
		}),
	],
};
