import { deepEqual, equal, match } from 'node:assert/strict';
import type { ExportResultCode } from '@opentelemetry/core';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { createPipeline } from '../../src/pipeline/pipeline.js';
import { setUp } from '../../src/setup.js';
import { fakeSpool } from '../support/fake-spool.js';
import { record } from '../support/records.js';
import { eachTest, isolated, recordsShown } from '../support/slack.js';
import { until } from '../support/until.js';

const DOWN = [{ kind: 'status', status: 503 }] as const;
const codeOf = (exporter: SlackLogRecordExporter, ...bodies: readonly string[]): Promise<ExportResultCode> =>
  new Promise((resolve) =>
    exporter.export(
      bodies.map((body) => record({ body })),
      ({ code }) => resolve(code),
    ),
  );

describe('an exporter whose spool loses or refuses records', () => {
  const { open, said } = eachTest();

  async function setup() {
    const inbox = await open.inbox({ faults: DOWN });
    const { fake, spool } = fakeSpool();
    const to = { webhookUrl: inbox.webhookUrl, spool: { directory: 'unused' }, flushTimeoutMillis: 500 };
    const exporter = open.ending(new SlackLogRecordExporter(to, isolated({ openSpool: () => spool })));
    return { inbox, fake, exporter };
  }

  function sumsUp({ accepted, delivered, pending, dropped }: ReturnType<SlackLogRecordExporter['stats']>): void {
    equal(accepted, delivered + pending + Object.values(dropped).reduce((sum, records) => sum + records, 0));
  }

  it('A8: saves records again whose entries are gone, and shows them once', async () => {
    const { fake, exporter, inbox } = await setup();
    await codeOf(exporter, 'a', 'a');
    fake.vanish('id0', 'unknown');
    await until(() => fake.appends.length === 2);
    deepEqual(
      fake.appends.flatMap((values) => values.map((value) => (value as { records: number }).records)),
      [2, 2],
    );
    sumsUp(exporter.stats());
    inbox.clearFaults();
    await until(() => exporter.stats().delivered === 2);
    equal(recordsShown(inbox), 2);
    deepEqual(fake.acknowledged, ['id1']);
  });

  it('A8: finds out at shutdown that entries are gone, before it reports them as saved', async () => {
    const { fake, exporter } = await setup();
    await codeOf(exporter, 'a', 'a');
    fake.checked = () => {
      fake.checked = () => {};
      fake.vanish('id0');
    };
    fake.answer = async () => ({ ids: [], isDurable: false });
    await exporter.shutdown();
    deepEqual([exporter.stats().pending, exporter.stats().dropped], [0, { shutdown: 2 }]);
    match(said.warnings.join('\n'), /2 records could not be saved and are dropped/);
  });

  it('saves what could not be saved when the spool asks for it', async () => {
    const { fake, exporter } = await setup();
    const { answer } = fake;
    fake.answer = async () => ({ ids: [], isDurable: false });
    await codeOf(exporter, 'a');
    fake.answer = answer;
    fake.retry();
    await until(() => fake.appends.length === 2);
    sumsUp(exporter.stats());
  });

  it('keeps the part of a batch in memory that does not fit in the spool, and saves the other part', async () => {
    const { fake, exporter } = await setup();
    const { answer } = fake;
    fake.answer = async () => ({ ids: ['first', ''], isDurable: false });
    await codeOf(exporter, 'a', 'b');
    fake.answer = answer;
    await codeOf(exporter, 'c');
    deepEqual(
      fake.appends.map((values) => values.length),
      [2, 2],
    );
    sumsUp(exporter.stats());
  });

  it('A2: counts and reports records that the spool does not take when the process ends', async () => {
    const { fake, spool } = fakeSpool();
    const inbox = await open.inbox({ faults: DOWN });
    fake.takesLast = false;
    const options = { webhookUrl: inbox.webhookUrl, spool: { directory: 'unused' } };
    const { settings, dependencies } = setUp(options, isolated({ openSpool: () => spool }));
    const pipeline = createPipeline(settings, dependencies);
    fake.answer = async () => ({ ids: [], isDurable: false });
    await pipeline.accept([record({ body: 'a' }), record({ body: 'b' })]);
    pipeline.leave();
    sumsUp(pipeline.stats());
    deepEqual([pipeline.stats().pending, pipeline.stats().dropped], [0, { shutdown: 2 }]);
    match(said.warnings.join('\n'), /2 records could not be saved in the spool at the end of the process; dropped/);
    await pipeline.close({ deadlineMillis: 0, graceMillis: 0 });
  });
});
