// SPDX-License-Identifier: GPL-2.0
// python.test.ts - Servers and clients in one Python process, on the loopback interface of LKL

import { succeed } from '../helpers/command.js';
import { hijacked } from '../helpers/hijacked.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';
import { PYTHON } from '../helpers/servers.js';

const problems = [missingPrograms(PYTHON)];

/** All in one event loop, with a child process of the host. */
const ASYNCIO = `
import asyncio, socket
async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
async def client(port, nr):
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    data = bytes(i * nr & 255 for i in range(20000))
    writer.write(data)
    writer.write_eof()
    assert await reader.read() == data
    writer.close()
async def main():
    server = await asyncio.start_server(echo, '127.0.0.1', 0, backlog=200)
    port = server.sockets[0].getsockname()[1]
    await asyncio.gather(*(client(port, nr) for nr in range(100)))
    process = await asyncio.create_subprocess_exec('echo', 'child', stdout=asyncio.subprocess.PIPE)
    child, _ = await process.communicate()
    print([name for _, name in socket.if_nameindex()], child)
asyncio.run(main())
`;

testUnless(problems, 'python: asyncio, 100 connections and a child process', async (t) => {
	t.is(await succeed(t, hijacked({}, [PYTHON, '-c', ASYNCIO])), '[\'lo\'] b\'child\\n\'');
});

/** Threads that all use a server in a thread of its own. */
const THREADS = `
import http.client, http.server, threading
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.encode() * 1000)
    def log_message(self, *args): pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
right = []
def fetch(nr):
    connection = http.client.HTTPConnection(*server.server_address, timeout=10)
    connection.request('GET', f'/{nr}')
    right.append(connection.getresponse().read() == f'/{nr}'.encode() * 1000)
threads = [threading.Thread(target=fetch, args=(nr,)) for nr in range(50)]
for thread in threads: thread.start()
for thread in threads: thread.join()
server.shutdown()
print(right.count(True))
`;

testUnless(problems, 'python: a web server and 50 threads that ask it', async (t) => {
	t.is(await succeed(t, hijacked({}, [PYTHON, '-c', THREADS])), '50');
});
