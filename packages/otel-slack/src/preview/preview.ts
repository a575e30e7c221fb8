import { type Command, Option } from 'commander';
import type { Settings } from '../../../../src/config/index.js';
import { printableLine } from '../../../../src/util/index.js';
import { openPage, portError } from '../inbox/page.js';
import { createColors } from '../shared/colors.js';
import { type CliCommand, EXIT, type Io, UserError } from '../shared/command.js';
import { readConfiguration } from '../shared/configuration.js';
import { addExamples } from '../shared/help.js';
import { configOption, portOption } from '../shared/options.js';
import { createSimulatedClock, type SimulatedClock } from './clock.js';
import { jsonMessages, type MessagePrinter, printEachChange, printFinalMessages } from './printer.js';
import { previewSettings } from './settings.js';
import { Simulation } from './simulation.js';
import { summaryLines } from './summary.js';
import { type InboxTarget, startTarget } from './to-inbox.js';

interface PreviewOptions {
  readonly config?: string;
  readonly all?: true;
  readonly quiet?: true;
  readonly inbox?: true;
  readonly port: number;
  readonly open?: true;
  readonly json?: true;
}

export const preview: CliCommand = {
  name: 'preview',
  declare: declarePreview,
  run: (parsed, io) => runPreview(parsed.args[0] ?? '-', parsed.opts(), io),
};

function declarePreview(command: Command): void {
  command
    .summary('show the messages that a file of log records would have caused; nothing is sent to Slack')
    .description(
      'Reads log records as OTLP/JSON and replays them at their own times through the whole exporter, with the options ' +
        'of the environment and the file, into a simulated Slack. Prints the messages and how many a day that makes. ' +
        'Nothing is sent to Slack. Options that are functions (filter, fingerprint, render) are not applied.',
    )
    .argument(
      '<file>',
      'one document a line, as the Collector’s file exporter writes, or one in all; gzip or not; - is stdin',
    )
    .addOption(configOption())
    .option('--all', 'print each message and each edit at its time, not the messages as they look at the end')
    .option('--quiet', 'print the summary only')
    .option('--inbox', 'show the messages on the page of a local Slack; Ctrl-C ends it')
    .addOption(portOption('TCP port of the page; 0 takes a free one; implies --inbox', 0).implies({ inbox: true }))
    .addOption(new Option('--open', 'open the page in the browser; implies --inbox').implies({ inbox: true }))
    .option('--json', 'print the summary and the messages as one JSON object');
  addExamples(command, [
    'otel-slack preview logs.jsonl --quiet',
    'OTEL_EXPORTER_SLACK_MIN_SEVERITY=WARN otel-slack preview logs.jsonl.gz',
    'otel-slack preview logs.jsonl --config slack.json --inbox --open',
  ]);
}

async function runPreview(path: string, options: PreviewOptions, io: Io): Promise<number> {
  const { settings, warnings } = previewSettings(io.environment, readConfiguration(options.config, io));
  for (const warning of warnings) printWarning(warning, io);
  if (settings.routes.length === 0) {
    throw new UserError('no destination is left; correct the options that the warnings above name');
  }
  const clock = createSimulatedClock();
  const target = options.inbox ? await startOnPort(options.port, settings, clock) : undefined;
  try {
    const printer = printerFor(options, io);
    const warn = (message: string): void => printWarning(message, io);
    const simulation = new Simulation({ settings, clock, printer, target, warn, realClock: io.clock });
    if (!(await simulation.readAll(path, io))) return EXIT.interrupted;
    printResult(simulation, printer, { options, io });
    if (target !== undefined) await showPage(target, options, io);
    // Without a log record, the file is most likely the wrong one.
    return simulation.records === 0 ? EXIT.problem : EXIT.ok;
  } finally {
    await target?.inbox.close();
  }
}

async function startOnPort(port: number, settings: Settings, clock: SimulatedClock): Promise<InboxTarget> {
  try {
    return await startTarget({ port, settings, clock });
  } catch (error) {
    throw portError(port, error);
  }
}

function printerFor({ json, quiet, inbox, all }: PreviewOptions, io: Io): MessagePrinter {
  if (json || quiet || inbox) return { end: () => {} };
  return all ? printEachChange(io) : printFinalMessages(io);
}

function printResult(
  simulation: Simulation,
  printer: MessagePrinter,
  { options, io }: { readonly options: PreviewOptions; readonly io: Io },
): void {
  const messages = simulation.messages();
  const summary = simulation.summary();
  if (options.json) {
    const shown = options.quiet ? {} : { messages: jsonMessages(messages) };
    io.stdout.write(`${JSON.stringify({ ...summary, ...shown }, null, 2)}\n`);
    return;
  }
  printer.end(messages);
  io.stdout.write(`${summaryLines(summary, createColors(io.stdout, io.environment)).join('\n')}\n`);
}

/** Keeps the page until the user ends the command. */
async function showPage({ inbox }: InboxTarget, { open }: PreviewOptions, io: Io): Promise<void> {
  io.stderr.write(`\nThe messages are on ${inbox.url}   Ctrl-C ends the page.\n`);
  if (open) await openPage(inbox.url, io);
  if (io.stopped.aborted) return;
  await new Promise((resolve) => io.stopped.addEventListener('abort', resolve, { once: true }));
}

function printWarning(message: string, { stderr, environment }: Io): void {
  stderr.write(`${createColors(stderr, environment).yellow('!')} ${printableLine(message)}\n`);
}
