import { ARMS, type Arm, type Measured, quantile } from './measure.js';

const NAMES: Record<Arm, string> = {
  nothing: 'does not report to Slack',
  naive: 'awaits the request to Slack',
  ours: 'opentelemetry-exporter-slack',
};
const COLOURS = { working: '#2eb67d', hanging: '#e01e5a' } as const;

const WIDTH = 860;
const LEFT = 250;
const RIGHT = 120;
const ROW = 30;
const TOP = 64;
/** The axis is logarithmic, from 0.1 ms to 10 s. */
const [FIRST, LAST] = [-1, 4];

/** Returns an SVG with the medians as bars and the 99th percentiles as ticks. It is legible on light and dark pages. */
export function plot(results: readonly Measured[]): string {
  const rows = ARMS.flatMap((arm) => results.filter((result) => result.arm === arm));
  const height = TOP + rows.length * ROW + 56;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Time of a request: median and 99th percentile">`,
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff"/>`,
    text(20, 28, 'Time until the answer, by how the handler reports an error', 'font-size="15" font-weight="600"'),
    `<rect x="20" y="40" width="10" height="10" fill="${COLOURS.working}"/>${text(36, 49, 'Slack answers')}`,
    `<rect x="140" y="40" width="10" height="10" fill="${COLOURS.hanging}"/>${text(156, 49, 'Slack hangs')}`,
    text(250, 49, 'bar: median, line: 99th percentile; logarithmic', 'fill="#616061"'),
    ...grid(height),
    ...rows.map(row),
    '</svg>\n',
  ].join('\n');
}

function row({ arm, slack, millis }: Measured, index: number): string {
  const y = TOP + index * ROW + 6 + Math.floor(index / 2) * 6;
  const [median, high] = [quantile(millis, 0.5), quantile(millis, 0.99)];
  const name = slack === 'working' ? text(20, y + 26, NAMES[arm]) : '';
  return [
    name,
    `<rect x="${LEFT}" y="${y}" width="${(x(median) - LEFT).toFixed(1)}" height="18" fill="${COLOURS[slack]}"/>`,
    `<path d="M${x(median).toFixed(1)} ${y + 9}H${x(high).toFixed(1)}m0 -6v12" stroke="#1d1c1d" stroke-width="1.5" fill="none"/>`,
    text(x(high) + 8, y + 14, shown(median), 'font-weight="600"'),
  ].join('');
}

function grid(height: number): readonly string[] {
  const bottom = height - 34;
  return Array.from({ length: LAST - FIRST + 1 }, (_, at) => 10 ** (FIRST + at)).map((millis) => {
    const at = x(millis).toFixed(1);
    const line = `<path d="M${at} ${TOP}V${bottom}" stroke="#dddddd"/>`;
    return line + text(Number(at), bottom + 18, shown(millis), 'text-anchor="middle" fill="#616061"');
  });
}

function x(millis: number): number {
  const share = (Math.log10(Math.max(millis, 10 ** FIRST)) - FIRST) / (LAST - FIRST);
  return LEFT + share * (WIDTH - LEFT - RIGHT);
}

function text(at: number, y: number, words: string, attributes = ''): string {
  const fill = attributes.includes('fill=') ? '' : ' fill="#1d1c1d"';
  return `<text x="${at.toFixed(1)}" y="${y}"${fill} ${attributes}>${words}</text>`;
}

/** `0.8 ms`, `12 ms`, `1,003 ms`. */
function shown(millis: number): string {
  return `${millis.toLocaleString('en-US', { maximumFractionDigits: millis < 10 ? 1 : 0 })} ms`;
}

/** Returns the same numbers as a Markdown table. */
export function table(results: readonly Measured[]): string {
  const lines = results.map(({ arm, slack, requests, millis, messages }) => {
    const [median, high] = [quantile(millis, 0.5), quantile(millis, 0.99)];
    return `| ${NAMES[arm]} | ${slack} | ${requests} | ${shown(median)} | ${shown(high)} | ${messagesShown(messages)} |`;
  });
  const head = ['| the handler | Slack | requests | median | 99th percentile | in the channel afterwards |'];
  return [...head, '| --- | --- | --- | --- | --- | --- |', ...lines].join('\n');
}

function messagesShown(messages: readonly string[]): string {
  const [headline] = messages.at(-1)?.split('\n', 1) ?? [];
  if (headline === undefined) return 'nothing';
  return messages.length === 1
    ? `1 message: \`${headline}\``
    : `${messages.length} messages, the last: \`${headline}\``;
}
