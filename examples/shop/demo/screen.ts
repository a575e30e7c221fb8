import { styleText } from 'node:util';
import type { InboxMessage } from 'slack-inbox';
import { headlineOf, readMessage } from '../../../packages/otel-slack/src/shared/read-message.js';
import type { Arrival } from './arrivals.js';
import type { Row } from './summary.js';

/** The output of the demo: a terminal or a file. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Everything that the demo prints. */
export interface Screen {
  line(text?: string): void;
  title(text: string): void;
  /** An event in the shop that is not visible in the channel. */
  scene(text: string): void;
  arrival(arrival: Arrival, channelName: string): void;
  table(rows: readonly Row[]): void;
  verdict(losses: readonly string[]): void;
}

type Style = Parameters<typeof styleText>[0];

export function createScreen(output: Output, environment: Readonly<Record<string, string | undefined>>): Screen {
  const isColoured = output.isTTY === true && !environment.NO_COLOR;
  const paint = (style: Style, text: string): string => (isColoured ? styleText(style, text) : text);
  // A wrapped line would break the bar, so a terminal gets truncated lines. A file gets full lines.
  const shorten = (text: string): string => (output.isTTY ? cutTo(text, (output.columns || 80) - 3) : text);
  let isShort = false;
  const write = (text: string): void => void output.write(`${text}\n`);
  const line = (text = ''): void => {
    if (isShort) write('');
    isShort = false;
    write(text);
  };
  // Several of these lines may follow each other without a blank line.
  const shortLine = (dim: string, text = ''): void => {
    write(`${paint('dim', dim)}${shorten(`${dim}${text}`).slice(dim.length)}`);
    isShort = true;
  };
  const whole = (message: InboxMessage, head: string, indent = ''): void => {
    line(paint('dim', shorten(head)));
    for (const { style, text, color } of readMessage(message)) {
      const bar = `${indent}${isColoured ? inColor('┃', color) : '┃'}`;
      const shown = shorten(`${indent}${text}`).slice(indent.length);
      line(`${bar} ${style === undefined ? shown : paint(style, shown)}`.trimEnd());
    }
    line();
  };
  return {
    line,
    title: (text) => line(paint('bold', text)),
    scene: (text) => shortLine(`(the shop · ${timeOfDay(Date.now())} · ${text})`),
    arrival(arrival, channelName) {
      const { kind, message } = arrival;
      const posted = `${channelName} · ${timeOfDay(message.receivedAtMillis)}`;
      if (kind === 'posted') whole(message, posted);
      else if (kind === 'replied') whole(message, `${posted} · reply in the thread${ofParent(arrival.parent)}`, '  ');
      else shortLine(`${channelName} · ${timeOfDay(editedAtMillis(message))} · edited: `, headlineOf(message));
    },
    table(rows) {
      for (const [what, count, note] of rows) {
        const number = count.toLocaleString('en-US').padStart(7);
        line(`  ${what.padEnd(21)}${paint('bold', number)}   ${paint('dim', note)}`.trimEnd());
      }
      line();
    },
    verdict(losses) {
      if (losses.length === 0) line(paint('green', '✔ Nothing was lost.'));
      for (const loss of losses) line(paint('red', `✘ ${loss}`));
    },
  };
}

/** `#e01e5a` as the terminal's 24-bit colour. */
function inColor(text: string, color: string | undefined): string {
  const rgb = /^#(..)(..)(..)$/.exec(color ?? '')?.slice(1);
  if (rgb === undefined) return text;
  return `\u001b[38;2;${rgb.map((hex) => Number.parseInt(hex, 16)).join(';')}m${text}\u001b[39m`;
}

/** Undefined: the inbox no longer has the message. */
function ofParent(parent: InboxMessage | undefined): string {
  return parent === undefined ? '' : ` of ${headlineOf(parent)}`;
}

function editedAtMillis({ edited, receivedAtMillis }: InboxMessage): number {
  return edited === undefined ? receivedAtMillis : Number(edited.ts) * 1_000;
}

function timeOfDay(millis: number): string {
  return new Date(millis).toTimeString().slice(0, 8);
}

function cutTo(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(1, width - 1)).join('')}…`;
}
