import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { ConnectOptions } from '../../../src/slack/client.js';
import { createExporterMetrics } from '../../../src/telemetry/metrics.js';
import { type CliOptions, otelSlack } from '../../../test/support/cli.js';
import { otlpDay } from '../../../test/support/otlp-day.js';
import { createSimulatedClock, type SimulatedClock } from '../src/preview/clock.js';
import { type Document, readDocuments } from '../src/preview/documents.js';
import type { JsonMessage } from '../src/preview/printer.js';
import { previewSettings } from '../src/preview/settings.js';
import { createSimulatedSlack, MAX_MESSAGES } from '../src/preview/slack.js';
import type { Summary } from '../src/preview/summary.js';
import { startTarget } from '../src/preview/to-inbox.js';
import { createDiagnostics } from '../src/shared/diagnostics.js';

const ESC = '\u001b';
const START = Date.UTC(2026, 2, 1, 12);

interface Log {
  readonly atSeconds?: number;
  readonly severityNumber?: number | string;
  readonly body?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly service?: string;
  readonly more?: object;
}

/** A line of the collector's file exporter. */
function line(...given: readonly Log[]): string {
  const logs = given.length > 0 ? given : [{}];
  const asText = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const resourceLogs = logs.map(({ atSeconds = 0, severityNumber = 17, body = 'disk is full', ...log }) => {
    const { attributes = {}, service = 'checkout', more = {} } = log;
    const record = {
      timeUnixNano: `${START + atSeconds * 1_000}000000`,
      severityNumber,
      body: { stringValue: body },
      attributes: Object.entries(attributes).map(([key, value]) => asText(key, value)),
      ...more,
    };
    return {
      resource: { attributes: [asText('service.name', service)] },
      scopeLogs: [{ scope: { name: 'app' }, logRecords: [record] }],
    };
  });
  return JSON.stringify({ resourceLogs });
}

