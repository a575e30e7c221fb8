import { randomBytes } from 'node:crypto';
import type { Settings } from '../../../../src/config/settings.js';
import { createRateLimits } from '../../../../src/deliver/rate-limiter.js';
import type { Dependencies } from '../../../../src/pipeline/destination.js';
import { createPipeline } from '../../../../src/pipeline/pipeline.js';
import type { ReadableLogRecord } from '../../../../src/record/otel.js';
import type { Connect } from '../../../../src/slack/client.js';
import { openSpool } from '../../../../src/spool/spool.js';
import { open, portError } from '../inbox/inbox.js';
import { wholeNumberOf } from '../shared/arguments.js';
import { type Command, EXIT, type Given, type Io, UserError } from '../shared/command.js';
import { CONFIG_OPTION, readConfiguration } from '../shared/configuration.js';
import { diagnosticsFor } from '../shared/diagnostics.js';
import { createPaint } from '../shared/paint.js';
import { createSimulatedClock, type SimulatedClock } from './clock.js';
import { readDocuments } from './documents.js';
import { type FileRecord, readRecords } from './otlp.js';
import { createProblems, type Problems } from './problems.js';
import { createReplay, type Replay, type ReplayCounts } from './replay.js';
import { eventScreen, finalScreen, jsonMessages, type Screen } from './screen.js';
import { previewSettings } from './settings.js';
import { createSimulatedSlack, type SimulatedSlack } from './slack.js';
import { readLines } from './source.js';
import { perDay, type Summary, summaryLines, totalOf } from './summary.js';
import { type InboxTarget, startTarget } from './to-inbox.js';

export const preview: Command = {
  name: 'preview',
  summary: 'what would yesterday’s logs have said in Slack? nothing is sent',
  description: [
    'Reads log records as OTLP/JSON, a line each as the collector’s file exporter writes them or one document, gzip or',
    'not, and lets them happen again: through the whole exporter with the options of the environment and the file,',
    'at their own times, into a Slack that takes everything. Shows the messages, and how many a day that makes.',
    'Nothing is sent to Slack. What stands in code (filter, fingerprint, render) is not known here.',
  ].join('\n'),
  positionals: ['FILE|-'],
  options: {
    config: CONFIG_OPTION,
    all: { help: 'each message and each edit as it happens, instead of how they stand at the end' },
    quiet: { help: 'the summary only' },
    inbox: { help: 'show the messages on the page of a local Slack; Ctrl-C ends it' },
    port: { value: 'N', help: 'TCP port of that page (default: 0, a free one)' },
    open: { help: 'open that page in the browser' },
    json: { help: 'the summary and the messages as one JSON object' },
  },
  examples: [
    'otel-slack preview logs.jsonl --quiet',
    'OTEL_EXPORTER_SLACK_MIN_SEVERITY=WARN otel-slack preview logs.jsonl.gz | less -R',
    'otel-slack preview logs.jsonl --config slack.json --inbox --open',
  ],
  run: runPreview,
};

async function runPreview(given: Given, [path = '-']: readonly string[], io: Io): Promise<number> {
  const { settings, warnings } = previewSettings(io.environment, readConfiguration(given, io));
  for (const warning of warnings) warn(io, warning);
  if (settings.routes.length === 0) throw new UserError('no destination is left; mend what is warned of above');
  const clock = createSimulatedClock();
  const target = given.inbox ? await startOn(wholeNumberOf(given, 'port', 0, 65_535) ?? 0, settings, clock) : undefined;
  try {
    const screen = screenOf(given, io);
    const run = startRun({ settings, clock, screen, target, io });
    if (!(await readAll(path, run, io))) return EXIT.interrupted;
    tell(run, { screen, given, io });
    if (target !== undefined) await serve(target, given, io);
    // Nothing that is a log record: most likely it is another file.
    return run.records === 0 ? EXIT.problem : EXIT.ok;
  } finally {
    await target?.inbox.close();
  }
}

async function startOn(port: number, settings: Settings, clock: SimulatedClock): Promise<InboxTarget> {
  try {
    return await startTarget({ port, settings, clock });
  } catch (error) {
    throw portError(port, error);
  }
}

/** A preview under way. */
interface Run {
  readonly settings: Settings;
  readonly replay: Replay;
  readonly times: ReplayCounts;
  readonly problems: Problems;
  readonly slack: SimulatedSlack;
  readonly stats: () => ReturnType<ReturnType<typeof createPipeline>['stats']>;
  readonly startedMillis: number;
  readonly isWanted: (record: ReadableLogRecord) => boolean;
  records: number;
  wanted: number;
  unreadable: number;
  firstUnreadable: Summary['firstUnreadable'];
}

