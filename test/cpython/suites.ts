// SPDX-License-Identifier: GPL-2.0
// suites.ts - The suites of CPython that are compared, and the differences that are explained

/** What `make test` compares: sockets, and waiting for them. */
export const CORE = [
	'test_socket', 'test_select', 'test_poll', 'test_epoll', 'test_selectors', 'test_socketserver',
] as const;

/** What docs/cpython.md is about besides: users of sockets, and what else the library redirects. */
export const MORE = [
	'test_asyncio.test_sock_lowlevel', 'test_asyncio.test_streams', 'test_asyncio.test_events', 'test_asyncio.test_sendfile',
	'test_asyncio.test_server', 'test_asyncio.test_ssl', 'test_asyncio.test_subprocess', 'test_asyncio.test_unix_events',
	'test_asyncore', 'test_asynchat', 'test_timeout', 'test_ssl', 'test_httplib', 'test_httpservers', 'test_urllib2_localnet',
	'test_xmlrpc', 'test_docxmlrpc', 'test_wsgiref', 'test_ftplib', 'test_smtplib', 'test_poplib', 'test_imaplib',
	'test_nntplib', 'test_telnetlib', 'test_logging', 'test_subprocess', 'test_signal', 'test_threading', 'test_threadsignals', 'test_os',
	'test_posix', 'test_fcntl', 'test_pty', 'test_io', 'test_fileio', '_test_eintr', 'test_file_eintr', 'test_largefile', 'test_mmap',
	'test_openpty', 'test_pipes', 'test_popen', 'test_wait3', 'test_wait4', 'test_fork1', 'test_syslog', 'test_urllib',
	'test_urllib2', 'test_uuid', 'test_faulthandler', 'test_atexit', 'test_asyncio.test_base_events', 'test_asyncio.test_selector_events',
	'test_asyncio.test_sslproto', 'test_asyncio.test_buffered_proto', 'test_asyncio.test_threads', 'test_asyncio.test_tasks',
] as const;

/** Tests that hang on LKL; they count as missing there. */
export const ENDLESS: readonly string[] = ['test._test_eintr.SocketEINTRTest.test_accept'];

/** Differences that cannot be otherwise; a * stands for anything. */
export const EXPLAINED: readonly { readonly tests: string; readonly why: string }[] = [{
	tests: 'test._test_eintr.SocketEINTRTest.test_accept',
	why: 'A program that is executed has an LKL kernel of its own: it cannot connect to its parent.',
}];

/** Why a test may differ; undefined if nobody knows. */
export function explanation(test: string): string | undefined {
	return EXPLAINED.find(({ tests }) => new RegExp(`^${tests.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(test))?.why;
}
