import { deepEqual, equal, ok } from 'node:assert/strict';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Summary } from '../../packages/otel-slack/src/preview/summary.js';
import { otlpDay } from '../support/otlp-day.js';
import { buildIfStale, ended, killAll, start } from '../support/processes.js';

describe('otel-slack preview of a whole day', () => {
  let folder: string;
  before(() => {
    buildIfStale();
    folder = mkdtempSync(join(tmpdir(), 'otel-slack-day-'));
  });
  after(() => {
    killAll();
    rmSync(folder, { recursive: true });
  });

  async function preview(records: number): Promise<Summary> {
    const file = join(folder, `${records}.jsonl`);
    const lines = function* () {
      for (const line of otlpDay({ records })) yield `${line}\n`;
    };
    await pipeline(Readable.from(lines()), createWriteStream(file));
    // Removes options from the environment of the person who runs the tests.
    const none = Object.keys(process.env).filter((name) => name.startsWith('OTEL_EXPORTER_SLACK_'));
    const environment = Object.fromEntries(none.map((name) => [name, '']));
    const args = ['packages/otel-slack/build/main.js', 'preview', file, '--json', '--quiet'];
    const { code, stdout, stderr } = await ended(start(args, environment));
    deepEqual([code, stderr], [0, '']);
    const summary: Summary = JSON.parse(stdout);
    const { perDay, tookSeconds, maxMemoryBytes } = summary;
    const memory = Math.round(maxMemoryBytes / 1_048_576);
    console.log(
      `      ${records} records: ${perDay?.messages} messages a day, ${tookSeconds.toFixed(1)} s, ${memory} MiB`,
    );
    return summary;
  }

  it('reads 100,000 records in seconds, with hardly more memory than for a quarter of them', async () => {
    const quarter = await preview(25_000);
    const whole = await preview(100_000);
    deepEqual([whole.records, whole.unreadable, whole.dropped], [100_000, 0, {}]);
    ok(whole.wanted > 5_000, `${whole.wanted} wanted`);
    ok(whole.total.messages > 100 && whole.total.messages < whole.wanted / 5, `${whole.total.messages} messages`);
    equal(whole.perDay?.messages, whole.total.messages);
    // Takes a few seconds alone, and longer on a busy machine.
    ok(whole.tookSeconds < 60, `${whole.tookSeconds} s`);
    ok(whole.maxMemoryBytes < quarter.maxMemoryBytes * 1.6, `${whole.maxMemoryBytes} of ${quarter.maxMemoryBytes}`);
  });
});
