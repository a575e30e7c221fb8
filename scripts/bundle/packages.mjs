import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders of the three packages. The exporter is the root. */
export const EXPORTER = fileURLToPath(new URL('../..', import.meta.url));
export const INBOX = join(EXPORTER, 'packages', 'slack-inbox');
export const COMMAND_LINE = join(EXPORTER, 'packages', 'otel-slack');
