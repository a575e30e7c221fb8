import { doctor } from './doctor/doctor.js';
import { inbox } from './inbox/inbox.js';
import { manifest } from './manifest/manifest.js';
import { preview } from './preview/preview.js';
import type { CliCommand } from './shared/command.js';

/** The commands in the order of the help. A new command is one folder and one line here. */
export const COMMANDS: readonly CliCommand[] = [inbox, doctor, preview, manifest];
