// SPDX-License-Identifier: GPL-2.0
// images.ts - One large file written to and read from a mounted ext4 image, against fuse2fs

import { fileURLToPath } from 'node:url';

import { run } from '../exec.js';
import { atLeast, inTurns, type Figure, type Measurement, type Plan } from '../figure.js';
import { numberAfter } from '../load.js';

const LKLFUSE = fileURLToPath(new URL('../../../../bin/lklfuse', import.meta.url));
const MIB = 300;

/** A new image in memory; mounted once to write (and sync), once more to read what is not cached. */
const SCRIPT = `set -eu
cd /run
PATH=$PATH:/usr/sbin:/sbin
mkdir -p mnt
[ -e image ] || head -c 400M /dev/zero > image
mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0,nodiscard image
timed() {
	"$program" -f image mnt & pid=$!
	until mountpoint -q mnt; do sleep 0.05; done
	start=$(date +%s%N)
	dd bs=1M status=none "$@"
	echo "$name $((($(date +%s%N) - start) / 1000)) us"
	fusermount3 -u mnt
	wait $pid
}
program=$1
name=write; timed if=/dev/zero of=mnt/file count=${MIB} conv=fsync
name=read; timed if=mnt/file of=/dev/null`;

function rates(outputs: readonly string[], name: string): number[] {
	return outputs.map((output) => MIB / (numberAfter(name, output) / 1e6));
}

async function sequential({ turns }: Plan): Promise<Figure[]> {
	const script = (program: string) => () => run(['bash', '-c', SCRIPT, 'bash', program], 120);
	const [ours, theirs] = await inTurns(turns, script(LKLFUSE), script('fuse2fs'));

	return ['read', 'write'].map((name) => ({
		name: `lklfuse, sequential ${name}`, unit: 'MiB/s', values: rates(ours, name),
		reference: { name: 'fuse2fs', values: rates(theirs, name) }, limit: atLeast(2),
	}));
}

export const IMAGES: readonly Measurement[] = [
	{ name: 'lklfuse', measure: sequential },
];
