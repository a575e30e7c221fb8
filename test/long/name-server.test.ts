import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale, type Ended, ended } from '../support/processes.js';

/** The system's own lookup would wait for the silent name server for this long, in milliseconds. */
const SILENCE_MILLIS = 10_000;

describe('a name server that does not answer', function () {
  this.timeout(120_000);
  let folder = '';
  before(function () {
    // Mounting another resolv.conf needs a privilege that some machines do not give.
    if (spawnSync('unshare', ['-m', 'mount', '--bind', '/etc/hosts', '/etc/resolv.conf']).status !== 0) this.skip();
    buildIfStale();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'names-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Runs a script of Node with its own name server. Each run has another address, because all use port 53. */
  async function run(script: readonly string[], server: string): Promise<Ended & { readonly tookMillis: number }> {
    const file = join(folder, 'resolv.conf');
    await writeFile(file, `nameserver ${server}\n`);
    const command = `mount --bind ${file} /etc/resolv.conf && exec "$0" "$@"`;
    const startedAt = performance.now();
    const child = spawn('unshare', ['-m', 'sh', '-c', command, process.execPath, ...script], {
      env: { ...process.env, http_proxy: '', https_proxy: '', HTTP_PROXY: '', HTTPS_PROXY: '' },
    });
    const end = await ended(child);
    return { ...end, tookMillis: performance.now() - startedAt };
  }

  for (const destinations of [1, 2, 6]) {
    it(`A6: with ${destinations} destinations, the app’s own lookups and files wait for nothing, and the process ends`, async () => {
      const server = `127.53.${process.pid % 250}.${destinations}`;
      const { code, stdout, stderr, tookMillis } = await run(
        ['test/children/silent-name-server.mjs', server, String(destinations), 'false'],
        server,
      );
      equal(code, 3, stderr);
      const { worstMillis, pending } = JSON.parse(stdout);
      deepEqual(pending, Array(destinations).fill(1));
      ok(worstMillis < SILENCE_MILLIS / 3, `a lookup of localhost took ${worstMillis} ms`);
      ok(tookMillis < 2 * SILENCE_MILLIS, `ended after ${tookMillis} ms`);
    });
  }

  it('A6: the last words do not hold the process', async () => {
    const server = `127.53.${process.pid % 250}.7`;
    const script = ['test/children/silent-name-server.mjs', server, '2', 'true'];
    const { code, tookMillis, stderr } = await run(script, server);
    equal(code, 3, stderr);
    ok(tookMillis < 2 * SILENCE_MILLIS, `ended after ${tookMillis} ms`);
  });

  it('A6: the doctor reports each host and ends', async () => {
    const server = `127.53.${process.pid % 250}.8`;
    const config = join(folder, 'slack.json');
    const routes = ['a', 'b', 'c'].map((name) => ({ webhookUrl: `https://${name}.test/services/T0/B0/x` }));
    await writeFile(config, JSON.stringify({ routes }));
    const doctor = ['packages/otel-slack/build/main.js', 'doctor', '--config', config];
    const { stdout, stderr, tookMillis } = await run(doctor, server);
    equal((stdout + stderr).match(/EAI_AGAIN/g)?.length, 3, stdout + stderr);
    ok(tookMillis < 2 * SILENCE_MILLIS, `ended after ${tookMillis} ms`);
  });
});
