// SPDX-License-Identifier: GPL-2.0
// servers.ts - Rows of servers of the web and of data, and their clients

import { createHash } from 'node:crypto';

import { GUEST, HOST } from '../../helpers/netns.js';
import { client, type Group, server, type ServerRow, type Step } from '../row.js';

const FETCH: readonly Step[] = [
	{ run: `curl -sS -o copy http://${GUEST.ip}:5000/content`, copies: true },
	{ run: `curl -sS -o copy http://[${GUEST.ipv6}]:5000/content`, copies: true },
];

const nginx = (master: string): ServerRow => server('nginx', `nginx -e stderr -p . -c ./${master}.conf`, {
	files: {
		[`${master}.conf`]: `
			user root; daemon off; pid pid; error_log stderr; worker_processes 1; ${master.replace('-', ' ')};
			events { worker_connections 100; }
			http { access_log off; sendfile on; server { listen 5000; listen [::]:5000; root .; } }`,
	},
	port: 5000,
	probes: FETCH,
});

/** A line in the log is the process that has answered. */
const nginxWorkers = (name: string, listen: string): ServerRow => server('nginx', `nginx -e stderr -p . -c ./${name}.conf`, {
	files: {
		small: 'x'.repeat(600),
		[`${name}.conf`]: `
			user root; daemon off; pid pid; error_log stderr; master_process on; worker_processes 2;
			events { worker_connections 300; }
			http { log_format worker $pid; access_log workers worker; server { listen ${listen}; listen [::]:${listen}; root .; } }`,
	},
	port: 5000,
	probes: [
		...FETCH,
		{ run: `ab -n 2000 -c 50 http://${GUEST.ip}:5000/small`, shows: [/Complete requests: +2000/, /Failed requests: +0/] },
		{
			run: `wrk -t 2 -c 50 -d $TIME --timeout 5s http://${GUEST.ip}:5000/small; sort workers | uniq -c`,
			shows: [/^(?![^]*Socket errors)[^]*Requests\/sec.*\nTransfer\/sec.*\n *\d{3,} \d+\n *\d{3,} \d+\n$/],
		},
	],
});

const HAPROXY_CONF = `
global
	nbthread 4
defaults
	mode http
	timeout connect 5s
	timeout client 10s
	timeout server 10s
frontend web
	bind :5000
	bind [::]:5000 v6only
	default_backend host
backend host
	server host ${HOST.ip}:5001
`;

const redisServer = (address: string): string => `redis-server --bind ${address} --port 5000 --protected-mode no --save ""`;

/** Of a million x and the end of the line. */
const LONG_VALUE = new RegExp(createHash('md5').update(`${'x'.repeat(1_000_000)}\n`).digest('hex'));

const redisSteps = (address: string): readonly Step[] => [
	{ run: `redis-cli -h ${address} -p 5000 set key value`, shows: [/^OK$/m] },
	{ run: `redis-cli -h ${address} -p 5000 -r 200 incr counter`, shows: [/^1$[^]*^100$[^]*^200$/m] },
	{ run: `redis-cli -h ${address} -p 5000 --raw eval 'return string.rep("x", 1000000)' 0 | md5sum`, shows: [LONG_VALUE] },
];

const MEMCACHED_INPUT = 'printf \'set key 0 0 5\\r\\nhello\\r\\nget key\\r\\nquit\\r\\n\'';

// PostgreSQL does not run as root.
const AS_NOBODY = 'setpriv --reuid=nobody --regid=nogroup --clear-groups';
const PG_BIN = '/usr/lib/postgresql/15/bin';
const PSQL_BEFORE = `
chmod 755 .
install -d -o nobody db
${AS_NOBODY} env LC_ALL=C ${PG_BIN}/initdb -D db -A trust -U test -N >/dev/null
echo 'host all all ${GUEST.ip}/32 trust' >>db/pg_hba.conf
`;
const PG_NEEDS = [`${PG_BIN}/initdb`, `${PG_BIN}/postgres`];
const PG_CLIENT = `-h ${GUEST.ip} -p 5000 -U test`;
const PG_SLEEPER = 'select pid from pg_stat_activity where query = \'select pg_sleep(50)\'';
/** What pgbench has written: the same in all its tables, and how often. */
const PG_BALANCE = `select count(*), sum(delta) = (select sum(abalance) from pgbench_accounts),
	sum(delta) = (select sum(bbalance) from pgbench_branches) from pgbench_history`.replace(/\s+/g, ' ');
