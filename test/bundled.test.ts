import { equal, match } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { ESBUILD_OPTIONS } from './bundled/esbuild-options.mjs';
import { buildIfStale, ended, killAll, start } from './support/processes.js';
import { eachTest, texts } from './support/slack.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Logs one error, and ends in the way of its first argument. */
const APP = join(ROOT, 'test', 'bundled', 'app.mjs');

describe('an app that is bundled, in a folder without node_modules', function () {
  this.timeout(60_000);
  const { open } = eachTest();
  let folder = '';
  before(buildIfStale);
  after(killAll);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bundled-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function bundle(options: BuildOptions): Promise<string> {
    const { metafile } = await build({
      entryPoints: [APP],
      outdir: folder,
      absWorkingDir: folder,
      bundle: true,
      platform: 'node',
      metafile: true,
      logLevel: 'error',
      ...options,
    });
    return join(folder, Object.keys(metafile?.outputs ?? {})[0] ?? '');
  }

  for (const [name, options] of Object.entries(ESBUILD_OPTIONS)) {
    it(`delivers its errors at the shutdown: ${name}`, async () => {
      const inbox = await open.inbox();
      const app = await bundle(options);
      const { code, stderr } = await ended(start([app, 'shutdown', inbox.webhookUrl], {}, { cwd: folder }));
      equal(stderr, '');
      equal(code, 0);
      match(texts(inbox)[0] ?? '', /disk is full/);
    });

    it(`sends its last words, which need no file: ${name}`, async () => {
      const inbox = await open.inbox();
      const app = await bundle(options);
      const { code, stderr } = await ended(start([app, 'exit', inbox.webhookUrl], {}, { cwd: folder }));
      equal(stderr, '');
      equal(code, 3);
      match(texts(inbox)[0] ?? '', /disk is full/);
    });
  }

  it('says that undici is missing when a proxy needs it and the bundle leaves it out, and ends in order', async () => {
    const app = await bundle({ ...ESBUILD_OPTIONS.CommonJS, external: ['undici'] });
    const webhookUrl = 'https://slack.invalid/services/T0/B0/x';
    const proxy = { HTTPS_PROXY: 'http://127.0.0.1:9' };
    const { code, stderr } = await ended(start([app, 'shutdown', webhookUrl], proxy, { cwd: folder }));
    equal(code, 0);
    match(stderr, /undici cannot be loaded, so nothing is sent: Cannot find module/);
  });
});
