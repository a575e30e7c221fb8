import type { Output } from '../shared/command.js';
import { widthOf } from '../shared/message-view.js';
import type { Paint } from '../shared/paint.js';
import type { Status, Step } from './step.js';

const MARKS: Readonly<Record<Status, string>> = { ok: '✓', problem: '✗', skipped: '–' };

/** How a check is called for a person. */
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
const WIDTH = Math.max(...Object.values(TITLES).map(({ length }) => length));

/** Writes steps as they come, under what they are about. */
export function createReport(output: Output, paint: Paint): (step: Step) => void {
  let about: string | undefined;
  return (step) => {
    if (step.about !== about) output.write(`\n${paint('bold', step.about ?? '')}\n`);
    about = step.about;
    output.write(`${linesOf(step, paint, widthOf(output)).join('\n')}\n`);
  };
}

function linesOf({ check, status, detail, remedy }: Step, paint: Paint, width: number): readonly string[] {
  const lead = `  ${MARKS[status]} ${(TITLES[check] ?? check).padEnd(WIDTH)}  `;
  const indent = ' '.repeat(lead.length);
  const room = Math.max(30, width - lead.length);
  const [first = '', ...more] = wrapped(detail, room);
  const found = [`${lead}${first}`, ...more.map((line) => indent + line)];
  const advice = remedy === undefined ? [] : wrapped(`→ ${remedy}`, room - 2);
  const arrow = advice.map((line, index) => `${indent}${index > 0 ? '  ' : ''}${line}`);
  if (status === 'ok') return [`${paint('green', lead)}${first}`, ...found.slice(1)];
  if (status === 'skipped') return [...found, ...arrow].map((line) => paint('dim', line));
  return [...found.map((line) => paint('red', line)), ...arrow.map((line) => paint('bold', line))];
}

/** In lines of that many characters, as far as words allow. */
function wrapped(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** What it comes to. */
export function verdict(steps: readonly Step[], paint: Paint): string {
  const problems = steps.filter(({ status }) => status === 'problem').length;
  if (problems === 0) return paint('green', 'All is well.');
  return paint('red', problems === 1 ? 'One thing is to be mended.' : `${problems} things are to be mended.`);
}