interface RunParts {
  readonly settings: Settings;
  readonly clock: SimulatedClock;
  readonly screen: Screen;
  readonly target: InboxTarget | undefined;
  readonly io: Io;
}

function startRun({ settings, clock, screen, target, io }: RunParts): Run {
  const diagnostics = diagnosticsFor((message) => warn(io, message));
  const slack = createSimulatedSlack(clock, screen);
  const connect: Connect = target?.connect(slack.connect) ?? slack.connect;
  const newId = (): string => randomBytes(4).toString('hex');
  const fixed = { random: () => 0.5, newId, openSpool, rateLimits: createRateLimits() };
  const dependencies: Dependencies = { clock, diagnostics, connect, ...fixed };
  const pipeline = createPipeline(settings, dependencies);
  const times: ReplayCounts = { firstMillis: undefined, lastMillis: undefined, timeless: 0 };
  return {
    settings,
    replay: createReplay({ pipeline, clock, settings, nowMillis: io.clock.now(), counts: times }),
    times,
    problems: createProblems(settings, diagnostics),
    slack,
    stats: () => pipeline.stats(),
    startedMillis: io.clock.monotonic(),
    isWanted: pipeline.select,
    ...{ records: 0, wanted: 0, unreadable: 0, firstUnreadable: undefined },
  };
}

/** True unless the user has had enough. */
async function readAll(path: string, run: Run, io: Io): Promise<boolean> {
  for await (const document of readDocuments(readLines(path, io))) {
    if (io.stopped.aborted) return false;
    const found: FileRecord[] = [];
    const reader = { minSeverity: run.settings.minSeverity, take: (record: FileRecord) => void found.push(record) };
    const problem = 'problem' in document ? document.problem : readRecords(document.value, reader);
    if (problem !== undefined) {
      run.unreadable++;
      run.firstUnreadable ??= { line: document.line, problem };
    }
    run.records += found.length;
    for (const one of found) {
      if (one.record && run.isWanted(one.record) && run.problems.add(one.record)) run.wanted++;
      // Most let no time pass.
      const passing = run.replay.add(one);
      if (passing !== undefined) await passing;
    }
  }
  await run.replay.end();
  return true;
}

function screenOf(given: Given, io: Io): Screen {
  if (given.json || given.quiet || given.inbox) return { end: () => {} };
  return given.all ? eventScreen(io) : finalScreen(io);
}

function tell(run: Run, { screen, given, io }: { screen: Screen; given: Given; io: Io }): void {
  const messages = run.slack.messages();
  const summary = summaryOf(run, io);
  if (given.json) {
    const all = given.quiet ? {} : { messages: jsonMessages(messages) };
    io.stdout.write(`${JSON.stringify({ ...summary, ...all }, null, 2)}\n`);
    return;
  }
  screen.end(messages);
  io.stdout.write(`${summaryLines(summary, createPaint(io.stdout, io.environment)).join('\n')}\n`);
}

function summaryOf(run: Run, io: Io): Summary {
  const { firstMillis, lastMillis, timeless } = run.times;
  const seconds = ((lastMillis ?? 0) - (firstMillis ?? 0)) / 1_000;
  const total = totalOf(run.slack.counts.values());
  return {
    records: run.records,
    unreadable: run.unreadable,
    firstUnreadable: run.firstUnreadable,
    timeless,
    from: firstMillis === undefined ? undefined : new Date(firstMillis).toISOString(),
    to: lastMillis === undefined ? undefined : new Date(lastMillis).toISOString(),
    seconds,
    minSeverity: run.settings.minSeverity,
    wanted: run.wanted,
    problems: run.problems.count(),
    loudest: run.problems.loudest(5),
    places: Object.fromEntries(run.slack.counts),
    total,
    perDay: perDay(total, seconds),
    dropped: run.stats().dropped,
    tookSeconds: (io.clock.monotonic() - run.startedMillis) / 1_000,
    maxMemoryBytes: process.resourceUsage().maxRSS * 1_024,
  };
}

async function serve({ inbox }: InboxTarget, given: Given, io: Io): Promise<void> {
  io.stderr.write(`\nThe messages are on ${inbox.url}   Ctrl-C ends it.\n`);
  if (given.open) await open(inbox.url, io);
  if (io.stopped.aborted) return;
  await new Promise((resolve) => io.stopped.addEventListener('abort', resolve, { once: true }));
}

function warn(io: Io, message: string): void {
  const paint = createPaint(io.stderr, io.environment);
  io.stderr.write(`${paint('yellow', '!')} ${message}\n`);
}
