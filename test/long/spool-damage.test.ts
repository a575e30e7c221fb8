import { deepEqual, equal } from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { openSpool } from '../../src/spool/spool.js';
import type { Spool } from '../../src/spool/types.js';
import { record } from '../support/records.js';
import { eachTest, isolated } from '../support/slack.js';
import { onlyFile } from '../support/spool.js';

const BODIES = ['disk is full', 'payment refused'];
/** The number of starts that run at the same time. */
const AT_ONCE = 8;

describe('a start with the spool of a dead process', function () {
  this.timeout(120_000);
  const { open, said } = eachTest();
  let folder = '';
  let webhookUrl = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'damage-'));
    // Nothing is delivered, so that the pending count is the number of records read.
    ({ webhookUrl } = await open.inbox({ faults: [{ kind: 'hang_before_headers' }] }));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  async function start(directory: string): Promise<{ exporter: SlackLogRecordExporter; spool: Spool }> {
    let spool: Spool | undefined;
    const exporter = new SlackLogRecordExporter(
      { webhookUrl, spool: { directory }, flushTimeoutMillis: 1 },
      isolated({
        openSpool: (options) => {
          spool = openSpool(options);
          return spool;
        },
      }),
    );
    if (spool === undefined) throw new Error('no spool');
    await spool.flush();
    return { exporter, spool };
  }

  /** Returns the bytes of a real segment, with a batch for each record. */
  async function sample(): Promise<Buffer> {
    const directory = join(folder, 'sample');
    const { exporter } = await start(directory);
    for (const body of BODIES) await new Promise((done) => exporter.export([record({ body })], done));
    const { bytes } = await onlyFile(directory, '.spool');
    await exporter.shutdown();
    return bytes;
  }

  /** Starts an exporter with this segment. Returns what it restores and what it counts as damaged. */
  async function startWith(bytes: Uint8Array, name: string): Promise<{ shown: number; damaged: number }> {
    const directory = join(folder, name);
    await mkdir(directory, { mode: 0o700 });
    await writeFile(join(directory, 'dead.sample.spool'), bytes, { mode: 0o600 });
    const { exporter, spool } = await start(directory);
    const { accepted, delivered, pending, dropped } = exporter.stats();
    deepEqual([delivered, Object.keys(dropped).filter((reason) => reason !== 'spool_damaged')], [0, []], name);
    const { spool_damaged: damaged = 0 } = dropped;
    equal(accepted, pending + damaged, name);
    equal(spool.stats().failure, undefined, name);
    await exporter.shutdown();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    return { shown: pending, damaged };
  }

  async function eachByte(bytes: Buffer, check: (at: number) => Promise<void>): Promise<void> {
    for (let from = 0; from < bytes.length; from += AT_ONCE) {
      const length = Math.min(AT_ONCE, bytes.length - from);
      await Promise.all(Array.from({ length }, (_, index) => check(from + index)));
    }
    // Damage is counted. It is not a failure of the disk, so there is no warning.
    deepEqual(
      said.all.filter((text) => text.includes('spool:')),
      [],
    );
  }

  it('succeeds with any one byte changed, and loses and counts only the record with that byte', async () => {
    const bytes = await sample();
    deepEqual(await startWith(bytes, 'whole'), { shown: BODIES.length, damaged: 0 });
    await eachByte(bytes, async (at) => {
      const flipped = Buffer.from(bytes);
      flipped[at] = (bytes[at] as number) ^ (1 << (at % 8));
      // The line feed after a record only serves human readers.
      const lost = bytes[at] === 0x0a ? 0 : 1;
      deepEqual(
        await startWith(flipped, `flipped-${at}`),
        { shown: BODIES.length - lost, damaged: lost },
        `byte ${at}`,
      );
    });
  });

  it('succeeds with a segment truncated anywhere, and loses and counts only the truncated record', async () => {
    const bytes = await sample();
    const ends = [...bytes.keys()].filter((index) => bytes[index] === 0x0a);
    await eachByte(bytes, async (at) => {
      const whole = ends.filter((end) => end <= at);
      // A record that is missing completely, or except for its separator, cannot be detected.
      const torn = at - (whole.at(-1) ?? -1) - 1;
      const expected = { shown: whole.length, damaged: torn > 1 ? 1 : 0 };
      deepEqual(await startWith(bytes.subarray(0, at), `cut-${at}`), expected, `cut at ${at}`);
    });
  });
});
