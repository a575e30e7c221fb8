import { equal, match } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { buildIfStale, ended, killAll, start } from './support/processes.js';
import { eachTest, texts } from './support/slack.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** An app that logs one error, and ends in the way of its first argument. */
const APP = `
  import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
  import { LoggerProvider } from '@opentelemetry/sdk-logs';
  import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';
  diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
  const [, , how, webhookUrl] = process.argv;
  const slack = createSlackLogRecordProcessor({ webhookUrl, lastWords: true, flushTimeoutMillis: 2_000 });
  const provider = new LoggerProvider({ processors: [slack] });
  provider.getLogger('app').emit({ severityNumber: 17, body: 'disk is full' });
  if (how === 'exit') process.exit(3);
  provider.shutdown();`;

/** As bundles of ES modules are told to give packages that are CommonJS their require(). */
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const BUNDLES: Readonly<Record<string, BuildOptions>> = {
  'an ES module': { format: 'esm', outExtension: { '.js': '.mjs' }, banner: { js: BANNER } },
  'a minified ES module': { format: 'esm', outExtension: { '.js': '.mjs' }, banner: { js: BANNER }, minify: true },
  CommonJS: { format: 'cjs', outExtension: { '.js': '.cjs' } },
};

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
      stdin: { contents: APP, resolveDir: ROOT },
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

  for (const [name, options] of Object.entries(BUNDLES)) {
    it(`delivers its errors at the shutdown: ${name}`, async () => {
      const inbox = await open.inbox();
      const app = await bundle(options);
      const { code, stderr } = await ended(start([app, 'shut down', inbox.webhookUrl], {}, { cwd: folder }));
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

  it('says that undici is missing when the bundle leaves undici out, and ends in order', async () => {
    const inbox = await open.inbox();
    const app = await bundle({ ...BUNDLES.CommonJS, external: ['undici'] });
    const { code, stderr } = await ended(start([app, 'shut down', inbox.webhookUrl], {}, { cwd: folder }));
    equal(code, 0);
    match(stderr, /undici cannot be loaded, so nothing is sent: Cannot find module/);
    equal(inbox.requests().length, 0);
  });
});
