// SPDX-License-Identifier: GPL-2.0
// transfers.ts - Rows of the programs that fetch, send and look up

import { GUEST, HOST } from '../../helpers/netns.js';
import { client, type ClientRow, type Group, type Peer, server, type Step } from '../row.js';

/** A web server on the host. */
const WEB = { run: 'python3 -m http.server 5000 --bind ::', port: 5000 };
const fetch = (program: string, command: string): ClientRow => client(program, command, { peer: WEB, copies: true });

const ON_HOST = `http://${HOST.ip}:5000/content`;
const COPIED: Step = { run: `nc -d ${GUEST.ip} 5000 >copy`, copies: true };

const CERTIFICATE = 'openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=host.test 2>/dev/null';
const TLS_SERVER = 'openssl s_server -accept 5000 -cert cert.pem -key key.pem -WWW';
const TLS_REQUEST = 'GET /content HTTP/1.0\r\n\r\n';

/** host.test is this name server's. */
const NAMES = (address: string): Peer => ({ name: 'a name server', run: `node $NAME_SERVER ${address}`, port: 53 });

const SSHD_CONFIG = `
Port 5000
HostKey hostkey
AuthorizedKeysFile $PWD/userkey.pub
StrictModes no
UsePAM no
PidFile none
`;
const SSHD_BEFORE = `
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f hostkey
ssh-keygen -q -t ed25519 -N '' -f userkey
echo "${SSHD_CONFIG}" | sed "s|HostKey |&$PWD/|" >sshd_config
printf '%s\n' 'Host *' 'Port 5000' 'StrictHostKeyChecking no' 'UserKnownHostsFile /dev/null' 'LogLevel ERROR' "IdentityFile $PWD/userkey" >ssh_config
`;
const SSHD = '/usr/sbin/sshd -D -e -f sshd_config';
const SSH = { before: SSHD_BEFORE, needs: ['sshd', 'ssh', 'ssh-keygen'] };

const RSYNC = {
	before: 'printf \'%s\\n\' "use chroot = no" "uid = root" "gid = root" "[here]" "path = $PWD" "read only = no" >rsyncd.conf',
	copies: true,
} as const;
const RSYNCD = 'rsync --daemon --no-detach --config rsyncd.conf --port 5000 --log-file=/dev/stderr';
const RSYNC_PEER = { run: RSYNCD, port: 5000 };

export const TRANSFERS: Group = {
	title: 'Transfers and look-ups',
	rows: [
		fetch('curl', `curl -sS -o copy ${ON_HOST}`),
		fetch('curl', `curl -sS -o copy http://[${HOST.ipv6}]:5000/content`),
		fetch('wget', `wget -q -O copy ${ON_HOST}`),
		client('nc', `nc -N ${HOST.ip} 5000 <content`, { peer: { run: 'nc -d -l 5000 >copy', port: 5000 }, copies: true }),
		client('nc', `nc -d ${HOST.ip} 5000 >copy`, { peer: { run: 'nc -N -l 5000 <content', port: 5000 }, copies: true }),
		server('nc', 'nc -N -l 5000 <content', { probes: [COPIED] }),
		server('nc', 'nc -k -l 5000', { port: 5000, probes: [{ run: `printf first | nc -N ${GUEST.ip} 5000` }, { run: `printf second | nc -N ${GUEST.ip} 5000` }], shows: [/firstsecond/] }),
		server('nc', 'nc -u -l 5000', { probes: [{ run: `echo datagram | nc -u -w 1 ${GUEST.ip} 5000` }], shows: [/datagram/] }),
		client('socat', `socat -u TCP:${HOST.ip}:5000 CREATE:copy`, { peer: { run: 'nc -N -l 5000 <content', port: 5000 }, copies: true }),
		client('socat', `socat -t 5 - TCP6:[${HOST.ipv6}]:5000`, { peer: { run: 'socat TCP6-LISTEN:5000 EXEC:rev', port: 5000 }, input: 'abc\n', shows: [/^cba$/m] }),
		server('socat', 'socat -u FILE:content TCP-LISTEN:5000', { probes: [COPIED] }),
		server('socat', 'socat TCP-LISTEN:5000 EXEC:rev', { probes: [{ run: `echo abc | nc -N ${GUEST.ip} 5000`, shows: [/cba/] }] }),
		server('socat', 'socat TCP-LISTEN:5000,fork EXEC:rev', {
			port: 5000, probes: [{ run: `echo abc | nc -N -w 2 ${GUEST.ip} 5000`, shows: [/cba/] }],
		}),
		client('openssl', `openssl s_client -quiet -connect ${HOST.ip}:5000 -CAfile cert.pem -verify_return_error | sed '1,/^\\r$/d' >copy`, {
			before: CERTIFICATE, peer: { run: TLS_SERVER, port: 5000 }, input: TLS_REQUEST, copies: true,
		}),
		server('openssl', TLS_SERVER, {
			before: CERTIFICATE, port: 5000,
			probes: [{ run: `curl -sS -o copy --cacert cert.pem --resolve host.test:5000:${GUEST.ip} https://host.test:5000/content`, copies: true }],
		}),
		client('dig', `dig @${HOST.ip} host.test`, { peer: NAMES(HOST.ip), shows: [/^host\.test\.\s+\d+\s+IN\s+A\s+192\.168\.13\.1$/m] }),
		client('dig', `dig @${HOST.ipv6} +tcp +short host.test AAAA`, { peer: NAMES(HOST.ipv6), shows: [/^fc03::1$/m] }),
		client('host', `host host.test ${HOST.ip}`, { peer: NAMES(HOST.ip), shows: [/host\.test has address 192\.168\.13\.1/, /has IPv6 address fc03::1/] }),
		client('ssh', `ssh -F ssh_config ${HOST.ip} cat $PWD/content >copy`, { ...SSH, peer: { run: SSHD, port: 5000 }, copies: true }),
		server('sshd', SSHD, { ...SSH, probes: [{ run: `timeout 5 ssh -F ssh_config ${GUEST.ip} echo done`, shows: [/done/] }], port: 5000 }),
		client('rsync', `rsync content rsync://${HOST.ip}:5000/here/copy`, { ...RSYNC, peer: RSYNC_PEER }),
		client('rsync', `rsync -e "lkl-hijack ssh -F ssh_config" ${HOST.ip}:$PWD/content copy`, { ...SSH, peer: { run: SSHD, port: 5000 }, copies: true }),
		client('rsync', `rsync rsync://${HOST.ip}:5000/here/content copy`, { ...RSYNC, peer: RSYNC_PEER }),
		server('rsync', RSYNCD, {
			before: RSYNC.before, port: 5000,
			probes: [{ run: `timeout 5 rsync rsync://${GUEST.ip}:5000/here/content copy`, copies: true }],
		}),
	],
};
