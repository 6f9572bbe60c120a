// network.mjs - A server on a network stack of its own, which the host reaches through a forwarded port
import { connect } from 'node:net';
import { Kernel } from 'lkl-hijack';

const HOST_PORT = 20000 + process.pid % 10000;
const kernel = await Kernel.start({
	sysctl: 'net.ipv4.tcp_congestion_control=bbr',
	interfaces: [{ type: 'slirp', param: `tcp:${HOST_PORT}:7` }],
});

const server = kernel.net.createServer({ noDelay: true }, (socket) => socket.pipe(socket));
server.listen(7, () => {
	const client = connect(HOST_PORT, '127.0.0.1');
	client.on('data', (bytes) => console.log(`echo: ${bytes}`));
	client.on('close', () => server.close());
	client.end('hello');
});
