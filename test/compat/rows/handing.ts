// SPDX-License-Identifier: GPL-2.0
// handing.ts - Rows of servers whose processes hand sockets to each other

import { GUEST } from '../../helpers/netns.js';
import { type Group, server, type Step } from '../row.js';

/** A process with rights makes the connections for data, and sends them to one without. */
export const VSFTPD_CONF = `listen=YES
listen_port=5000
anonymous_enable=YES
no_anon_password=YES
ftp_username=games
background=NO
`;

/** What answers the log-in sends the connection to what reads the mail. */
const DOVECOT_BEFORE = `
chmod 755 .
mkdir -p home/new home/cur home/tmp
{ printf 'Subject: content\n\n'; base64 content; } >home/new/1.1.host
chown -R nobody home
cat >dovecot.conf <<END
protocols = imap
ssl = no
disable_plaintext_auth = no
base_dir = $PWD/run
state_dir = $PWD/run
log_path = $PWD/log
default_internal_user = nobody
default_login_user = nobody
passdb {
	driver = static
	args = password=secret
}
userdb {
	driver = static
	args = uid=nobody gid=nogroup home=$PWD/home
}
mail_location = maildir:$PWD/home
service imap-login {
	inet_listener imap {
		port = 5000
	}
	chroot =
}
END
`;

/** A new process asks the old one for its sockets, three times in some seconds. */
const HAPROXY_CONF = `
global
	stats socket unix@haproxy.sock level admin expose-fd listeners
defaults
	mode http
	timeout connect 5s
	timeout client 10s
	timeout server 10s
frontend web
	bind :5000
	http-request return status 200 content-type text/plain string "hello"
`;
const HAPROXY_RELOADS = `haproxy -db -f haproxy.conf &
old=$!
for i in 1 2 3; do
	sleep 1.5
	haproxy -db -f haproxy.conf -x haproxy.sock -sf $old &
	wait $old
	old=$!
done
wait
`;

const NGINX_UPGRADE_CONF = `
user root; daemon off; pid pid; error_log stderr; worker_processes 2;
events { worker_connections 100; }
http { access_log off; server { listen 5000; root .; } }
`;
/** The new program finds the number of the listening socket in its environment. nginx must see that its parent has ended. */
const NGINX_UPGRADES = `sh -c '/usr/sbin/nginx -e stderr -p . -c ./nginx.conf & sleep 1'
sleep 1
kill -USR2 $(cat pid)
until [ -s pid.oldbin ] && [ -s pid ]; do sleep 0.1; done
sleep 1
kill -QUIT $(cat pid.oldbin)
sleep 60
`;

/** Requests all the time, none of which fails. */
const LOADED: Step = { run: `ab -t 6 -n 100000 -c 5 http://${GUEST.ip}:5000/small`, shows: [/Complete requests: +\d{3}/, /Failed requests: +0/] };

export const HANDING: Group = {
	title: 'Servers whose processes hand sockets to each other',
	rows: [
		server('vsftpd', 'vsftpd $PWD/two-processes.conf', {
			before: 'chmod 755 .; echo "anon_root=$PWD\nsecure_chroot_dir=$PWD" >>two-processes.conf', files: { 'two-processes.conf': VSFTPD_CONF }, port: 5000,
			probes: ['off', 'on'].map((passive) => ({
				run: `lftp -p 5000 ${GUEST.ip} -e 'set xfer:clobber on; set ftp:passive-mode ${passive}; get content -o copy; quit'`, copies: true,
			})),
		}),
		server('dovecot', 'sh -c \'dovecot -F -c dovecot.conf; :\'', {
			before: DOVECOT_BEFORE, needs: ['dovecot'], port: 5000,
			probes: [1, 2, 3].map(() => ({
				run: `curl -sS 'imap://user:secret@${GUEST.ip}:5000/INBOX;UID=1' | tr -d '\\r' | sed 1,2d | base64 -d >copy`, copies: true,
			})),
		}),
		server('haproxy', 'sh reload', {
			files: { 'haproxy.conf': HAPROXY_CONF, reload: HAPROXY_RELOADS }, needs: ['haproxy'], port: 5000,
			probes: [LOADED], shows: [/(Proxy web stopped[^]*){3}/],
		}),
		server('nginx', 'sh upgrade', {
			files: { small: 'hello', 'nginx.conf': NGINX_UPGRADE_CONF, upgrade: NGINX_UPGRADES }, needs: ['nginx'], port: 5000,
			probes: [LOADED, { run: `curl -sS -o copy http://${GUEST.ip}:5000/content`, copies: true }], shows: [/using inherited sockets from/],
		}),
	],
};
