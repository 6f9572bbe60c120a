// SPDX-License-Identifier: GPL-2.0
// setup-tap.ts - Create and delete the tap devices of the settings; every command is printed

import { spawnSync } from 'node:child_process';

import type { Resolution } from '../../config/resolve.js';
import type { Arguments } from '../launcher/arguments.js';
import { EXIT, Failure, printLine, STDOUT } from '../launcher/failure.js';
import { hasInterface } from '../launcher/host-checks.js';
import { hasCapability } from '../launcher/privilege.js';
import { expectNoOperands, resolveAll } from '../launcher/resolved.js';
import { quote } from '../launcher/shell.js';
import { type Command, setupPlan, tapNames, teardownPlan } from '../launcher/tap-plan.js';

/** The settings, which have to name a tap. */
async function settingsWithTap(wanted: Arguments): Promise<Resolution> {
	expectNoOperands(wanted);
	const settings = await resolveAll(wanted);

	if (settings.problems.length > 0) {
		throw new Failure(EXIT.config, ...settings.problems);
	}
	if (tapNames(settings).length === 0) {
		throw new Failure(EXIT.config, `${wanted.command}: the settings have no tap; expected --tap NAME, or one in lkl-hijack.json`);
	}
	return settings;
}

function execute(commands: readonly Command[], isDry: boolean): number {
	if (!isDry && commands.length > 0 && !hasCapability('CAP_NET_ADMIN')) {
		throw new Failure(
			EXIT.noPermission, 'this needs the privilege CAP_NET_ADMIN, which root has; the commands would be:',
			...commands.map((command) => `  ${command.map(quote).join(' ')}`),
		);
	}
	for (const command of commands) {
		const [program = '', ...args] = command;
		printLine(STDOUT, command.map(quote).join(' '));
		const { status, error } = isDry ? { status: 0, error: undefined } : spawnSync(program, args, { stdio: 'inherit' });
		if (status !== 0) {
			throw new Failure(EXIT.osError, `${program} has failed${error ? `: ${error.message}` : ''}; what is done so far stays`);
		}
	}
	return 0;
}

/** Below sudo it is for the user who called that. */
function defaultOwner(): string {
	return process.env['SUDO_UID'] ?? String(process.getuid?.() ?? 0);
}

export async function setupTap(wanted: Arguments): Promise<number> {
	const settings = await settingsWithTap(wanted);
	const address = wanted.flags.get('address');
	const owner = wanted.flags.get('owner');
	const commands = setupPlan(settings, {
		owner: typeof owner === 'string' ? owner : defaultOwner(),
		addresses: typeof address === 'string' ? address.split(',') : [],
		forwarding: wanted.flags.has('forwarding'),
	}, hasInterface);

	for (const name of tapNames(settings).filter(hasInterface)) {
		printLine(STDOUT, `# ${name} exists already`);
	}
	return execute(commands, wanted.flags.has('dry-run'));
}

export async function teardownTap(wanted: Arguments): Promise<number> {
	return execute(teardownPlan(await settingsWithTap(wanted), hasInterface), wanted.flags.has('dry-run'));
}
