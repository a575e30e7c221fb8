import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { inspect } from 'node:util';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Inbox } from '../../packages/slack-inbox/src/index.js';
import type { RenderGroup } from '../../src/config/callbacks.js';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { FATAL, record } from '../support/records.js';
import { PEM, TOKENS } from '../support/secrets.js';
import { eachTest, isolated, texts, WAYS } from '../support/slack.js';

/** Every secret of these tests contains this mark or is a token. */
const MARK = 'hunter2';
const ALL_TOKENS = Object.values(TOKENS);
const SECRET_TEXT = `password=${MARK}a, postgres://u:${MARK}b@h, Cookie: sid=${MARK}c; b=${MARK}d\n${PEM} ${ALL_TOKENS.join(' ')}`;

const cycle: Record<string, unknown> = { token: `${MARK}e` };
cycle.self = cycle;
const poisoned = Object.defineProperty({ password: `${MARK}f` }, 'apiKey', {
  enumerable: true,
  get: () => {
    throw new Error(`${MARK}g`);
  },
});

/** Secrets by name, at every depth and in every kind of collection. */
const NESTED = {
  password: `${MARK}h`,
  user: { name: 'bob', credentials: { login: `${MARK}i` }, list: [{ apiKey: `${MARK}j` }, `token=${MARK}k`] },
  deep: { a: { b: { c: { secret: `${MARK}l` } } } },
  rawHeaders: ['Host', 'h', 'Cookie', `sid=${MARK}m`, 'Authorization', `${MARK}n`],
  errors: [{ path: 'password', value: `${MARK}o` }],
  map: new Map([['password', `${MARK}p`]]),
  set: new Set([`${MARK}q`]),
  error: new Error(`password=${MARK}r`),
  text: new String(`password=${MARK}s`),
  json: JSON.stringify({ a: { password: `${MARK}t` } }),
  symbol: Symbol(`password=${MARK}u`),
  card: 4_111_111_111_111_111,
  cycle,
  poisoned,
  bytes: Buffer.from(`${MARK}v`),
  [`token=${MARK}w`]: 1,
};

const RESOURCE = resourceFromAttributes({
  'service.name': `shop password=${MARK}1`,
  'service.version': `1 token=${MARK}2`,
  'deployment.environment.name': `prod secret=${MARK}3`,
  'host.name': `web https://u:${MARK}4@h`,
});

/** A record with secrets in every field. */
const full = (overrides: Partial<ReadableLogRecord> = {}): ReadableLogRecord =>
  record({
    severityText: `ERROR token=${MARK}5`,
    body: `body ${SECRET_TEXT}`,
    attributes: {
      'order.id': 7,
      token: `${MARK}6`,
      nested: NESTED,
      note: SECRET_TEXT,
      [TOKENS['npm token'] as string]: 1,
    },
    resource: RESOURCE,
    instrumentationScope: { name: `scope token=${MARK}7`, version: `1 token=${MARK}8` },
    ...overrides,
  });

const stack = `Error: ${SECRET_TEXT}\n    at f (/app/src/token.js:10:5)\n    at g (https://u:${MARK}9@h/x.js:1:1)`;
const RECORDS: Readonly<Record<string, Partial<ReadableLogRecord>>> = {
  'a text': {},
  'a structured body without a sentence': { body: NESTED },
  'a structured body with one': { body: { ...NESTED, msg: SECRET_TEXT } },
  'a list': { body: [NESTED, SECRET_TEXT] },
  'an event': { eventName: `event token=${MARK}10` },
  'an exception': {
    attributes: {
      'exception.type': `E token=${MARK}11`,
      'exception.message': SECRET_TEXT,
      'exception.stacktrace': stack,
      token: [`${MARK}12`],
    },
  },
  'pino’s err': {
    attributes: { err: { type: 'E', message: SECRET_TEXT, stack, config: { password: MARK } }, nested: NESTED },
  },
  'winston’s stack': { attributes: { stack, password: { a: MARK } } },
  'a fingerprint of its own': { attributes: { 'slack.fingerprint': SECRET_TEXT } },
};

