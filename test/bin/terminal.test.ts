// SPDX-License-Identifier: GPL-2.0
// terminal.test.ts - On a terminal the launched program is what the shell has started: job control, signals, size

import test from 'ava';

import { LAUNCHER, run } from './launch.js';

/** An interactive shell on a pseudo-terminal; the test types and looks at what appears. */
const HELPERS = `
import fcntl, os, pty, re, signal, struct, sys, termios, time
pid, fd = pty.fork()
if pid == 0:
    os.environ['PS1'] = 'ready> '
    os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])
seen = b''
def read_until(pattern, seconds=30):
    global seen
    import select
    end = time.time() + seconds
    while not re.search(pattern, seen):
        if not select.select([fd], [], [], max(0, end - time.time()))[0]:
            sys.exit('waited in vain for %r; there is %r' % (pattern, seen))
        seen += os.read(fd, 4096)
    match = re.search(pattern, seen)
    seen = seen[match.end():]
    return match
def type_keys(keys):
    os.write(fd, keys)
def size(rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
read_until(b'ready> ')
launch = b'%s --net slirp ' % sys.argv[1].encode()
`;

function onTerminal(script: string): ReturnType<typeof run> {
	return run('python3', ['-c', `${HELPERS}\n${script}`, LAUNCHER]);
}

const works = test.macro({
	async exec(t, script: string) {
		const { exitCode, stdout, stderr } = await onTerminal(script);
		t.is(exitCode, 0, stderr);
		t.is(stdout.trim(), 'good', stderr);
	},
	title: (what = '') => `on a terminal: ${what}`,
});

test('Ctrl-C ends the program', works, `
type_keys(launch + b'sh -c "printf star; echo ted; sleep 100"\\n')
read_until(b'started')
# Between vfork() and exec the shell's child ignores it, without us too.
time.sleep(.5)
type_keys(b'\\x03')
read_until(b'ready> ')
type_keys(b'echo status $?\\n')
read_until(b'status 130')
print('good')`);

test('Ctrl-C reaches a handler of the program', works, `
type_keys(launch + b"python3 -c 'import signal, time; signal.signal(signal.SIGINT, lambda *a: print(\\"got\\" + \\"int\\")); print(\\"star\\" + \\"ted\\", flush=True); time.sleep(2)'; echo status $?\\n")
read_until(b'started')
type_keys(b'\\x03')
read_until(b'gotint')
read_until(b'status 0')
print('good')`);

test('Ctrl-Z stops it, fg continues it', works, `
type_keys(launch + b"python3 -c 'print(\\"star\\" + \\"ted\\", flush=True); print(\\"read:\\" + input())'; echo status $?\\n")
read_until(b'started')
type_keys(b'\\x1a')
read_until(b'Stopped')
type_keys(b'jobs; fg\\n')
read_until(b'Stopped')
time.sleep(.3)
type_keys(b'hello\\n')
read_until(b'read:hello')
print('good')`);

test('the window size, and that it changes', works, `
size(33, 77)
type_keys(launch + b"python3 -c 'import os, signal, time; s = lambda *a: print(\\"size\\", *os.get_terminal_size(), flush=True); s(); signal.signal(signal.SIGWINCH, s); print(\\"star\\" + \\"ted\\", flush=True); time.sleep(2)'\\n")
read_until(b'size 77 33')
read_until(b'started')
size(44, 88)
read_until(b'size 88 44')
print('good')`);

test('kill of the launcher\'s process is kill of the program', works, `
type_keys(launch + b'sleep 100 & sleep 2; cat /proc/$!/comm; kill $!; wait $!; echo status $?\\n')
read_until(b'sleep\\r\\n')
read_until(b'status 143')
print('good')`);

