#!/usr/bin/env node
import { printable, systemClock } from '../../../src/util/index.js';
import { openBrowser } from './inbox/browser.js';
import { run } from './run.js';
import { EXIT } from './shared/command.js';

// The reader of a pipe may stop early, as `otel-slack preview … | head` does. That is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.bug);
  });
}

const stopped = new AbortController();
let signalExitCode: number = EXIT.interrupted;
for (const [signal, exitCode] of [
  ['SIGINT', EXIT.interrupted],
  ['SIGTERM', EXIT.terminated],
] as const) {
  process.on(signal, () => {
    // The second signal ends the process at once.
    if (stopped.signal.aborted) process.exit(exitCode);
    signalExitCode = exitCode;
    stopped.abort();
  });
}

/** The exporter's connections and timers do not keep a process alive, but a command waits for their results. */
const keepAlive = setInterval(() => {}, 2 ** 30);

try {
  const exitCode = await run(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    nodeVersion: process.version,
    stopped: stopped.signal,
    openBrowser,
  });
  process.exitCode = exitCode === EXIT.interrupted ? signalExitCode : exitCode;
} catch (error) {
  const { stack = String(error) } = error as Error;
  process.stderr.write(`otel-slack: this is a bug in otel-slack; please report it.\n${printable(stack)}\n`);
  process.exitCode = EXIT.bug;
} finally {
  clearInterval(keepAlive);
}
