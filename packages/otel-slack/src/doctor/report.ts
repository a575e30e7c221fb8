import wrapAnsi from 'wrap-ansi';
import type { Colors } from '../shared/colors.js';
import type { Output } from '../shared/command.js';
import { columnsOf } from '../shared/format-message.js';
import type { Status, Step } from './step.js';

const MARKS: Readonly<Record<Status, string>> = { ok: '✓', problem: '✗', skipped: '–' };

/** The title of each check. */
const TITLES: Readonly<Record<string, string>> = {
  node: 'Node',
  opentelemetry: 'OpenTelemetry',
  config: 'Options',
  destinations: 'Destinations',
  proxy: 'Proxy',
  dns: 'DNS',
  connection: 'Connection',
  tls: 'TLS',
  token: 'Token',
  scopes: 'Scopes',
  answers: 'Answers',
  clock: 'Clock',
  channel: 'Channel',
  webhook: 'Webhook',
  send: 'Test alert',
};
const TITLE_WIDTH = Math.max(...Object.values(TITLES).map(({ length }) => length));
const MIN_TEXT_WIDTH = 30;

/** Prints steps as they arrive, each below the destination, host or token that it is about. */
export function createReport(output: Output, colors: Colors): (step: Step) => void {
  let about: string | undefined;
  return (step) => {
    if (step.about !== about) output.write(`\n${colors.bold(step.about ?? '')}\n`);
    about = step.about;
    output.write(`${stepLines(step, colors, columnsOf(output)).join('\n')}\n`);
  };
}

function stepLines({ check, status, detail, remedy }: Step, colors: Colors, columns: number): readonly string[] {
  const start = `  ${MARKS[status]} ${(TITLES[check] ?? check).padEnd(TITLE_WIDTH)}  `;
  const indent = ' '.repeat(start.length);
  const width = Math.max(MIN_TEXT_WIDTH, columns - start.length);
  const [first = '', ...more] = wrapAnsi(detail, width).split('\n');
  const continued = more.map((line) => indent + line);
  const advice = remedy === undefined ? [] : wrapAnsi(`→ ${remedy}`, width - 2).split('\n');
  const remedyLines = advice.map((line, index) => `${indent}${index > 0 ? '  ' : ''}${line}`);
  if (status === 'ok') return [`${colors.green(start)}${first}`, ...continued];
  const found = [start + first, ...continued];
  if (status === 'skipped') return [...found, ...remedyLines].map((line) => colors.dim(line));
  return [...found.map((line) => colors.red(line)), ...remedyLines.map((line) => colors.bold(line))];
}

/** The last line of the report. */
export function verdict(steps: readonly Step[], colors: Colors): string {
  const problems = steps.filter(({ status }) => status === 'problem').length;
  if (problems === 0) return colors.green('No problem found.');
  return colors.red(problems === 1 ? '1 problem found.' : `${problems} problems found.`);
}
