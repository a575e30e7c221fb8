/** A mocha suite that leaks a secret in each way that the hooks of test/support/leak-hooks.ts detect. */

import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diag } from '@opentelemetry/api';
import { startInbox } from '../../packages/slack-inbox/src/index.js';
import { OptionError } from '../../src/config/validate/scalars.js';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { captureDiag } from '../support/diag.js';
import { meter } from '../support/metrics.js';
import { ended, start } from '../support/processes.js';
import { record } from '../support/records.js';
import { isolated } from '../support/slack.js';

const TOKEN = ['xoxb', '12', 'planted'].join('-');
const PATH = ['', 'services', 'T0', 'B0', 'planted'].join('/');

const WAYS: Readonly<Record<string, () => unknown>> = {
  stdout() {
    process.stdout.write(`# ${TOKEN.slice(0, 6)}`);
    process.stdout.write(`${TOKEN.slice(6)}\n`);
  },
  stderr: () => process.stderr.write(`${PATH}\n`),
  'diag with a listener'() {
    const capture = captureDiag();
    diag.debug(`posting to ${PATH}`);
    capture.stop();
  },
  'diag without one': () => diag.createComponentLogger({ namespace: 'x' }).verbose(TOKEN),
  'an error of ours': () => new OptionError('token', `got ${TOKEN}`),
  async 'a file'() {
    const folder = mkdtempSync(join(tmpdir(), 'leaking-'));
    try {
      const descriptor = openSync(join(folder, 'a'), 'w');
      writeSync(descriptor, Buffer.from(TOKEN));
      closeSync(descriptor);
      const handle = await open(join(folder, 'b'), 'w');
      await handle.write(Buffer.from(PATH));
      await handle.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  async 'a message'() {
    const inbox = await startInbox();
    const exporter = new SlackLogRecordExporter({ webhookUrl: inbox.webhookUrl, redact: false }, isolated());
    exporter.export([record({ body: `bad token ${TOKEN}` })], () => {});
    await exporter.shutdown();
    await inbox.close();
  },
  async 'a metric'() {
    const own = meter();
    own.provider.getMeter('x').createCounter('posted').add(1, { url: PATH });
    await own.collect();
    await own.shutdown();
  },
  'a process': () => ended(start(['-e', `process.stdout.write('${TOKEN}')`])),
};

describe('leaking', () => {
  for (const [way, leak] of Object.entries(WAYS)) {
    it(way, async () => {
      if (process.env.LEAKING === 'true') await leak();
    });
  }
});
