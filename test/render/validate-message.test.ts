import assert from 'node:assert/strict';
import { type Inbox, startInbox } from '../../packages/slack-inbox/src/index.js';
import { problemWith } from '../../src/render/validate-message.js';

type Blocks = readonly Record<string, unknown>[];

const x = (length: number) => 'x'.repeat(length);
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (more: object) => ({ type: 'actions', elements: [{ type: 'button', text: plain('b'), ...more }] });
const image = (more: object) => ({ type: 'image', alt_text: 'a', image_url: 'https://a.example/i.png', ...more });
const url = (length: number) => `https://a.example/${x(length - 18)}`;
const cell = { type: 'raw_text', text: 'c' };
const table = (...rows: unknown[]) => ({ type: 'table', rows });
const many = (count: number, length: number) => times(count, () => section(x(length)));

/** A name, blocks just within the limit, blocks just above, and the expected problem. */
const LIMITS: [string, Blocks, Blocks, RegExp][] = [
  ['50 blocks', many(50, 1), many(51, 1), /^\/blocks: expected at most 50, got 51$/],
  [
    '150 characters of a header',
    [{ type: 'header', text: plain(x(150)) }],
    [{ type: 'header', text: plain(x(151)) }],
    /^\/blocks\/0\/text\/text: expected at most 150 characters, got 151$/,
  ],
  ['3,000 characters of a section', many(1, 3_000), many(1, 3_001), /\/blocks\/0\/text\/text: .*3000/],
  ['1 character of a section', many(1, 1), many(1, 0), /\/blocks\/0\/text\/text: expected a text that is not empty/],
  [
    '10 fields',
    [{ type: 'section', fields: times(10, () => mrkdwn('f')) }],
    [{ type: 'section', fields: times(11, () => mrkdwn('f')) }],
    /\/blocks\/0\/fields: expected at most 10, got 11/,
  ],
  [
    '1 field',
    [{ type: 'section', fields: [mrkdwn('f')] }],
    [{ type: 'section', fields: [] }],
    /\/blocks\/0\/fields: expected at least 1/,
  ],
  [
    '2,000 characters of a field',
    [{ type: 'section', fields: [mrkdwn(x(2_000))] }],
    [{ type: 'section', fields: [mrkdwn(x(2_001))] }],
    /\/fields\/0\/text: .*2000/,
  ],
  [
    '10 elements of a context',
    [{ type: 'context', elements: times(10, () => mrkdwn('e')) }],
    [{ type: 'context', elements: times(11, () => mrkdwn('e')) }],
    /\/elements: .*10, got 11/,
  ],
  [
    '25 elements of actions',
    [{ type: 'actions', elements: times(25, (n) => ({ type: 'button', action_id: `${n}`, text: plain('b') })) }],
    [{ type: 'actions', elements: times(26, (n) => ({ type: 'button', action_id: `${n}`, text: plain('b') })) }],
    /\/elements: .*25, got 26/,
  ],
  ['75 characters of a button', [button({ text: plain(x(75)) })], [button({ text: plain(x(76)) })], /75/],
  ['3,000 characters of a button’s URL', [button({ url: url(3_000) })], [button({ url: url(3_001) })], /\/url: .*3000/],
  [
    '2,000 characters of a button’s value',
    [button({ value: x(2_000) })],
    [button({ value: x(2_001) })],
    /\/value: .*2000/,
  ],
  [
    '255 characters of an action_id',
    [button({ action_id: x(255) })],
    [button({ action_id: x(256) })],
    /\/action_id: .*255/,
  ],
  [
    '255 characters of a block_id',
    [{ ...section('s'), block_id: x(255) }],
    [{ ...section('s'), block_id: x(256) }],
    /\/block_id: .*255/,
  ],
  [
    '2,000 characters of an alt text',
    [image({ alt_text: x(2_000) })],
    [image({ alt_text: x(2_001) })],
    /\/alt_text: .*2000/,
  ],
  [
    '2,000 characters of an image’s title',
    [image({ title: plain(x(2_000)) })],
    [image({ title: plain(x(2_001)) })],
    /\/title\/text: .*2000/,
  ],
  [
    '3,000 characters of an image’s URL',
    [image({ image_url: url(3_000) })],
    [image({ image_url: url(3_001) })],
    /\/image_url: .*3000/,
  ],
  [
    '100 rows of a table',
    [table(...times(100, () => [cell]))],
    [table(...times(101, () => [cell]))],
    /\/rows: .*100, got 101/,
  ],
  ['20 cells of a row', [table(times(20, () => cell))], [table(times(21, () => cell))], /\/rows\/0: .*20, got 21/],
  ['1 table', [table([cell])], [table([cell]), table([cell])], /at most 1 table, got 2/],
];

