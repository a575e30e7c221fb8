import assert from 'node:assert/strict';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { KnownBlock } from '@slack/types';
import { liveMarkup, messageText } from '../../packages/slack-inbox/src/index.js';
import type { Group, Row } from '../../src/groups/group.js';
import { type Appearance, type Details, originLine, renderDetails, renderSample } from '../../src/render/details.js';
import { desk, type Overrides, rowFor, sampleOf } from '../support/groups.js';
import { FATAL, RESOURCE } from '../support/records.js';

const LOOK: Appearance = { traceUrl: undefined, attributes: [] };
const ROOM: Details = { messageText: 1_500, stackText: 2_900, attributesText: 2_000, fieldText: 250, linkText: 600 };
const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const STACK = 'TypeError: x\n    at lib (/app/node_modules/lib/i.js:1:1)\n    at pay (/app/src/pay.ts:41:13)';

const groupOf = (...records: Overrides[]): Group => {
  const at = desk();
  for (const overrides of records) at.fold('a', overrides);
  return at.group('a');
};
const blocksOf = (overrides: Overrides, look: Partial<Appearance> = {}, room: Partial<Details> = {}): KnownBlock[] =>
  detailsOf(groupOf(overrides), {}, look, room);
const detailsOf = (
  group: Group,
  row: Partial<Row> = {},
  look: Partial<Appearance> = {},
  room: Partial<Details> = {},
): KnownBlock[] => renderDetails(rowFor(group, row), group, { ...LOOK, ...look }, { ...ROOM, ...room });
const read = (blocks: KnownBlock[]): string => messageText({ attachments: [{ blocks }] });
const shown = (overrides: Overrides, look: Partial<Appearance> = {}, room: Partial<Details> = {}): string =>
  read(blocksOf(overrides, look, room));
const withAttributes = (attributes: Record<string, unknown>, look: Partial<Appearance> = {}): string =>
  shown({ attributes }, look);

