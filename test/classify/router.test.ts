import assert from 'node:assert/strict';
import { resourceFromAttributes } from '@opentelemetry/resources';
import fc from 'fast-check';
import { createRouter, readsAttributes } from '../../src/classify/router.js';
import type { AttributeMatch, RouteMatch, RouteOptions, SlackExporterOptions } from '../../src/config/options.js';
import { resolveOptions } from '../../src/config/resolve.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { readRecord } from '../../src/record/read-record.js';
import { ERROR, exceptionRecord, FATAL, record, WARN } from '../support/records.js';

const TOKEN = 'xoxb-1-2-a';
const throwing = (): never => {
  throw new Error('poison');
};

/** Returns the channels to which the routes send a record. */
function waysOf(options: SlackExporterOptions): (overrides?: Partial<ReadableLogRecord>) => readonly string[] {
  const { settings, warnings } = resolveOptions({ token: TOKEN, ...options }, {});
  assert.deepEqual(warnings, []);
  const route = createRouter(settings.routes);
  return (overrides) =>
    route(readRecord(record(overrides))).map(({ destination }) =>
      destination.kind === 'channel' ? destination.channel : destination.url,
    );
}

/** Whether a record meets a match. */
function isTaken(match: RouteMatch, one: ReadableLogRecord): boolean {
  const { settings } = resolveOptions({ token: TOKEN, routes: [{ channel: '#a', match, minSeverity: 1 }] }, {});
  return createRouter(settings.routes)(readRecord(one)).length === 1;
}

