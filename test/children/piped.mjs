// Runs Node with a stdout that is closed before the first write. Exits with the code of that process.
import { spawn } from 'node:child_process';

const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'pipe', 'inherit'] });
child.stdout.destroy();
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