describe('privacy', () => {
  const { open, said } = eachTest();

  function exporterWith(options: SlackExporterOptions): SlackLogRecordExporter {
    return open.ending(new SlackLogRecordExporter({ attributes: ['*'], ...options }, isolated()));
  }

  function everything(inbox: Inbox, exporter: SlackLogRecordExporter, groups: readonly unknown[] = []): string {
    return [...inbox.messages(), exporter.stats(), ...said.all, ...groups]
      .map((each) => inspect(each, { depth: 30, maxStringLength: null, maxArrayLength: null }))
      .join('\n');
  }

  function hasNoSecret(all: string): void {
    doesNotMatch(all, new RegExp(MARK));
    for (const token of ALL_TOKENS) ok(!all.includes(token), token);
    ok(!all.includes((PEM.split('\n')[1] as string).slice(0, 20)));
    doesNotMatch(all, /4111111111111111/);
  }

  for (const { way, to } of WAYS) {
    for (const [name, overrides] of Object.entries(RECORDS)) {
      it(`no secret in ${name} leaves with ${way}`, async () => {
        const inbox = await open.inbox();
        const seen: RenderGroup[] = [];
        const render = (groups: readonly RenderGroup[], standard: { text: string }) => {
          seen.push(...groups);
          return standard;
        };
        const exporter = exporterWith({ ...to(inbox), render });
        exporter.export([full(overrides)], () => {});
        await exporter.forceFlush();
        equal(inbox.messages().length, 1);
        hasNoSecret(everything(inbox, exporter, seen));
        match(texts(inbox).join(), /\[redacted\]/);
      });
    }
  }

  it('no secret leaves with a digest, with a new variant of a group, or with an escalation', async () => {
    const inbox = await open.inbox();
    const exporter = exporterWith({ token: inbox.token, channel: inbox.channel, apiUrl: inbox.apiUrl });
    exporter.export(
      Object.values(RECORDS).map((overrides) => full(overrides)),
      () => {},
    );
    await exporter.forceFlush();
    const again = { eventName: 'again' };
    exporter.export([full(again)], () => {});
    await exporter.forceFlush();
    exporter.export(
      [full({ ...again, body: `something else ${SECRET_TEXT}` }), full({ severityNumber: FATAL })],
      () => {},
    );
    await exporter.shutdown();
    hasNoSecret(everything(inbox, exporter));
  });

  it('text that is not secret stays complete', async () => {
    const inbox = await open.inbox();
    const exporter = exporterWith({ webhookUrl: inbox.webhookUrl });
    const attributes = {
      'session.id': 's_1',
      'user.id': 'u_1',
      token_count: 7,
      author: 'ann',
      nested: { a: [1, 'b'] },
    };
    exporter.export([record({ body: 'user 0af76519-16cd-43dd-8448-eb211c80319c is gone', attributes })], () => {});
    await exporter.forceFlush();
    const text = texts(inbox).join();
    doesNotMatch(text, /redacted/);
    for (const part of ['0af76519-16cd', 's_1', 'u_1', 'token_count = 7', 'author = ann', '{"a":[1,"b"]}']) {
      ok(text.includes(part), part);
    }
  });

  it('is off with redact: false', async () => {
    const inbox = await open.inbox();
    const exporter = exporterWith({ webhookUrl: inbox.webhookUrl, redact: false });
    exporter.export([record({ body: `password=${MARK}`, attributes: { token: MARK } })], () => {});
    await exporter.forceFlush();
    match(texts(inbox).join(), new RegExp(`password=${MARK}[\\s\\S]*token = ${MARK}`));
  });

  it('redacts the names and patterns of the options', async () => {
    const inbox = await open.inbox();
    const exporter = exporterWith({
      webhookUrl: inbox.webhookUrl,
      redact: { keys: ['iban', 'msg'], patterns: ['emp-\\d+', /ticket \w+/i] },
      denyAttributes: ['user.*', 'exception.stacktrace', 'exception.message'],
    });
    const own = { iban: 'DE1', 'user.id': 'u_1', note: 'emp-17 in Ticket AB', list: [{ iban: 'DE2' }] };
    exporter.export([record({ body: 'disk is full', attributes: own })], () => {});
    exporter.export([record({ body: { msg: 'never said' } })], () => {});
    const exception = { 'exception.type': 'Oops', 'exception.message': 'never said', 'exception.stacktrace': stack };
    exporter.export([record({ body: 'third', attributes: exception })], () => {});
    await exporter.forceFlush();
    const text = texts(inbox).join('\n');
    doesNotMatch(text, /DE1|DE2|u_1|emp-17|Ticket AB|never said|token\.js/);
    for (const part of ['iban = [redacted]', '[redacted] in [redacted]', '[{"iban":"[redacted]"}]', 'Oops']) {
      ok(text.includes(part), part);
    }
  });

  it('filter and fingerprint get the record unredacted', async () => {
    const inbox = await open.inbox();
    const seen: unknown[] = [];
    const exporter = exporterWith({
      webhookUrl: inbox.webhookUrl,
      filter: ({ body }) => void seen.push(body) === undefined,
      fingerprint: ({ body }, standard) => {
        seen.push(body);
        return standard;
      },
    });
    exporter.export([record({ body: `password=${MARK}` })], () => {});
    await exporter.forceFlush();
    deepEqual(seen, [`password=${MARK}`, `password=${MARK}`]);
  });
});