describe('router', () => {
  const routes: readonly RouteOptions[] = [
    { channel: '#pay', match: { service: 'pay*' } },
    { channel: '#audit', match: { attributes: { audit: true } }, continue: true },
    { channel: '#web', match: { scope: 'http' } },
  ];
  const of = (service: string, attributes: Record<string, unknown> = {}, scope = 'test') => ({
    resource: resourceFromAttributes({ 'service.name': service }),
    attributes,
    instrumentationScope: { name: scope },
  });

  it('uses the first route that matches, else the destination at the top level', () => {
    const ways = waysOf({ channel: '#all', routes });
    assert.deepEqual(ways(of('payments', { audit: true }, 'http')), ['#pay']);
    assert.deepEqual(ways(of('shop', {}, 'http')), ['#web']);
    assert.deepEqual(ways(of('shop')), ['#all']);
  });

  it('continues after a route with continue, up to the destination at the top level', () => {
    const ways = waysOf({ channel: '#all', routes });
    assert.deepEqual(ways(of('shop', { audit: true }, 'http')), ['#audit', '#web']);
    assert.deepEqual(ways(of('shop', { audit: true })), ['#audit', '#all']);
  });

  it('sends a record nowhere when no route matches and the top level has no destination', () => {
    assert.deepEqual(waysOf({ routes })(of('shop')), []);
  });

  it('sends a record to a destination once, even when several routes lead to it', () => {
    const ways = waysOf({
      channel: '#a',
      routes: [{ channel: '#a', continue: true }, { channel: '#b', continue: true }, { channel: '#a' }],
    });
    assert.deepEqual(ways(), ['#a', '#b']);
  });

  it('skips a route whose minSeverity is above the record’s', () => {
    const ways = waysOf({
      channel: '#all',
      minSeverity: 'WARN',
      routes: [
        { channel: '#fatal', minSeverity: 'FATAL' },
        { channel: '#error', minSeverity: 'ERROR' },
      ],
    });
    assert.deepEqual(
      [WARN, ERROR, FATAL].map((severityNumber) => ways({ severityNumber })[0]),
      ['#all', '#error', '#fatal'],
    );
    assert.deepEqual(ways({ severityNumber: WARN - 1 }), []);
  });

  const MATCHES: [string, RouteMatch, Partial<ReadableLogRecord>, boolean][] = [
    ['nothing asked', {}, {}, true],
    ['the band of a severity', { severity: 'error' }, { severityNumber: ERROR + 3 }, true],
    ['another band', { severity: 'ERROR' }, { severityNumber: FATAL }, false],
    ['one of two bands', { severity: ['WARN', 'fatal'] }, { severityNumber: FATAL }, true],
    ['a severity that only the text tells', { severity: 'FATAL' }, { severityNumber: 0, severityText: 'panic' }, true],
    ['a scope', { scope: 'test' }, {}, true],
    ['a scope in other letters', { scope: 'Test' }, {}, false],
    ['one of two scopes', { scope: ['x', 'te*'] }, {}, true],
    ['a scope without a name', { scope: '*' }, { instrumentationScope: { name: '' } }, false],
    ['a service', { service: 'check*' }, {}, true],
    ['another service', { service: 'pay*' }, {}, false],
    ['an event', { eventName: 'order.*' }, { eventName: 'order.lost' }, true],
    ['any event, where there is none', { eventName: '*' }, {}, false],
    ['all that is asked', { scope: 'test', service: 'checkout', severity: 'ERROR' }, {}, true],
    ['all but one', { scope: 'test', service: 'checkout', severity: 'WARN' }, {}, false],
    ['the beginning of a long text', { eventName: 'a*' }, { eventName: 'a'.repeat(1e6) }, true],
    ['the end of a text too long to be looked at', { eventName: '*b' }, { eventName: `${'a'.repeat(1e6)}b` }, false],
  ];
  for (const [what, match, overrides, expected] of MATCHES) {
    it(`${expected ? 'takes' : 'leaves'} ${what}`, () => assert.equal(isTaken(match, record(overrides)), expected));
  }

  it('reads the class of an error from every way of logging it', () => {
    const match: RouteMatch = { exceptionType: 'Range*' };
    assert.equal(isTaken(match, exceptionRecord(new RangeError('no'))), true);
    assert.equal(isTaken(match, exceptionRecord(new TypeError('no'))), false);
    assert.equal(isTaken(match, record({ attributes: { err: { type: 'RangeError', message: 'no' } } })), true);
    assert.equal(isTaken(match, record()), false);
  });

  const ATTRIBUTES: [string, AttributeMatch, unknown, boolean][] = [
    ['an equal text', 'gold', 'gold', true],
    ['another text', 'gold', 'golden', false],
    ['a glob', 'go*', 'golden', true],
    ['a number', 500, 500, true],
    ['a number as a text', 500, '500', true],
    ['a text that is a number', '500', 500, true],
    ['another number', 500, 501, false],
    ['a glob of numbers', '5*', 503, true],
    ['a truth value', true, true, true],
    ['a truth value as a text', true, 'true', true],
    ['the other truth value', true, false, false],
    ['one of several', ['a', 5, 'b*'], 'bc', true],
    ['none of several', ['a', 5, 'b*'], 'c', false],
    ['an equal text with a star', { equals: 'a*' }, 'a*', true],
    ['no glob in equals', { equals: 'a*' }, 'ab', false],
    ['one of several, to the letter', { oneOf: ['a*', 7] }, 7, true],
    ['no glob in oneOf', { oneOf: ['a*', 7] }, 'ab', false],
    ['a glob as an object', { glob: '*b' }, 'ab', true],
    ['what exists', { exists: true }, '', true],
    ['what exists and is a map', { exists: true }, { a: 1 }, true],
    ['what does not exist', { exists: true }, undefined, false],
    ['null as what does not exist', { exists: false }, null, true],
    ['what exists, where it must not', { exists: false }, 0, false],
    ['an entry of an array', 'b', ['a', 'b'], true],
    ['no entry of an array', 'b', ['a', 'c'], false],
    ['no entry far behind', 'b', [...Array(100).fill('a'), 'b'], false],
    ['a map', '*', { a: 1 }, false],
    ['nothing', '*', undefined, false],
    ['an empty text', '', '', true],
  ];
  for (const [what, match, value, expected] of ATTRIBUTES) {
    it(`${expected ? 'takes' : 'leaves'} an attribute: ${what}`, () => {
      assert.equal(
        isTaken({ attributes: { 'app.key': match } }, record({ attributes: { 'app.key': value } })),
        expected,
      );
    });
  }

  it('ignores inherited attributes', () => {
    assert.equal(isTaken({ attributes: { constructor: { exists: true } } }, record()), false);
    const attributes = JSON.parse('{"__proto__":"x"}') as Record<string, unknown>;
    assert.equal(isTaken({ attributes: JSON.parse('{"__proto__":"x"}') }, record({ attributes })), true);
  });

  it('treats an attribute that throws as absent', () => {
    const attributes = Object.defineProperty({}, 'tier', { get: throwing, enumerable: true });
    assert.equal(isTaken({ attributes: { tier: { exists: false } } }, record({ attributes })), true);
  });

  it('treats a revoked proxy as absent', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    assert.equal(isTaken({ attributes: { tier: '*' } }, record({ attributes: { tier: proxy } })), false);
  });

  it('never throws, for any record', () => {
    const proxy = new Proxy(
      {},
      { get: throwing, has: throwing, getOwnPropertyDescriptor: throwing, ownKeys: throwing },
    );
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const poisons = [revoked, proxy, new Proxy([], { get: throwing }), Object.create(null), [Symbol('x')], 2n ** 900n];
    const any = fc.oneof(
      fc.anything(),
      fc.nat(poisons.length - 1).map((at) => () => poisons[at]),
    );
    const given = (value: unknown): unknown => (typeof value === 'function' ? value() : value);
    const match: RouteMatch = {
      ...{ severity: ['ERROR', 'FATAL'], scope: '*a*', service: ['a', '*'], eventName: '*', exceptionType: '*' },
      attributes: { a: '*', b: 1, c: { exists: true }, d: ['a*', 'b'] },
    };
    const options: SlackExporterOptions = {
      ...{ token: TOKEN, channel: '#all', minSeverity: 1 },
      routes: (Object.keys(match) as (keyof RouteMatch)[]).map((key) => ({
        channel: `#${key}`,
        match: { [key]: match[key] },
        continue: true,
      })),
    };
    const route = createRouter(resolveOptions(options, {}).settings.routes);
    const keys = ['severityNumber', 'severityText', 'eventName', 'instrumentationScope', 'resource', 'attributes'];
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...keys), any),
        fc.dictionary(fc.constantFrom(...'abcd'), any),
        (fields, attributes) => {
          const held = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, given(value)]));
          const whole = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, given(value)]));
          const lines = route(
            readRecord({ ...record({ attributes: held }), ...whole } as unknown as ReadableLogRecord),
          );
          assert.equal(new Set(lines).size, lines.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reports whether attributes decide', () => {
    const reads = (match: RouteMatch): boolean =>
      readsAttributes(resolveOptions({ token: TOKEN, routes: [{ channel: '#a', match }] }, {}).settings.routes);
    assert.deepEqual([reads({}), reads({ scope: 'a' }), reads({ attributes: { a: 1 } })], [false, false, true]);
  });
});
