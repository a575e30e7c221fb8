import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, ROOT } from '../installs.mjs';
import { run } from '../steps.mjs';
import { assertMessages, withInbox } from './inbox.mjs';
import { withServer } from './server.mjs';

/** The handlers of the app: app/api/throw and app/api/log. Next delivers the error of the first to onRequestError(). */
const REQUESTS = [
  { path: '/api/throw', status: 500, alert: /RangeError: the cart is empty[\s\S]*GET \/api\/throw/ },
  { path: '/api/log', status: 200, alert: /no milk left/ },
];
/** `next dev` compiles a page at its first request. */
const LONGEST_ANSWER_MILLIS = 60_000;
const LONGEST_DELIVERY_MILLIS = 20_000;
/** Next sends nothing home. */
const QUIET = { NEXT_TELEMETRY_DISABLED: '1' };

/** Whether npm has installed Next's compiler, which is an optional package for each platform. */
export function hasCompiler(folder) {
  const scope = join(folder, 'node_modules', '@next');
  return existsSync(scope) && readdirSync(scope).some((name) => name.startsWith('swc-'));
}

/** Puts the app beside the installed packages, with the instrumentation.ts that the examples show. */
export function copyNextApp(folder) {
  cpSync(join(ROOT, 'test', 'bundled', 'next'), folder, { recursive: true });
  cpSync(join(ROOT, 'examples', 'nextjs', 'instrumentation.ts'), join(folder, 'instrumentation.ts'));
}

/** `next build`. With the standalone output, which adds files to the build and changes none. */
export async function buildNextApp(folder) {
  await run(process.execPath, [nextCommand(folder), 'build'], {
    cwd: folder,
    env: { ...QUIET, NEXT_OUTPUT: 'standalone' },
    timeoutMillis: 150_000,
  });
}

/** A folder that holds the standalone output and nothing else. */
export function deployStandalone(folder) {
  const deployed = makeFolder('standalone');
  cpSync(join(folder, '.next', 'standalone'), deployed, { recursive: true });
  return deployed;
}

export async function tryStandalone(deployed) {
  await requestBoth({ cwd: deployed, args: () => ['server.js'] });
}

/** At SIGTERM Next calls process.exit(), and waits for no exporter. */
export async function tryLastWords(deployed) {
  const [{ path, status, alert }] = REQUESTS;
  await withInbox(async (inbox) => {
    const env = { ...settings(inbox), OTEL_EXPORTER_SLACK_LAST_WORDS: 'true' };
    // The server gets SIGTERM right after the request.
    await withServer({ cwd: deployed, args: () => ['server.js'], env }, (url) =>
      expectStatus(new URL(path, url), status),
    );
    await assertMessages(inbox, [alert]);
  });
}

export async function tryNextStart(folder) {
  await requestBoth({ cwd: folder, args: (port) => [nextCommand(folder), 'start', ...addressOptions(port)] });
}

/** With Turbopack, the default. */
export async function tryNextDev(folder) {
  await requestBoth({ cwd: folder, args: (port) => [nextCommand(folder), 'dev', ...addressOptions(port)] });
}

function nextCommand(folder) {
  return join(folder, 'node_modules', 'next', 'dist', 'bin', 'next');
}

function addressOptions(port) {
  return ['--hostname', '127.0.0.1', '--port', String(port)];
}

function settings({ webhookUrl }) {
  return { ...QUIET, OTEL_EXPORTER_SLACK_WEBHOOK_URL: webhookUrl };
}

/** Starts a server, sends each request once, and asserts that each has an alert. */
async function requestBoth({ cwd, args }) {
  await withInbox(async (inbox) => {
    await withServer({ cwd, args, env: settings(inbox) }, async (url) => {
      for (const [index, request] of REQUESTS.entries()) {
        await expectStatus(new URL(request.path, url), request.status);
        await inbox.waitForMessages(index + 1, { timeoutMillis: LONGEST_DELIVERY_MILLIS });
      }
    });
    await assertMessages(
      inbox,
      REQUESTS.map(({ alert }) => alert),
    );
  });
}

async function expectStatus(url, status) {
  const response = await fetch(url, { signal: AbortSignal.timeout(LONGEST_ANSWER_MILLIS) });
  await response.text();
  if (response.status !== status) throw new Error(`${url.pathname}: expected status ${status}, got ${response.status}`);
}
