// SPDX-License-Identifier: GPL-2.0
// trees.ts - Trees with all that there is, and what can be seen of a tree

import { sh } from './commands.js';

/** Names, contents, times, modes: what every Unix file system has. */
const BASIC = `
mkdir -p tree/d/e/f tree/empty
cd tree
echo hello > a
head -c 3000000 /dev/urandom > big
seq 300000 > text
printf 'ü' > 'ünï ☃'
for i in $(seq 300); do echo $i > d/$i; done
printf 'x%.0s' {1..200} | xargs touch
touch -d '2001-02-03 04:05:06.123456789' a
touch -d '2010-01-01 00:00:00.000000001' d/e/f d`;

/** What Unix systems have as well. */
const POSIX = `
truncate -s 50M sparse
printf x | dd of=sparse bs=1 seek=30000000 conv=notrunc status=none
truncate -s 1M hole
echo line > $'new\\nline'
ln a hard
ln a d/hard
ln -s a link
ln -s /nonexistent/$(printf 'y%.0s' {1..200}) dangling
touch -h -d '1999-01-01 00:00:00.5' link
ln link d/hardlink
mknod null c 1 3
mkfifo fifo
echo set > suid
chown 1234:5678 d/e link
chmod 2755 d/e
chown 33 suid
chmod 4755 suid
chmod 1777 empty`;

/** Names of any bytes, device numbers of any size: what file systems of other systems do not have. */
const UNIX = `
echo bytes > $'bad\\xff\\xfename'
mknod block b 259 300`;

/** What some of them do not have. */
const ATTRIBUTES = `
printf 'z%.0s' {1..255} | xargs touch
setfattr -n user.name -v value a
setfattr -n user.empty a
setfattr -n trusted.long -v "$(printf 'v%.0s' {1..500})" d
setfattr -h -n trusted.link -v l link
setfattr -n security.selinux -v system_u:object_r:etc_t:s0 d/e
setfattr -n security.capability -v 0sAQAAAgAgAAAAAAAAAAAAAAAAAAA= suid
echo acl > acl
setfacl -m u:1000:rw,g:100:r,m::r acl
setfacl -d -m u:7:rwx d/e/f`;

const SCRIPTS = {
	basic: [BASIC],
	posix: [BASIC, POSIX],
	unix: [BASIC, POSIX, UNIX],
	attributes: [BASIC, POSIX, UNIX, ATTRIBUTES],
};

/** What a file system keeps. */
export type Kept = keyof typeof SCRIPTS;

/** Makes a directory `tree` in a folder. */
export async function makeTree(folder: string, kept: Kept): Promise<void> {
	await sh(SCRIPTS[kept].join('\n'), folder);
}

/** What to look at. */
export interface Look {
	/** Owners, permissions, links: with `basic`, types only. */
	readonly kept: Kept;
	/** Times: how many digits of the fraction of a second; or not. */
	readonly times?: number | undefined;
	/** Numbers of hard links. */
	readonly links?: boolean;
	/** Holes, in files that are large. */
	readonly holes?: boolean;
	/** Numbers of devices. */
	readonly devices?: boolean;
}

/** All that can be seen of a tree, as text. */
export function describe(directory: string, { kept, times, links = kept !== 'basic', holes = kept !== 'basic', devices = true }: Look): Promise<string> {
	const status = kept === 'basic' ? '%y' : '%y %m %U %G %l';

	return sh([
		// The root is there already when things are copied into it.
		`find . -mindepth 1 -type d ! -path ./lost+found -printf '%P ${status}\n' | sort`,
		`find . ! -type d -printf '%P ${status}${links ? ' %n' : ''} size %s\n' | sort`,
		...(times === undefined ? [] : [`find . -mindepth 1 ! -path ./lost+found -printf '%P %T@\\n' | sed -E 's/\\.([0-9]{${times}})[0-9]*$/.\\1/' | sort`]),
		'find . -type f -print0 | sort -z | xargs -0 sha256sum',
		...(devices ? ['find . \\( -type b -o -type c \\) -exec stat -c "%n %t:%T" {} + | sort'] : []),
		...(holes ? ['find . -type f -size +512k -printf "%P %S\\n" | awk \'{ print $1, ($2 < 0.9 ? "sparse" : "full") }\' | sort'] : []),
		...(kept === 'attributes' ? [
			'shopt -s dotglob extglob',
			// XFS shows root each ACL twice.
			'getfattr -R -P -h -d -m - -e hex !(lost+found) | grep -v trusted.SGI_ACL | sort',
			'getfacl -R -P -n !(lost+found) | sort',
		] : []),
	].join('\n'), directory);
}

/** The lines that only one of two descriptions has. */
export function differences(got: string, expected: string): string[] {
	const lines = { got: new Set(got.split('\n')), expected: new Set(expected.split('\n')) };
	return [
		...[...lines.got].filter((line) => !lines.expected.has(line)).map((line) => `got ${line}`),
		...[...lines.expected].filter((line) => !lines.got.has(line)).map((line) => `expected ${line}`),
	];
}