describe('otel-slack preview', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'otel-slack-preview-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const preview = (stdin: string | Buffer, args: readonly string[] = [], options: CliOptions = {}) =>
    otelSlack(['preview', '-', ...args], { stdin, cwd: folder, ...options });

  async function found(stdin: string | Buffer, args: readonly string[] = [], options: CliOptions = {}) {
    const { code, stdout, stderr } = await preview(stdin, ['--json', ...args], options);
    deepEqual([code, stderr], [0, '']);
    return JSON.parse(stdout) as Summary & { readonly messages: readonly JsonMessage[] };
  }

  it('prints one message for a problem, as it looks at the end, and counts its edits', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => line({ atSeconds: index }));
    const { stdout } = await preview(lines.join('\n'));
    match(stdout, /^── Sun Mar 01 2026 ──\n\n#alerts · \d\d:00:0\d · \d edits, the last at \d\d:3\d:\d\d\n/);
    match(stdout, /┃ 💤 ERROR ×40 · disk is full\n/);
    equal(stdout.match(/disk is full/g)?.length, 2);
    match(stdout, /\nPer day +unknown: the records span less than a minute/);
  });

  it('prints each message and each edit at its time with --all', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => line({ atSeconds: index }));
    const { stdout } = await preview(lines.join('\n'), ['--all']);
    match(stdout, /┃ 🔴 ERROR · disk is full\n[\s\S]*edited\n┃ 🔴 ERROR ×\d+ · disk is full\n[\s\S]*┃ 💤 ERROR ×40/);
  });

  it('replays at the times of the records: a problem that returns after an hour is a new message', async () => {
    const { messages, total, perDay } = await found([line(), line({ atSeconds: 3_600 })].join('\n'));
    deepEqual(
      messages.map(({ postedAt }) => postedAt.slice(11, 16)),
      ['12:00', '13:00'],
    );
    equal(total.messages, 2);
    equal(perDay?.messages, 48);
  });

  it('posts one message for each slack.fingerprint', async () => {
    const logs = ['a', 'b', 'a'].map((name, index) => ({
      atSeconds: index * 120,
      body: 'failed',
      attributes: { 'slack.fingerprint': name },
    }));
    const { problems, wanted, total } = await found(line(...logs));
    deepEqual([wanted, problems, total.messages], [3, 2, 2]);
  });

  it('uses the options of the environment and of the file: severity, routes, redaction', async () => {
    const routes = [{ channel: '#payments', match: { service: 'pay*' }, minSeverity: 'WARN' }];
    writeFileSync(
      join(folder, 'slack.json'),
      JSON.stringify({ routes, redact: { keys: ['pin'] }, attributes: ['pin'] }),
    );
    const logs = [
      { severityNumber: 13, service: 'payments', body: 'slow' },
      { severityNumber: 13, service: 'checkout', body: 'slow too' },
      { atSeconds: 5, service: 'payments', body: 'failed', attributes: { pin: '4711' } },
    ];
    const environment = { OTEL_EXPORTER_SLACK_CHANNEL: '#rest', OTEL_EXPORTER_SLACK_MIN_SEVERITY: 'ERROR' };
    const { destinations, wanted, messages } = await found(line(...logs), ['--config', 'slack.json'], { environment });
    deepEqual([Object.keys(destinations), wanted], [['#payments'], 2]);
    doesNotMatch(JSON.stringify(messages), /4711/);
  });

  it('counts mentions, and posts reminders through a webhook, which cannot edit', async () => {
    const environment = {
      OTEL_EXPORTER_SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/secret',
      OTEL_EXPORTER_SLACK_MENTION: 'here',
    };
    const lines = Array.from({ length: 30 }, (_, index) => line({ atSeconds: index * 20 }));
    const { total, messages } = await found(lines.join('\n'), [], { environment });
    ok(total.messages > 1, `${total.messages} messages`);
    deepEqual([total.edits, total.mentions], [0, 1]);
    doesNotMatch(JSON.stringify(messages), /secret/);
  });

  it('delivers at the end of the quiet hours', async () => {
    const quietHours = { timeZone: 'UTC', from: '11:00', to: '15:00' };
    writeFileSync(join(folder, 'slack.json'), JSON.stringify({ quietHours }));
    const { messages } = await found(line({}), ['--config', 'slack.json']);
    deepEqual(
      messages.map(({ postedAt }) => postedAt.slice(11, 13)),
      ['15'],
    );
  });

  describe('reads', () => {
    it('a document over many lines, an array of documents, and gzip', async () => {
      const pretty = JSON.stringify(JSON.parse(line({})), null, 2);
      equal((await found(`${pretty}\n${pretty}`)).records, 2);
      equal((await found(`[${line()},${line()}]`)).records, 2);
      equal((await found(gzipSync(`${line()}\n${line()}\n`))).records, 2);
    });

    it('a file, and reports one that does not exist', async () => {
      writeFileSync(join(folder, 'day.jsonl'), `${line()}\r\n\r\n${line()}`);
      const { stdout } = await otelSlack(['preview', 'day.jsonl', '--quiet'], { cwd: folder });
      match(stdout, /^Read +2 records/);
      const none = await otelSlack(['preview', 'nowhere.jsonl'], { cwd: folder });
      deepEqual([none.code, none.stderr], [1, 'otel-slack preview: nowhere.jsonl: there is no such file\n']);
      match((await otelSlack(['preview', '.'], { cwd: folder })).stderr, /got a directory/);
    });

    it('the lines that are valid, and counts the others with the first problem', async () => {
      const lines = [line(), '', '{"resourceLogs":[{"sc', 'ERROR secret', '{"resourceSpans":[]}', '7', line()];
      const { records, unreadable, firstUnreadable } = await found(lines.join('\n'));
      deepEqual([records, unreadable], [2, 4]);
      deepEqual(firstUnreadable, { line: 3, problem: 'JSON that is damaged or cut off' });
      const { stdout } = await preview(lines.join('\n'), ['--quiet']);
      match(stdout, /Not read +4 lines; the first is line 3: JSON that is damaged or cut off/);
      doesNotMatch(stdout, /secret/);
    });

    it('gzip that is cut off as an error, zstd as one with advice', async () => {
      const cut = await preview(gzipSync(line()).subarray(0, 60));
      deepEqual([cut.code, /gzip data is damaged/.test(cut.stderr)], [1, true]);
      match((await preview(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]))).stderr, /zstd -dc/);
    });

    it('every kind of value, severity names, and the time of observation', async () => {
      const more = {
        timeUnixNano: undefined,
        observedTimeUnixNano: `${START}000000`,
        body: {
          kvlistValue: {
            values: [
              { key: 'message', value: { stringValue: 'nested' } },
              { key: 'n', value: { intValue: '7' } },
              { key: 'list', value: { arrayValue: { values: [{ boolValue: true }, { doubleValue: 1.5 }] } } },
            ],
          },
        },
      };
      const { messages, withoutTime } = await found(line({ severityNumber: 'SEVERITY_NUMBER_FATAL2', more }));
      equal(withoutTime, 0);
      match(messages[0]?.text ?? '', /^(🟣|💤) FATAL · nested\n/);
      match(messages[0]?.postedAt ?? '', /^2026-03-01T12:00/);
    });

    it('records with impossible times, which get the time of the record before', async () => {
      const never = (timeUnixNano: string) => ({ more: { timeUnixNano } });
      const { withoutTime, wanted, seconds } = await found(
        line({ ...never('0') }, {}, never('9999999999000000000'), never('7'), { atSeconds: 60 }),
      );
      deepEqual([withoutTime, wanted, seconds], [3, 5, 60]);
    });
  });

  it('says that no record goes to Slack', async () => {
    const { stdout, code } = await preview(line({ severityNumber: 9 }));
    equal(code, 0);
    match(stdout, /To Slack +no record is ERROR or worse and taken by a route/);
  });

  it('accounts for every record of a day with storms, with the same result each time', async () => {
    const day = [...otlpDay({ records: 5_000 })].join('\n');
    const one = await found(day);
    const other = await found(day);
    equal(one.records, 5_000);
    ok(one.wanted > 200 && one.problems > 20, JSON.stringify([one.wanted, one.problems]));
    deepEqual([one.total, one.problems, one.dropped], [other.total, other.problems, {}]);
    ok(one.total.messages < one.wanted / 2);
  });

  it('shows the messages on the page of an inbox until it is stopped', async () => {
    const stop = new AbortController();
    const lines = [line(), line({ atSeconds: 30 }), line({ atSeconds: 60, body: 'another' })];
    const { code, stdout, stderr } = await preview(lines.join('\n'), ['--inbox', '--open', '--quiet'], {
      stopped: stop.signal,
      async openBrowser(url) {
        equal((await fetch(url)).status, 200);
        stop.abort();
        return true;
      },
    });
    equal(code, 0);
    match(stdout, /#alerts +2 messages, /);
    match(stderr, /The messages are on http:\/\/127\.0\.0\.1:\d+\//);
  });

  it('sends the inbox the same messages as the simulated Slack, each destination in its own channel', async () => {
    const clock = createSimulatedClock();
    clock.set(START);
    const routes = [{ webhookUrl: 'https://hooks.slack.com/services/T0/B0/x', match: { severity: 'FATAL' } }];
    const { settings } = previewSettings({}, { path: '', options: { channel: 'C0123SHOP', routes } });
    const target = await startTarget({ port: 0, settings, clock });
    try {
      const slack = createSimulatedSlack(clock, {});
      const options = connectOptions(clock, 5_000);
      for (const { target: way } of settings.routes) {
        const { ask, close } = target.connect(slack.connect)(way.destination, options);
        await ask({ act: 'post', message: { text: way.destination.kind } }, new AbortController().signal);
        await close();
      }
      deepEqual(
        target.inbox.messages().map(({ text, ts }) => [text, ts.slice(0, 10)]),
        [
          ['webhook', String(START / 1_000)],
          ['channel', String(START / 1_000)],
        ],
      );
      deepEqual(
        target.inbox.messages('C0123SHOP').map(({ text }) => text),
        ['channel'],
      );
      equal(slack.messages().length, 2);
    } finally {
      await target.inbox.close();
    }
  });

  it('keeps a bounded number of messages: the oldest is printed, and its edits are still counted', async () => {
    const evicted: string[] = [];
    const slack = createSimulatedSlack(createSimulatedClock(), {
      onEvict: ({ message }) => evicted.push(message.text),
    });
    const { settings } = previewSettings({}, undefined);
    const [way] = settings.routes;
    ok(way);
    const options = connectOptions(createSimulatedClock(), 1);
    const { ask } = slack.connect(way.target.destination, options);
    const { signal } = new AbortController();
    const first = await ask({ act: 'post', message: { text: 'first' } }, signal);
    for (let more = 0; more < MAX_MESSAGES; more++) await ask({ act: 'post', message: { text: `${more}` } }, signal);
    deepEqual([evicted, slack.messages().length], [['first'], MAX_MESSAGES]);
    ok(first.kind === 'sent' && first.ref);
    equal((await ask({ act: 'update', message: { text: 'again' }, ref: first.ref }, signal)).kind, 'sent');
    deepEqual(slack.counts.get('#alerts'), { messages: MAX_MESSAGES + 1, edits: 1, replies: 0, mentions: 0 });
  });

  it('skips a line that is too long', async () => {
    async function* lines() {
      yield { number: 1, text: undefined };
      yield { number: 2, text: line() };
    }
    const documents: Document[] = [];
    for await (const document of readDocuments(lines())) documents.push(document);
    deepEqual(documents[0], { line: 1, problem: 'longer than 16 MiB' });
    ok(documents[1] && 'value' in documents[1]);
  });

  it('ends with 1 when the input has no log record', async () => {
    for (const stdin of ['', 'no JSON\n', '{"resourceSpans":[]}\n']) {
      const { code, stdout } = await otelSlack(['preview', '-'], { stdin });
      deepEqual([code, /Read +0 records/.test(stdout)], [1, true], stdout);
    }
  });

  it('ends with 130 when it is stopped', async () => {
    const { code, stdout } = await preview(line(), [], { stopped: AbortSignal.abort() });
    deepEqual([code, stdout], [130, '']);
  });

  it('uses colors on a terminal only, and cuts lines to its width', async () => {
    const long = line({ body: '磁盘已满 '.repeat(60) });
    const terminal = { isTTY: true, columns: 60, environment: { COLORTERM: 'truecolor' } };
    const { stdout } = await preview(long, [], terminal);
    ok(stdout.includes(`${ESC}[38;2;`));
    const message = stripVTControlCharacters(stdout).split('\nRead ')[0] ?? '';
    const widths = message.split('\n').map((text) => columnsTakenBy(text));
    ok(Math.max(...widths) > 55 && Math.max(...widths) <= 60, String(widths));
    for (const options of [{}, { ...terminal, environment: { ...terminal.environment, NO_COLOR: '1' } }]) {
      equal((await preview(long, [], options)).stdout.includes(ESC), false);
    }
    ok((await preview(long, [], { environment: { FORCE_COLOR: '1' } })).stdout.includes(ESC));
  });

  it('shows the color of a message in 256 colors where the terminal has no more', async () => {
    const { stdout } = await preview(line(), [], { isTTY: true, environment: { TERM: 'xterm-256color' } });
    ok(stdout.includes(`${ESC}[38;5;`) && !stdout.includes(`${ESC}[38;2;`));
  });

  it('opens the page with --open alone', async () => {
    const stop = new AbortController();
    const { stderr } = await preview(line(), ['--open'], {
      stopped: stop.signal,
      async openBrowser() {
        stop.abort();
        return true;
      },
    });
    match(stderr, /The messages are on http:/);
  });
});

/** Chinese characters and emoji take two columns. */
function columnsTakenBy(text: string): number {
  return [...text].length + (text.match(/\p{Script=Han}|\p{Emoji_Presentation}/gu)?.length ?? 0);
}

function connectOptions(clock: SimulatedClock, timeoutMillis: number): ConnectOptions {
  const diagnostics = createDiagnostics();
  return { clock, diagnostics, metrics: createExporterMetrics(undefined, diagnostics), timeoutMillis };
}
