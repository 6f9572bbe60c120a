// files.mjs - Files of an ext4 image, without root; usage: node files.mjs IMAGE
import { Kernel } from 'lkl-hijack';

const kernel = await Kernel.start({ memory: 64 });
const disk = await kernel.addDisk({ image: process.argv[2] });
const { path } = await disk.mount();
const { fs } = kernel;

await fs.mkdir(`${path}/etc/app`, { recursive: true });
await fs.writeFile(`${path}/etc/app/config.json`, '{"debug":true}\n', { mode: 0o640 });
await fs.chown(`${path}/etc/app/config.json`, 1000, 1000);
await fs.setxattr(`${path}/etc/app/config.json`, 'user.origin', 'example');

for (const entry of await fs.readdir(path, { withFileTypes: true, recursive: true })) {
	const file = `${entry.parentPath}/${entry.name}`;
	const { mode, uid, size } = await fs.lstat(file);
	console.log((mode & 0o7777).toString(8), uid, size, file.slice(path.length));
}
await kernel.halt();
