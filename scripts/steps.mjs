/** Named steps for check, test:compat, test:package and test:bundled: prints a line for each, and the totals at the end. */
import { spawn } from 'node:child_process';

/** A failed step prints the last lines of its output, at most this many. */
const MAX_SHOWN_LINES = 120;

/** Creates a runner of steps. A failed step prints its error, and the next steps still run. */
export function createSteps() {
  const results = { passed: 0, failed: 0 };
  return {
    /** Runs one step. Resolves with its result, or with `undefined` when it failed. */
    async step(name, run) {
      const startedMillis = performance.now();
      try {
        const value = await run();
        results.passed++;
        console.log(`PASS ${name} (${secondsSince(startedMillis)} s)`);
        return value;
      } catch (error) {
        results.failed++;
        console.log(`FAIL ${name} (${secondsSince(startedMillis)} s)\n${indented(tail(String(error.message)))}`);
        return undefined;
      }
    },
    /** Prints the totals, and sets the exit code to 1 if a step failed. */
    end() {
      console.log(`${results.passed} passed, ${results.failed} failed`);
      process.exitCode = results.failed > 0 || results.passed === 0 ? 1 : 0;
    },
  };
}

/** Runs a command. Resolves with its output. Rejects, with its output, when it fails or exceeds the timeout. */
export function run(command, args, { cwd, env, timeoutMillis = 600_000 } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMillis);
  const output = { all: '', stdout: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      output.all += text;
      if (stream === 'stdout') output.stdout += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else reject(new Error(`${output.all}\n${command} ${args.join(' ')}: ended with ${signal ?? code}`));
    });
  });
}

function secondsSince(startedMillis) {
  return ((performance.now() - startedMillis) / 1_000).toFixed(1);
}

function tail(text) {
  return text.trimEnd().split('\n').slice(-MAX_SHOWN_LINES).join('\n');
}

function indented(text) {
  return text.replace(/^/gm, '    ');
}
