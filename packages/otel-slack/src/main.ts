#!/usr/bin/env node
import { systemClock } from '../../../src/util/clock.js';
import { openBrowser } from './inbox/browser.js';
import { run } from './run.js';
import { EXIT } from './shared/command.js';

// `otel-slack preview … | head` is not a mistake: whoever reads has read enough.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.bug);
  });
}

const stopped = new AbortController();
let codeOfSignal: number = EXIT.interrupted;
for (const [signal, code] of [
  ['SIGINT', EXIT.interrupted],
  ['SIGTERM', EXIT.terminated],
] as const) {
  process.on(signal, () => {
    // Who asks twice does not want to wait for the end in order.
    if (stopped.signal.aborted) process.exit(code);
    codeOfSignal = code;
    stopped.abort();
  });
}

/** The way to Slack is made not to keep a process alive; here somebody waits for the answer. */
const alive = setInterval(() => {}, 2 ** 30);

try {
  const code = await run(process.argv.slice(2), {
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
  process.exitCode = code === EXIT.interrupted ? codeOfSignal : code;
} catch (error) {
  const { stack = String(error) } = error as Error;
  process.stderr.write(`otel-slack: this is a mistake of ours; please report it.\n${stack}\n`);
  process.exitCode = EXIT.bug;
} finally {
  clearInterval(alive);
}
