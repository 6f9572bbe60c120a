// SPDX-License-Identifier: GPL-2.0
// languages.ts - Rows of interpreters and runtimes: their own clients and servers

import { GUEST, HOST } from '../../helpers/netns.js';
import { client, type Group, server, type Step } from '../row.js';

const ON_HOST = `http://${HOST.ip}:5000/content`;
const WEB = { peer: { run: 'python3 -m http.server 5000 --bind ::', port: 5000 }, copies: true } as const;

const FETCH: Step = { run: `curl -sS -o copy http://${GUEST.ip}:5000/content`, copies: true };
const LOADED: Step = { run: `ab -n 500 -c 20 http://${GUEST.ip}:5000/small`, shows: [/Complete requests: +500/, /Failed requests: +0/] };
const SMALL = { small: 'x'.repeat(600) };

/** Sends back, in capitals, what it gets. */
const ECHO_SERVER: readonly Step[] = [1, 2, 3].map((nr) => ({ run: `echo hello ${nr} | nc -N ${GUEST.ip} 5000`, shows: [new RegExp(`HELLO ${nr}`)] }));

const ASYNCIO_CLIENT = `
import asyncio, hashlib
content = open('content', 'rb').read()
async def fetch():
    reader, writer = await asyncio.open_connection('${HOST.ip}', 5000)
    writer.write(b'GET /content HTTP/1.0\\r\\n\\r\\n')
    answer = await reader.read()
    writer.close()
    return answer.split(b'\\r\\n\\r\\n', 1)[1] == content
async def main():
    print((await asyncio.gather(*(fetch() for _ in range(5)))).count(True), 'right')
asyncio.run(main())
`;

const ASYNCIO_SERVER = `
import asyncio
async def serve(reader, writer):
    while data := await reader.read(65536):
        writer.write(data.upper())
        await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(serve, '0.0.0.0', 5000)
    await server.serve_forever()
asyncio.run(main())
`;

const socketserver = (kind: string): string => `
import socketserver
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.upper())
class Server(socketserver.${kind}TCPServer):
    allow_reuse_address = True
Server(('0.0.0.0', 5000), Handler).serve_forever()
`;

const NODE_SERVER = `
const fs = require('fs');
require('http').createServer(({ url }, response) => fs.createReadStream('.' + url).pipe(response)).listen(5000, '::');
`;
const NODE_CLIENT = `
require('http').get('${ON_HOST}', (response) => response.pipe(require('fs').createWriteStream('copy')));
`;
const NODE_FETCH = `
fetch('${ON_HOST}').then((response) => response.arrayBuffer()).then((bytes) => require('fs').writeFileSync('copy', Buffer.from(bytes)));
`;

const PERL_SERVER = `
use IO::Socket::INET;
my $server = IO::Socket::INET->new(Listen => 5, LocalPort => 5000, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
	while (<$client>) { print $client uc }
	close $client;
}
`;

const JAVA_CLIENT = `
import java.net.URI;
import java.net.http.*;
import java.nio.file.Path;
class Client {
	public static void main(String[] args) throws Exception {
		HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("${ON_HOST}")).build(),
			HttpResponse.BodyHandlers.ofFile(Path.of("copy")));
	}
}
`;

const GO_CLIENT = `
package main
import ("fmt"; "io"; "net"; "os")
func main() {
	server, err := net.Dial("tcp", "${HOST.ip}:5000")
	if err != nil { panic(err) }
	fmt.Fprintf(server, "GET /content HTTP/1.0\\r\\n\\r\\n")
	answer, _ := io.ReadAll(server)
	os.WriteFile("copy", answer[len(answer) - 3000000:], 0644)
}
`;

export const LANGUAGES: Group = {
	title: 'Languages',
	rows: [
		client('python3', `python3 -c "import urllib.request as r; r.urlretrieve('${ON_HOST}', 'copy')"`, WEB),
		client('python3', 'python3 asyncio_client.py', { peer: WEB.peer, files: { 'asyncio_client.py': ASYNCIO_CLIENT }, shows: [/^5 right$/m] }),
		server('python3', 'python3 -m http.server 5000', { files: SMALL, port: 5000, probes: [FETCH, LOADED] }),
		server('python3', 'python3 asyncio_server.py', { port: 5000, files: { 'asyncio_server.py': ASYNCIO_SERVER }, probes: ECHO_SERVER }),
		server('python3', 'python3 threading_server.py', { port: 5000, files: { 'threading_server.py': socketserver('Threading') }, probes: ECHO_SERVER }),
		server('python3', 'python3 forking_server.py', {
			port: 5000, files: { 'forking_server.py': socketserver('Forking') },
			probes: [{ run: `echo hello 1 | nc -N -w 3 ${GUEST.ip} 5000`, shows: [/HELLO 1/] }],
		}),
		client('node', 'node http_client.js', { ...WEB, files: { 'http_client.js': NODE_CLIENT } }),
		client('node', 'node fetch.js', { ...WEB, files: { 'fetch.js': NODE_FETCH } }),
		server('node', 'node http_server.js', { port: 5000, files: { ...SMALL, 'http_server.js': NODE_SERVER }, probes: [FETCH, LOADED] }),
		client('perl', `perl -MHTTP::Tiny -e 'HTTP::Tiny->new->mirror("${ON_HOST}", "copy")'`, WEB),
		server('perl', 'perl server.pl', { port: 5000, files: { 'server.pl': PERL_SERVER }, probes: ECHO_SERVER }),
		client('java', 'java Client.java', { ...WEB, files: { 'Client.java': JAVA_CLIENT }, needs: ['javac'] }),
		client('go', './client', {
			...WEB, needs: ['go'],
			files: { 'client.go': GO_CLIENT }, before: 'env CGO_ENABLED=0 GOCACHE=$PWD/cache go build -o client client.go',
		}),
		client('hey', `hey -n 2 -c 2 -t 2 ${ON_HOST}`, { peer: WEB.peer, shows: [/\[200\]\s+2 responses/] }),
	],
};
