import assert from 'node:assert/strict';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { KnownBlock } from '@slack/types';
import { type Details, type Look, renderDetails, whoAndWhen } from '../src/details.js';
import type { Group } from '../src/group.js';
import { liveMarkup, messageText } from '../src/inbox/index.js';
import type { ReadableLogRecord } from '../src/otel.js';
import { createOutbox } from '../src/outbox.js';
import { readRecord } from '../src/record.js';
import { manualClock } from './support/clock.js';
import { record } from './support/records.js';

type Overrides = Partial<ReadableLogRecord>;

const LOOK: Look = { traceUrl: undefined, attributes: [] };
const ROOM: Details = { messageText: 1_500, stackText: 2_900, attributesText: 2_000, fieldText: 250, linkText: 600 };
const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const STACK = 'TypeError: x\n    at lib (/app/node_modules/lib/i.js:1:1)\n    at pay (/app/src/pay.ts:41:13)';

const groupOf = (...records: Overrides[]): Group => {
  const box = createOutbox({ clock: manualClock(), maxGroups: 1, newId: () => 'c0ffee00' });
  for (const overrides of records) box.fold(readRecord(record(overrides)), 'a');
  return box.waiting()[0] as Group;
};
const blocksOf = (overrides: Overrides, look: Partial<Look> = {}, room: Partial<Details> = {}): KnownBlock[] =>
  renderDetails(groupOf(overrides), { ...LOOK, ...look }, { ...ROOM, ...room });
const read = (blocks: KnownBlock[]): string => messageText({ attachments: [{ blocks }] });
const shown = (overrides: Overrides, look: Partial<Look> = {}, room: Partial<Details> = {}): string =>
  read(blocksOf(overrides, look, room));
const withAttributes = (attributes: Record<string, unknown>, look: Partial<Look> = {}): string =>
  shown({ attributes }, look);

