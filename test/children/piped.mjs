// Runs node with a stdout that nobody reads: closed before the first word is written. Ends as that process ended.
import { spawn } from 'node:child_process';

const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'pipe', 'inherit'] });
child.stdout.destroy();
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
