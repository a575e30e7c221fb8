import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const HOST = '127.0.0.1';
const LONGEST_START_MILLIS = 60_000;
const LONGEST_END_MILLIS = 15_000;
const POLL_MILLIS = 100;

/**
 * Starts a server of Node on a free port, waits until it answers, and ends it when `test` is over. An error holds the
 * output of the server.
 */
export async function withServer({ cwd, args, env }, test) {
  const port = await freePort();
  const child = spawn(process.execPath, args(port), {
    cwd,
    env: { ...process.env, ...env, PORT: String(port), HOSTNAME: HOST },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const closed = once(child, 'close');
  const url = `http://${HOST}:${port}/`;
  try {
    await waitForAnswer(url, child);
    await test(url);
  } catch (error) {
    throw new Error(`${error.message}\n${output}`, { cause: error });
  } finally {
    await end(child, closed);
  }
}

/** Next prints a port that it chose, but its standalone server takes 0 for its default. */
async function freePort() {
  const probe = createServer().listen(0, HOST);
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function waitForAnswer(url, child) {
  const deadline = performance.now() + LONGEST_START_MILLIS;
  while (performance.now() < deadline) {
    const ending = child.signalCode ?? child.exitCode;
    if (ending !== null) throw new Error(`the server ended with ${ending} before it answered`);
    if (await isUp(url)) return;
    await sleep(POLL_MILLIS);
  }
  throw new Error(`the server did not answer within ${LONGEST_START_MILLIS} ms`);
}

async function isUp(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(LONGEST_START_MILLIS) });
    await response.text();
    return true;
  } catch {
    return false;
  }
}

async function end(child, closed) {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_END_MILLIS);
  await closed;
  clearTimeout(timer);
}
