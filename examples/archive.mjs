// archive.mjs - Files into an image, and all of it into an archive; usage: node archive.mjs IMAGE
import { Kernel } from 'lkl-hijack';

const kernel = await Kernel.start();
const disk = await kernel.addDisk({ image: process.argv[2] });
const mount = await disk.mount({ type: 'ext4' });

const { files, bytes } = await mount.copyIn('/etc/ssl', '/', { uid: 0, gid: 0, exclude: ['private'] });
console.log(`${files} files, ${bytes} bytes copied`);

const archived = await mount.fs2tar('/dev/null', {
	totals: true,
	signal: AbortSignal.timeout(60_000),
	onProgress: ({ bytes, totalBytes }) => console.log(`${bytes} of ${totalBytes} bytes`),
});
console.log(`${archived.files} files archived`);
await mount.unmount();
