// SPDX-License-Identifier: GPL-2.0
// families.ts - Rows of programs that execute others, which are on the same network

import { GUEST, HOST } from '../../helpers/netns.js';
import { client, type Group, type Row, server } from '../row.js';

const REPOSITORY = `
git -c init.defaultBranch=main init --quiet repository
cp content repository/copy
cd repository
git add copy
git -c user.name=x -c user.email=x commit --quiet --message x
git update-server-info
cd ..
git init --quiet
`;
const gitDaemon = (address: string): string =>
	`git -c safe.directory=* daemon --export-all --base-path=. --listen=${address} --port=5000 --reuseaddr .`;
const pull = (from: string): string => `git -c safe.directory=* pull --quiet ${from} main`;

const INETD_CONF = '5000 stream tcp nowait root /usr/bin/tr tr a-z A-Z\n';

const SCRIPT = `
nc -l 127.0.0.1 8000 >received &
until ss -tln | grep -q :8000; do :; done
curl -sS http://${HOST.ip}:5000/content | nc -N 127.0.0.1 8000
wait
cp received copy
`;

/** Serves what it is asked, in capitals; started with the socket of one connection. */
const CAPITALS = [1, 2].map(() => ({ run: `echo hello | nc -N ${GUEST.ip} 5000`, shows: [/^HELLO$/m] }));

const git: readonly Row[] = [
	client('git', pull(`http://${HOST.ip}:5000/repository/.git`), {
		before: REPOSITORY, copies: true, peer: { run: 'python3 -m http.server 5000', port: 5000 },
	}),
	client('git', pull(`git://${HOST.ip}:5000/repository`), {
		before: REPOSITORY, copies: true, peer: { run: gitDaemon(HOST.ip), port: 5000 },
	}),
	server('git', gitDaemon(GUEST.ip), {
		before: REPOSITORY, port: 5000, probes: [{ run: pull(`git://${GUEST.ip}:5000/repository`), copies: true }],
	}),
];

export const FAMILIES: Group = {
	title: 'Programs that execute programs',
	rows: [
		...git,
		client('sh', 'sh script', {
			files: { script: SCRIPT }, copies: true, needs: ['nc', 'ss', 'curl'], peer: { run: 'python3 -m http.server 5000', port: 5000 },
		}),
		client('timeout', `timeout 30 ping -c 2 ${HOST.ip}`, { shows: [/ 2 received/] }),
		client('mtr', `mtr --no-dns --report --report-cycles 2 --interval 0.5 ${HOST.ip}`, { shows: [/192\.168\.13\.1 +0\.0% +2/] }),
		server('inetd', 'inetd -i inetd.conf', {
			files: { 'inetd.conf': INETD_CONF }, port: 5000, probes: CAPITALS,
		}),
		server('systemd-socket-activate', 'systemd-socket-activate --accept --inetd --listen=5000 tr a-z A-Z', { port: 5000, probes: CAPITALS }),
	],
};