describe('details', () => {
  describe('who and when', () => {
    const line = (...records: Overrides[]): KnownBlock[] => [whoAndWhen(groupOf(...records))];

    it('names service, environment and version', () => {
      assert.match(read(line({})), /^checkout \(production\) · 1\.4\.2 {2}/);
      assert.doesNotMatch(read(line({ resource: resourceFromAttributes({}) })), /checkout|·/);
    });

    it('gives the time for the reader’s own time zone', () => {
      assert.deepEqual(liveMarkup({ blocks: line({}) }), [
        '<!date^1767268800^{date_short_pretty} {time_secs}|2026-01-01 12:00:00 UTC>',
      ]);
    });

    it('says how often, and from when to when', () => {
      const at = (seconds: number): Overrides => ({ hrTime: [1_767_268_800 + seconds, 0] });
      const many = line(at(0), at(5), at(60));
      assert.match(read(many), /3 times, from Jan 1, 2026 .* to Jan 1, 2026 /);
      assert.deepEqual(
        liveMarkup({ blocks: many }).map((markup) => markup.slice(7, 17)),
        ['1767268800', '1767268860'],
      );
      assert.match(read(line(at(0), at(0.5))), /2 times, Jan 1, 2026/);
      assert.doesNotMatch(read(line({})), /times/);
    });
  });

  it('say that they are of one record, when it happened more than once', () => {
    assert.match(read(renderDetails(groupOf({}, {}, {}), LOOK, ROOM)), /^details of 1 of 3 {2}on web-1/m);
    assert.doesNotMatch(shown({}), /details of/);
  });

  describe('the message', () => {
    it('is not said again when the headline could say it', () => {
      assert.doesNotMatch(shown({ body: 'disk is full' }), /disk/);
      assert.doesNotMatch(withAttributes({ 'exception.type': 'X', 'exception.message': 'disk is full' }), /disk/);
    });

    it('is said whole when it has more lines or is long, up to its room', () => {
      assert.match(shown({ body: 'one\ntwo' }), /^one\ntwo$/m);
      const long = `start${'x'.repeat(4_000)}`;
      assert.match(shown({ body: long }, {}, { messageText: 300 }), /^startx{200,}… \(\+3,7\d\d characters\)$/m);
    });

    it('tells what was logged beside the exception', () => {
      const attributes = { 'exception.type': 'TypeError', 'exception.message': 'x is not a function' };
      assert.match(shown({ body: 'while charging the card', attributes }), /^while charging the card$/m);
      assert.doesNotMatch(shown({ body: 'x is not a function', attributes }), /function/);
    });
  });

  describe('facts', () => {
    it('tell the request in one line, by current and by older names', () => {
      const current = { 'http.request.method': 'POST', 'http.route': '/orders/:id', 'http.response.status_code': 500 };
      const older = { 'http.method': 'POST', 'http.target': '/orders/7', 'http.status_code': 500 };
      assert.match(withAttributes(current), /\*Request\* `POST \/orders\/:id → 500`/);
      assert.match(withAttributes(older), /\*Request\* `POST \/orders\/7 → 500`/);
      assert.match(withAttributes({ 'http.response.status_code': 500 }), /\*Request\* `→ 500`/);
    });

    it('tell where, who, with whom, and which session and database', () => {
      const text = withAttributes({
        'code.file.path': '/app/a.ts',
        'code.line.number': 3,
        'user.id': 'u-7',
        'session.id': 's-1',
        'error.type': 'ETIMEDOUT',
        'server.address': 'db.internal',
        'db.system.name': 'postgresql',
      });
      for (const fact of ['*Where* `/app/a.ts:3`', '*User* `u-7`', '*Session* `s-1`', '*Error type* `ETIMEDOUT`']) {
        assert.ok(text.includes(fact), fact);
      }
      assert.ok(text.includes('*Peer* `db.internal`') && text.includes('*Database* `postgresql`'));
    });

    it('leave out what is absent, empty or said already', () => {
      const text = withAttributes({
        'user.id': null,
        'session.id': '',
        'server.address': undefined,
        'error.type': 'TypeError',
        'exception.type': 'TypeError',
      });
      assert.doesNotMatch(text, /\*/);
    });

    it('keep to their room', () => {
      const text = shown({ attributes: { 'user.id': 'u'.repeat(900) } }, {}, { fieldText: 80 });
      assert.match(text, /\*User\* `u{50,60}… \(\+8\d\d characters\)`/);
    });
  });

  describe('the trace', () => {
    it('is its id without a URL', () => {
      assert.match(shown({ spanContext: SPAN }), /\*Trace\* `0af7651916cd43dd8448eb211c80319c`/);
      assert.doesNotMatch(shown({}), /Trace/);
    });

    it('is a link with one, to the span too where it asks for it', () => {
      const traceUrl = 'https://trace.example/{traceId}?span={spanId}&t={traceId}';
      const links = liveMarkup({ blocks: blocksOf({ spanContext: SPAN }, { traceUrl }) }).filter(
        (each) => !each.startsWith('<!date'),
      );
      assert.deepEqual(links, [
        `<https://trace.example/${SPAN.traceId}?span=${SPAN.spanId}&t=${SPAN.traceId}|${SPAN.traceId}>`,
      ]);
    });

    it('is its id when the link would take too much room', () => {
      const traceUrl = `https://trace.example/${'x'.repeat(200)}/{traceId}`;
      assert.match(shown({ spanContext: SPAN }, { traceUrl }, { linkText: 200 }), /\*Trace\* `0af7/);
    });
  });

  it('show neither a password nor a query of the URL that was asked for', () => {
    const text = withAttributes({
      'http.request.method': 'GET',
      'url.full': 'https://u:hunter2@api.example/p?token=abc',
    });
    assert.match(text, /`GET https:\/\/api\.example\/p`/);
  });

  describe('the stack', () => {
    it('is shown with the app’s own frames first', () => {
      const text = withAttributes({ 'exception.type': 'TypeError', 'exception.stacktrace': STACK });
      assert.ok(
        text.includes('```\n  at pay (/app/src/pay.ts:41:13)\n  at lib (/app/node_modules/lib/i.js:1:1)\n```'),
        text,
      );
      assert.doesNotMatch(text, /\*Where\*/, 'the first line of the stack says it');
    });

    it('is cut between lines, never inside a frame or the fence, and counts what is missing', () => {
      const frames = Array.from({ length: 400 }, (_, n) => `    at f${n} (/app/src/<a>&${n}.js:1:1)`);
      const attributes = { 'exception.stacktrace': ['E: x', ...frames].join('\n') };
      for (const stackText of [2_900, 600, 150, 60]) {
        const text = shown({ attributes }, {}, { stackText });
        const [, inside = ''] = /```\n([\s\S]*)\n```/.exec(text) ?? [];
        const lines = inside.split('\n');
        const missing = /^… (\d+) more lines$/.exec(lines.pop() ?? '')?.[1];
        assert.deepEqual(
          lines,
          frames.slice(0, lines.length).map((frame) => frame.slice(2)),
        );
        assert.equal(Number(missing), frames.length - lines.length);
      }
    });

    it('cannot end its own fence', () => {
      const stack = 'E: x\n    at f (/app/```/a.js:1:1)\n    at ``` <!channel>';
      const [code] = blocksOf({ attributes: { 'exception.stacktrace': stack } }).flatMap((block) =>
        block.type === 'section' && block.text?.text.startsWith('```') ? [block.text.text] : [],
      );
      assert.equal(code?.match(/```/g)?.length, 2);
      assert.ok(code?.endsWith('\n```'));
    });
  });

  describe('further attributes', () => {
    const attributes = {
      'order.id': 'o-1',
      'order.total': 12.5,
      customer: { name: 'Ann' },
      'user.id': 'u-7',
      tenant: 't',
    };

    it('are shown only on demand: by name, or by the beginning of their name', () => {
      assert.doesNotMatch(withAttributes(attributes), /o-1|Ann/);
      assert.match(withAttributes(attributes, { attributes: ['tenant'] }), /```\ntenant = t\n```/);
      assert.match(
        withAttributes(attributes, { attributes: ['order.*', 'nothing'] }),
        /```\norder\.id = o-1\norder\.total = 12\.5\n```/,
      );
    });

    it('are not told twice', () => {
      const text = withAttributes(
        { ...attributes, ...{ 'exception.type': 'X', 'exception.stacktrace': STACK } },
        { attributes: ['*'] },
      );
      assert.match(text, /```\norder\.id = o-1\norder\.total = 12\.5\ncustomer = \{"name":"Ann"\}\ntenant = t\n```/);
      assert.equal(text.split('u-7').length, 2);
    });

    it('keep each to a line and all together to their room', () => {
      const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`a${n}`, `v\n${'x'.repeat(900)}`]));
      const blocks = blocksOf({ attributes: many }, { attributes: ['*'] }, { attributesText: 1_000 });
      const text = read(blocks);
      const lines = /```\n([\s\S]*)\n```/.exec(text)?.[1]?.split('\n') ?? [];
      assert.deepEqual(
        lines.map((line) => line.split(' ')[0]),
        ['a0', 'a1', 'a2'],
      );
      for (const line of lines) assert.ok(line.length <= 300);
    });
  });

  it('end with host, scope and the id of the message', () => {
    const text = shown({ instrumentationScope: { name: 'shop', version: '2.0' } });
    assert.match(text, /^on web-1 {2}shop 2\.0 {2}id c0ffee00$/);
    assert.match(shown({ resource: resourceFromAttributes({}), instrumentationScope: { name: '' } }), /^id c0ffee00$/);
  });
});
