/** For check, test:compat, test:package and test:bundled: named steps, a line for each, and the sum at the end. */
import { spawn } from 'node:child_process';

/** Lines that a failing step shows of its output. */
const SHOWN_LINES = 120;

/** Counts steps. One that fails shows why and does not keep the next ones from running. */
export function createSteps() {
  const results = { passed: 0, failed: 0 };
  return {
    /** Runs one step; gives what it gave, or `undefined` when it failed. */
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
    /** Prints the sum; the process will exit with 1 if anything failed. */
    end() {
      console.log(`${results.passed} passed, ${results.failed} failed`);
      process.exitCode = results.failed > 0 || results.passed === 0 ? 1 : 0;
    },
  };
}

/** Runs a command to its end; gives what it printed. Rejects, with all that it said, when it fails or takes too long. */
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
  return text.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}

function indented(text) {
  return text.replace(/^/gm, '    ');
}