describe('validating a message', () => {
  let inbox: Inbox;
  before(async () => {
    inbox = await startInbox({ rateLimit: false });
  });
  after(() => inbox.close());

  const isTaken = async (message: unknown): Promise<boolean> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(inbox.webhookUrl, { method: 'POST', headers, body: JSON.stringify(message) });
    await response.text();
    return response.ok;
  };

  it('accepts a text, with or without blocks', () => {
    assert.equal(problemWith({ text: 'x' }), undefined);
    assert.equal(problemWith({ text: 'x', blocks: [], attachments: [] }), undefined);
  });

  for (const [name, within, over, problem] of LIMITS) {
    for (const [where, put] of [
      ['blocks', (blocks: Blocks) => ({ text: 'x', blocks })],
      ['an attachment', (blocks: Blocks) => ({ text: 'x', attachments: [{ color: '#fff', blocks }] })],
    ] as const) {
      it(`enforces the limit of ${name} in ${where}, as Slack does`, async () => {
        assert.equal(problemWith(put(within)), undefined);
        assert.match(problemWith(put(over))?.replace('/attachments/0', '') ?? 'nothing', problem);
        assert.deepEqual([await isTaken(put(within)), await isTaken(put(over))], [true, false]);
      });
    }
  }

  it('enforces the limits of the whole message', () => {
    assert.equal(problemWith({ text: x(4_000) }), undefined);
    assert.match(problemWith({ text: x(4_001) }) ?? '', /^\/text: expected at most 4000 bytes/);
    assert.match(problemWith({ text: 'ä'.repeat(2_001) }) ?? '', /got 4002$/);
    assert.equal(problemWith({ text: 'x', blocks: many(4, 2_500) }), undefined);
    const blocks = many(2, 2_500);
    const attachments = [{ blocks: many(1, 2_500) }, { blocks: many(1, 2_501) }];
    assert.match(
      problemWith({ text: 'x', blocks, attachments }) ?? '',
      /together: expected at most 10000 characters, got 10001/,
    );
    assert.equal(problemWith({ text: 'x', attachments: times(100, () => ({ blocks: [] })) }), undefined);
    assert.match(
      problemWith({ text: 'x', attachments: times(101, () => ({ blocks: [] })) }) ?? '',
      /^\/attachments: .*100, got 101/,
    );
  });

  for (const [name, message, problem] of [
    ['null', null, /got null/],
    ['a text', 'x', /got string/],
    ['an array', [], /expected \{ text/],
    ['nothing', undefined, /got undefined/],
    ['no text', { blocks: many(1, 1) }, /^\/text/],
    ['a blank text', { text: ' \n' }, /^\/text/],
    ['a text that is a number', { text: 5 }, /^\/text/],
    ['blocks that are no array', { text: 'x', blocks: {} }, /^\/blocks: expected an array/],
    ['attachments that are no array', { text: 'x', attachments: 'x' }, /^\/attachments: expected an array/],
    ['an attachment that is none', { text: 'x', attachments: ['x'] }, /^\/attachments\/0: expected an object/],
    ['a block that is none', { text: 'x', blocks: [null] }, /^\/blocks\/0: expected a block/],
    ['a block without a type', { text: 'x', blocks: [{ text: plain('x') }] }, /^\/blocks\/0: expected a block/],
  ] as const) {
    it(`refuses ${name}`, () => assert.match(problemWith(message) ?? 'nothing', problem));
  }

  it('never quotes the message', () => {
    const wrongs = [{ text: '' }, { text: x(5_000) }, ...LIMITS.map(([, , blocks]) => ({ text: 'x', blocks }))];
    for (const wrong of wrongs) assert.doesNotMatch(problemWith(wrong) ?? '', /xx|https/);
  });
});