describe('the details', () => {
  describe('the line under the headline', () => {
    const lineOf = (group: Group, row: Partial<Row> = {}): KnownBlock[] => [originLine(rowFor(group, row), group)];
    const line = (...records: Overrides[]): KnownBlock[] => lineOf(groupOf(...records));
    const version = (text: string): Overrides => ({
      resource: resourceFromAttributes({ ...RESOURCE.attributes, 'service.version': text }),
    });

    it('names service, environment and version', () => {
      assert.match(read(line({})), /^checkout \(production\) · 1\.4\.2 {2}/);
      assert.doesNotMatch(read(line({ resource: resourceFromAttributes({}) })), /checkout|·/);
    });

    it('shows the time in the time zone of the reader', () => {
      assert.deepEqual(liveMarkup({ blocks: line({}) }), [
        '<!date^1767268800^{date_short_pretty} {time_secs}|2026-01-01 12:00:00 UTC>',
      ]);
    });

    it('shows the count and the range of times', () => {
      const at = (seconds: number): Overrides => ({ hrTime: [1_767_268_800 + seconds, 0] });
      const many = line(at(0), at(5), at(59));
      assert.match(read(many), /3 times, from Jan 1, 2026 12:00:00 PM to 12:00:59 PM$/m);
      assert.deepEqual(
        liveMarkup({ blocks: many }).map((markup) => markup.slice(7, 17)),
        ['1767268800', '1767268859'],
      );
      assert.match(read(line(at(0), at(0.5))), /2 times, Jan 1, 2026/);
      assert.doesNotMatch(read(line({})), /times/);
    });

    it('shows the rate per minute, if there is one', () => {
      const group = groupOf({}, {});
      const minute = { count: 300, lastSeenMillis: group.firstSeenMillis + 60_000, perMinute: 42 };
      const told = (row: Partial<Row>): string => read(lineOf(group, row));
      assert.match(told(minute), / {2}300 times, 42 a minute, from /);
      assert.doesNotMatch(told({ ...minute, status: 'quiet' }), /a minute/, 'it does not go on');
      assert.doesNotMatch(told({ ...minute, lastSeenMillis: group.firstSeenMillis + 59_999 }), /a minute/, 'too early');
      assert.doesNotMatch(told({ ...minute, perMinute: 1 }), /a minute/);
      assert.doesNotMatch(told({ ...minute, count: 1 }), /a minute/);
    });

    it('names three versions, and counts the others', () => {
      assert.match(read(line({}, version('1.5.0'), {})), /^checkout \(production\) · 1\.4\.2, 1\.5\.0 {2}/);
      const five = ['2', '3', '4', '5', '6'].map(version);
      assert.match(read(line(...five)), / · 2, 3, 4 and 2 others {2}/);
      assert.match(read(line(...five.slice(0, 4))), / · 2, 3, 4 and 1 other {2}/);
    });

    it('shows that there may be more versions than were counted', () => {
      const versions = Array.from({ length: 60 }, (_, n) => version(`v${n}`));
      assert.match(read(line(...versions)), / · v0, v1, v2 and 47 others or more {2}/);
    });

    it('shows what is known of a moved problem', () => {
      const text = read([originLine(rowFor(groupOf({}, {})), undefined)]);
      assert.match(text, /^checkout \(production\) {2}2 times, /);
    });
  });

  it('show that they are of one record, when the count is above one', () => {
    assert.match(read(detailsOf(groupOf({}, {}, {}))), /^details of 1 of 3 {2}on web-1/m);
    assert.doesNotMatch(shown({}), /details of/);
  });

  describe('the message', () => {
    it('is not repeated when the headline contains it', () => {
      assert.doesNotMatch(shown({ body: 'disk is full' }), /disk/);
      assert.doesNotMatch(withAttributes({ 'exception.type': 'X', 'exception.message': 'disk is full' }), /disk/);
    });

    it('is shown completely when it has more lines or is long, up to its limit', () => {
      assert.match(shown({ body: 'one\ntwo' }), /^one\ntwo$/m);
      const long = `start${'x'.repeat(4_000)}`;
      assert.match(shown({ body: long }, {}, { messageText: 300 }), /^startx{200,}… \(\+3,7\d\d characters\)$/m);
    });

    it('shows the text that was logged with the exception', () => {
      const attributes = { 'exception.type': 'TypeError', 'exception.message': 'x is not a function' };
      assert.match(shown({ body: 'while charging the card', attributes }), /^while charging the card$/m);
      assert.doesNotMatch(shown({ body: 'x is not a function', attributes }), /function/);
    });
  });

  describe('facts', () => {
    it('show the request in one line, from current and older attributes', () => {
      const current = { 'http.request.method': 'POST', 'http.route': '/orders/:id', 'http.response.status_code': 500 };
      const older = { 'http.method': 'POST', 'http.target': '/orders/7', 'http.status_code': 500 };
      assert.match(withAttributes(current), /\*Request\* `POST \/orders\/:id → 500`/);
      assert.match(withAttributes(older), /\*Request\* `POST \/orders\/7 → 500`/);
      assert.match(withAttributes({ 'http.response.status_code': 500 }), /\*Request\* `→ 500`/);
    });

    it('show location, user, peer, session and database', () => {
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

    it('leave out facts that are absent, empty or shown already', () => {
      const text = withAttributes({
        'user.id': null,
        'session.id': '',
        'server.address': undefined,
        'error.type': 'TypeError',
        'exception.type': 'TypeError',
      });
      assert.doesNotMatch(text, /\*/);
    });

    it('keep their limit', () => {
      const text = shown({ attributes: { 'user.id': 'u'.repeat(900) } }, {}, { fieldText: 80 });
      assert.match(text, /\*User\* `u{50,60}… \(\+8\d\d characters\)`/);
    });
  });

  describe('the trace', () => {
    it('is its id without a URL', () => {
      assert.match(shown({ spanContext: SPAN }), /\*Trace\* `0af7651916cd43dd8448eb211c80319c`/);
      assert.doesNotMatch(shown({}), /Trace/);
    });

    it('is a link with a URL, which can contain the span', () => {
      const traceUrl = 'https://trace.example/{traceId}?span={spanId}&t={traceId}';
      const links = liveMarkup({ blocks: blocksOf({ spanContext: SPAN }, { traceUrl }) }).filter(
        (each) => !each.startsWith('<!date'),
      );
      assert.deepEqual(links, [
        `<https://trace.example/${SPAN.traceId}?span=${SPAN.spanId}&t=${SPAN.traceId}|${SPAN.traceId}>`,
      ]);
    });

    it('is its id when the link would be too long', () => {
      const traceUrl = `https://trace.example/${'x'.repeat(200)}/{traceId}`;
      assert.match(shown({ spanContext: SPAN }, { traceUrl }, { linkText: 200 }), /\*Trace\* `0af7/);
    });
  });

  it('show neither a password nor a query of the requested URL', () => {
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

    it('is truncated between lines, never inside a frame or the fence, and counts the missing lines', () => {
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

    it('are shown only on demand: by name or prefix', () => {
      assert.doesNotMatch(withAttributes(attributes), /o-1|Ann/);
      assert.match(withAttributes(attributes, { attributes: ['tenant'] }), /```\ntenant = t\n```/);
      assert.match(
        withAttributes(attributes, { attributes: ['order.*', 'nothing'] }),
        /```\norder\.id = o-1\norder\.total = 12\.5\n```/,
      );
    });

    it('are not shown twice', () => {
      const text = withAttributes(
        { ...attributes, ...{ 'exception.type': 'X', 'exception.stacktrace': STACK } },
        { attributes: ['*'] },
      );
      assert.match(text, /```\norder\.id = o-1\norder\.total = 12\.5\ncustomer = \{"name":"Ann"\}\ntenant = t\n```/);
      assert.equal(text.split('u-7').length, 2);
    });

    it('keep to a line each and to their common limit', () => {
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
    assert.match(text, /^on web-1 {2}shop 2\.0 {2}id id1$/);
    assert.match(shown({ resource: resourceFromAttributes({}), instrumentationScope: { name: '' } }), /^id id1$/);
  });

  it('end with the id of the message, not of the group', () => {
    assert.match(read(detailsOf(groupOf({}), { messageId: 'id1.4' })), / id id1\.4$/);
  });

  it('name three hosts, and count the others', () => {
    const on = (host: string): Overrides => ({ resource: resourceFromAttributes({ 'host.name': host }) });
    const hosts = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(on);
    assert.match(read(detailsOf(groupOf(...hosts.slice(0, 3)))), / {2}on a, b, c {2}test {2}id id1$/);
    assert.match(read(detailsOf(groupOf(...hosts))), / {2}on a, b, c and 4 others {2}/);
  });

  describe('of a rest group', () => {
    it('are counts by severity and service, without its sample', () => {
      const at = desk({ maxGroups: 1 });
      at.fold('told apart');
      const mailer = resourceFromAttributes({ 'service.name': 'mailer', 'host.name': 'web-2' });
      at.fold('y', { body: 'secret', resource: mailer, severityNumber: FATAL }, 12);
      at.fold('x', { body: 'secret' }, 3_000);
      const rest = at.box.groups.all().find(({ kind }) => kind === 'rest') as Group;
      assert.equal(read(detailsOf(rest)), '12 FATAL, 3,000 ERROR; 3,000 checkout, 12 mailer\non web-2, web-1  id id2');
    });

    it('keep their limit with many services', () => {
      const at = desk({ maxGroups: 1 });
      at.fold('told apart');
      for (let n = 0; n < 40; n++) {
        const resource = resourceFromAttributes({ 'service.name': `${n}${'<&>'.repeat(60)}` });
        at.fold(`${n}`, { resource });
      }
      const rest = at.box.groups.all().find(({ kind }) => kind === 'rest') as Group;
      assert.equal(rest.breakdown?.byService.size, 21);
      const [block] = detailsOf(rest);
      assert.ok(block?.type === 'section' && (block.text?.text.length ?? 9_999) <= 1_000);
    });
  });

  it('of a record in a thread are of that record only', () => {
    const sample = sampleOf({ body: 'one\ntwo', attributes: { 'user.id': 'u-8' } });
    assert.equal(read(renderSample(sample, 'one', LOOK, ROOM)), 'one\ntwo\n*User* `u-8`');
  });
});
