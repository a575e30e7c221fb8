/**
 * Generates a day of logs of a shop as OTLP/JSON, one line for each batch, as the Collector's file exporter writes it.
 * The same options produce the same day. As a program: `node --import tsx test/support/otlp-day.ts 100000 > day.jsonl`.
 */

import { pathToFileURL } from 'node:url';

/** Options of {@link otlpDay}. */
export interface OtlpDayOptions {
  readonly records: number;
  /** Default: 1. */
  readonly seed?: number;
  /** The start of the day. Default: 1 March 2026, midnight UTC. */
  readonly startMillis?: number;
  /** The length of the day. Default: 24 hours. */
  readonly lengthMillis?: number;
}

const DAY_MILLIS = 86_400_000;

const SERVICES = ['gateway', 'catalog', 'search', 'checkout', 'payments', 'shipping', 'mailer', 'accounts'] as const;
const ROUTES = ['/', '/shop/:id', '/cart', '/cart/pay', '/search', '/orders/:id', '/login', '/stock/:sku'] as const;
const ERRORS = [
  ['TypeError', "Cannot read properties of undefined (reading 'price')"],
  ['TimeoutError', 'upstream did not answer within 3000 ms'],
  ['ECONNREFUSED', 'connect ECONNREFUSED 10.0.4.17:5432'],
  ['ValidationError', 'quantity must be at least 1'],
  ['PaymentDeclined', 'the bank declined the card'],
  ['SyntaxError', 'Unexpected end of JSON input'],
  ['RangeError', 'Invalid time value'],
  ['NotFoundError', 'stock record is missing'],
] as const;
const FILES = ['cart', 'prices', 'stock', 'orders', 'bank', 'labels', 'session'] as const;

/** Outages of a service: start and length as parts of the day, and the service's share of all batches. */
const STORMS = [
  { service: 'payments', from: 0.38, length: 0.007, share: 0.6 },
  { service: 'search', from: 0.6, length: 0.004, share: 0.5 },
  { service: 'gateway', from: 0.82, length: 0.012, share: 0.7 },
] as const;

/** Yields the lines of the day in order of time. */
export function* otlpDay({
  records,
  seed = 1,
  startMillis = Date.UTC(2026, 2, 1),
  lengthMillis = DAY_MILLIS,
}: OtlpDayOptions): Generator<string> {
  const random = mulberry32(seed);
  for (let made = 0; made < records; ) {
    const size = Math.min(records - made, 1 + Math.floor(random() * 40));
    const part = made / records;
    const storm = STORMS.find(({ from, length }) => part >= from && part < from + length * 4);
    const service = storm && random() < storm.share ? storm.service : pick(SERVICES, random);
    const isStormy = storm?.service === service;
    const logRecords = Array.from({ length: size }, (_, index) => {
      const timeMillis = startMillis + ((made + index) / records) * lengthMillis;
      return isStormy ? stormRecord(service, timeMillis, random) : calmRecord(service, timeMillis, random);
    });
    made += size;
    yield JSON.stringify({
      resourceLogs: [{ resource: resourceOf(service, random), scopeLogs: [{ scope: { name: service }, logRecords }] }],
    });
  }
}

type Random = () => number;

function resourceOf(service: string, random: Random): object {
  return {
    attributes: [
      text('service.name', service),
      text('service.version', '2.4.1'),
      text('deployment.environment.name', 'production'),
      text('k8s.pod.name', `${service}-${Math.floor(random() * 3)}`),
    ],
  };
}

function calmRecord(service: string, timeMillis: number, random: Random): object {
  const luck = random();
  if (luck < 0.93) return plain(timeMillis, 9, `${pick(ROUTES, random)} 200 in ${Math.floor(random() * 300)} ms`);
  if (luck < 0.98) return plain(timeMillis, 13, `slow query: ${Math.floor(1_000 + random() * 4_000)} ms`);
  if (luck < 0.99)
    return plain(timeMillis, 17, `order ${Math.floor(random() * 1e6)} of user ${hex(8, random)} could not be sent`);
  if (luck < 0.9999) return failure(service, timeMillis, random);
  return { ...failure(service, timeMillis, random), severityNumber: 21, severityText: 'FATAL' };
}

/** A record of a service whose database is down: nearly all errors are equal. */
function stormRecord(service: string, timeMillis: number, random: Random): object {
  if (random() < 0.1) return plain(timeMillis, 9, `${pick(ROUTES, random)} 200 in 12 ms`);
  return exception(
    { service, timeMillis, type: 'ECONNREFUSED', message: 'connect ECONNREFUSED 10.0.4.17:5432', file: 'db', line: 88 },
    random,
  );
}

/** A random error. A few errors are frequent, most are rare. */
function failure(service: string, timeMillis: number, random: Random): object {
  const rank = Math.floor(random() ** 3 * ERRORS.length * FILES.length);
  const [type, message] = ERRORS[rank % ERRORS.length] ?? ERRORS[0];
  const file = FILES[Math.floor(rank / ERRORS.length)] ?? 'cart';
  return exception({ service, timeMillis, type, message, file, line: 10 + rank }, random);
}

interface Failure {
  readonly service: string;
  readonly timeMillis: number;
  readonly type: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
}

function exception({ service, timeMillis, type, message, file, line }: Failure, random: Random): object {
  const stack = [
    `${type}: ${message}`,
    `    at load (/app/${service}/src/${file}.js:${line}:17)`,
    `    at handle (/app/${service}/src/routes.js:${20 + (line % 7)}:9)`,
    '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
  ];
  return {
    ...plain(timeMillis, 17, `request failed: ${message}`),
    traceId: hex(32, random),
    spanId: hex(16, random),
    attributes: [
      text('exception.type', type),
      text('exception.message', message),
      text('exception.stacktrace', stack.join('\n')),
      text('http.request.method', 'POST'),
      text('http.route', pick(ROUTES, random)),
      { key: 'http.response.status_code', value: { intValue: '500' } },
      text('user.id', hex(8, random)),
    ],
  };
}

const SEVERITIES: Readonly<Record<number, string>> = { 9: 'INFO', 13: 'WARN', 17: 'ERROR' };

function plain(timeMillis: number, severityNumber: number, body: string): object {
  const nanos = `${Math.floor(timeMillis)}000000`;
  return {
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    severityNumber,
    severityText: SEVERITIES[severityNumber],
    body: { stringValue: body },
    attributes: [],
  };
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function pick<T>(items: readonly [T, ...T[]], random: Random): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

function hex(digits: number, random: Random): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** A small pseudo-random generator with a seed. */
function mulberry32(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const line of otlpDay({ records: Number(process.argv[2] ?? 100_000) })) process.stdout.write(`${line}\n`);
}