const SUM = 'select sum(n), md5(string_agg(n::text, \',\')) from generate_series(1, 100000) n';

export const SERVERS: Group = {
	title: 'Web and data',
	rows: [
		nginx('master_process-off'),
		nginx('master_process-on'),
		nginxWorkers('two-workers', '5000'),
		nginxWorkers('two-workers-reuseport', '5000 reuseport'),
		server('haproxy', 'haproxy -db -f haproxy.conf', {
			files: { 'haproxy.conf': HAPROXY_CONF }, port: 5000, probes: FETCH,
			peer: { run: `python3 -m http.server 5001 --bind ${HOST.ip}`, port: 5001 },
		}),
		...redisSteps(HOST.ip).map(({ run, ...rest }) => client('redis-cli', run, { ...rest, peer: { run: redisServer(HOST.ip), port: 5000 } })),
		server('redis-server', redisServer(GUEST.ip), {
			port: 5000,
			probes: [...redisSteps(GUEST.ip), { run: `redis-benchmark -h ${GUEST.ip} -p 5000 -n 2000 -q -t set,get`, shows: [/SET: \d+\.\d+ requests/, /GET: \d+\.\d+ requests/] }],
		}),
		server('memcached', `memcached -u root -l ${GUEST.ip} -p 5000 -t 4`, {
			port: 5000,
			probes: [1, 2, 3, 4, 5].map(() => ({ run: `${MEMCACHED_INPUT} | nc ${GUEST.ip} 5000`, shows: [/STORED\r\nVALUE key 0 5\r\nhello\r\nEND/] })),
		}),
		client('psql', `psql -h ${HOST.ip} -p 5000 -U test -d postgres -At -c "${SUM}"`, {
			before: PSQL_BEFORE, needs: PG_NEEDS,
			peer: { name: 'postgres', run: `${AS_NOBODY} ${PG_BIN}/postgres -D db -h ${HOST.ip} -p 5000 -k ''`, port: 5000 },
			shows: [/^5000050000\|63ce0dadc39034dfd82b3b5979b82fbb$/m],
		}),
		client('pgbench', `pgbench -h ${HOST.ip} -p 5000 -U test -n -f sum.sql -c 8 -t 100 postgres`, {
			files: { 'sum.sql': 'select sum(n) from generate_series(1, 1000) n;\n' },
			before: PSQL_BEFORE, needs: PG_NEEDS,
			peer: { name: 'postgres', run: `${AS_NOBODY} ${PG_BIN}/postgres -D db -h ${HOST.ip} -p 5000 -k ''`, port: 5000 },
			shows: [/processed: 800\/800$/m, /failed transactions: 0 /],
		}),
		server('postgres', `sh -c "${AS_NOBODY} ${PG_BIN}/postgres -D db -h ${GUEST.ip} -p 5000 -k ''; :"`, {
			before: PSQL_BEFORE.replace(GUEST.ip, HOST.ip), needs: PG_NEEDS, port: 5000,
			probes: [
				{ run: `pgbench ${PG_CLIENT} -q -i postgres`, shows: [/^done in/m] },
				{ run: `pgbench ${PG_CLIENT} -c 8 -t 100 postgres`, shows: [/processed: 800\/800$/m, /failed transactions: 0 /] },
				// The server ends all its processes then, and starts them anew from its log.
				{
					run: `psql ${PG_CLIENT} -d postgres -c 'select pg_sleep(50)' & sleep 1; kill -9 $(psql ${PG_CLIENT} -d postgres -Atc "${PG_SLEEPER}"); wait
						until psql ${PG_CLIENT} -d postgres -c 'select 1'; do sleep 0.1; done`,
					shows: [/server closed the connection unexpectedly/],
				},
				{ run: `psql ${PG_CLIENT} -d postgres -Atc '${PG_BALANCE}'`, shows: [/^800\|t\|t$/m] },
				{ run: `${AS_NOBODY} ${PG_BIN}/pg_ctl -D db stop`, shows: [/server stopped/] },
			],
			shows: [/redo done[^]*database system is shut down/],
		}),
	],
};
