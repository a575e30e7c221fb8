import { deepEqual, equal } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, killAll, start } from '../support/processes.js';

const PRELOAD = new URL('../../chaos/app/preload.mjs', import.meta.url).href;

/** Runs a program after the preload, and returns what it prints. `said` is called after its first line. */
async function run(program: string, environment = {}, said = (): void => {}): Promise<readonly string[]> {
  const child = start(['--import', PRELOAD, '--input-type=module', '-e', program], environment);
  child.stdout?.once('data', said);
  const { stdout, stderr, code } = await ended(child);
  equal(code, 0, stderr);
  return stdout.trim().split('\n');
}

describe('the preload of the app under chaos', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chaos-preload-'));
  });
  afterEach(() => {
    killAll();
    rmSync(folder, { recursive: true, force: true });
  });

  it('moves the wall clock, and no other clock', async () => {
    const lines = await run(`
      import { jump } from '${PRELOAD}';
      const [wall, monotonic] = [Date.now(), performance.now()];
      jump(86_400_000);
      console.log(Math.round((Date.now() - wall) / 86_400_000), performance.now() - monotonic < 60_000);
      jump(0);
      console.log(Math.round((Date.now() - wall) / 86_400_000));
    `);
    deepEqual(lines, ['1 true', '0']);
  });

  it('runs two lookups at a time, so that two slow ones hold up the one of the app', async () => {
    const lines = await run(`
      import dns from 'node:dns';
      import { appLookup, slowLookups } from '${PRELOAD}';
      slowLookups(200);
      dns.lookup('localhost', () => console.log('slow'));
      dns.promises.lookup('localhost').then(() => console.log('slow'));
      appLookup('localhost', () => console.log('app'));
    `);
    equal(lines.at(-1) === 'app' || lines[1] === 'app', true, lines.join());
    equal(lines[0], 'slow');
  });

  it('holds each operation on the disk while the disk is frozen, and no other', async () => {
    const freeze = join(folder, 'frozen');
    writeFileSync(freeze, '');
    const lines = await run(
      `
      import { open, stat } from 'node:fs/promises';
      let isHeld = true;
      const done = open('${join(folder, 'disk', 'missing')}').catch(({ code }) => {
        isHeld = false;
        console.log(code);
      });
      await stat('${folder}');
      await new Promise((resolve) => setTimeout(resolve, 100));
      console.log(isHeld ? 'held' : 'not held');
      await done;
      `,
      { CHAOS_FREEZE: freeze, CHAOS_DISK: join(folder, 'disk') },
      () => rmSync(freeze),
    );
    deepEqual(lines, ['held', 'ENOENT']);
  });
});
