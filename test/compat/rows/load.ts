// SPDX-License-Identifier: GPL-2.0
// load.ts - Rows of the programs that measure a network, in both roles

import { GUEST, HOST } from '../../helpers/netns.js';
import { client, type ClientRow, type Group, server } from '../row.js';

/** What iperf3's receiver got: not nothing. */
const RECEIVED = /[1-9][\d.]* [MG]Bytes .*receiver/;
const SUM_RECEIVED = /\[SUM\].* [1-9][\d.]* [MG]Bytes .*receiver/;
/** Few datagrams: the machine may be busy. */
const UDP_RECEIVED = /[1-9][\d.]* [KM]Bytes .* \d+\/[1-9]\d* \(.*%\) +receiver/;

const IPERF3: readonly [options: string, shows: RegExp][] = [
	['', RECEIVED],
	['-R', RECEIVED],
	['-P 4', SUM_RECEIVED],
	['-P 4 -R', SUM_RECEIVED],
	['-u -b 10M', UDP_RECEIVED],
	['-u -b 10M -R', UDP_RECEIVED],
];

const iperf3 = (address: string, options: string): string => `iperf3 -c ${address} -t 1 ${options}`.trim();

/** The last number of a line of five or more: throughput, or transactions per second. */
const RATE = /^ *(?:\d+ +){3,}\d+\.\d+ +(?!0\.00)\d+\.\d+ *$/m;
/** The receiver's line: size, time, datagrams, throughput. */
const DATAGRAMS = /^ *\d+ +\d+\.\d+ +[1-9]\d* +(?!0\.00)\d+\.\d+ *$/m;

// Datagrams in one frame each: of a flood of larger ones hardly any arrives whole.
const NETPERF: readonly [type: string, shows: RegExp][] = [
	['TCP_STREAM', RATE], ['TCP_MAERTS', RATE], ['TCP_RR', RATE], ['TCP_CRR', RATE],
	['UDP_STREAM -- -m 1400', DATAGRAMS], ['UDP_RR', RATE],
];

const netperf = (address: string, type: string): string => `netperf -H ${address} -l 1 -P 0 -t ${type}`;

const nginxConf = (address: string): string => `
user root; daemon off; master_process off; pid pid; error_log stderr;
events { worker_connections 300; }
http { access_log off; server { listen ${address}:5000; root .; } }
`;

const NGINX = 'nginx -e stderr -p . -c ./nginx.conf';
const ON_HOST = `http://${HOST.ip}:5000/small`;
const SMALL = { small: 'x'.repeat(600) };
/** A web server on the host, for the clients. */
const WEB = { files: { ...SMALL, 'nginx.conf': nginxConf(HOST.ip) }, peer: { run: NGINX, port: 5000 } };

/** A request that is not answered in 5 s is a socket error. */
const NO_STALL = [/^ +\d{3,} requests in/m, /^(?![^]*Socket errors)[^]*Requests\/sec/];
const WRK = 'wrk -t 2 -c 50 -d $TIME --timeout 5s';

const webClient = (program: string, options: string, ...shows: RegExp[]): ClientRow =>
	client(program, `${options} ${ON_HOST}`, { ...WEB, shows });

export const LOAD: Group = {
	title: 'Load',
	rows: [
		...IPERF3.map(([options, shows]) => client('iperf3', iperf3(HOST.ip, options), { peer: { run: 'iperf3 -s', port: 5201 }, shows: [shows] })),
		server('iperf3', 'iperf3 -s', { port: 5201, probes: IPERF3.map(([options, shows]) => ({ run: iperf3(GUEST.ip, options), shows: [shows] })) }),
		...NETPERF.map(([type, shows]) => client('netperf', netperf(HOST.ip, type), { peer: { run: 'netserver -D -f', port: 12_865 }, shows: [shows] })),
		server('netserver', 'netserver -D -f', { port: 12_865, probes: NETPERF.map(([type, shows]) => ({ run: netperf(GUEST.ip, type), shows: [shows] })) }),
		webClient('wrk', WRK, ...NO_STALL),
		server('nginx', NGINX, {
			files: { ...SMALL, 'nginx.conf': nginxConf(GUEST.ip) },
			port: 5000,
			probes: [{ run: `${WRK} http://${GUEST.ip}:5000/small`, shows: NO_STALL }],
		}),
		webClient('ab', 'ab -n 2000 -c 20', /Complete requests: +2000/, /Failed requests: +0/),
		webClient('ab', 'ab -k -n 2000 -c 20', /Complete requests: +2000/, /Failed requests: +0/, /Keep-Alive requests: +[1-9]/),
		webClient('h2load', 'h2load --h1 -n 2000 -c 20 -t 2', /2000 succeeded, 0 failed, 0 errored, 0 timeout/, /2000 2xx/),
		client('h2load', `h2load -n 2000 -c 20 -t 2 -m 10 ${ON_HOST}`, {
			...WEB, files: { ...SMALL, 'nginx.conf': nginxConf(HOST.ip).replace(':5000', ':5000 http2') },
			shows: [/Application protocol: h2c/, /2000 succeeded, 0 failed, 0 errored, 0 timeout/, /2000 2xx/],
		}),
		client('redis-benchmark', `redis-benchmark -h ${HOST.ip} -p 5000 -n 2000 -q -t set,get,lpush`, {
			peer: { run: `redis-server --bind ${HOST.ip} --port 5000 --protected-mode no --save ""`, port: 5000 },
			shows: [/SET: \d+\.\d+ requests/, /GET: \d+\.\d+ requests/, /LPUSH: \d+\.\d+ requests/],
		}),
	],
};
