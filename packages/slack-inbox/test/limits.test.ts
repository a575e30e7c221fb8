import assert from 'node:assert/strict';
import { type Inbox, startInbox } from '../src/index.js';
import { callApi, section } from './support.js';

type Payload = Record<string, unknown>;

const x = (length: number) => 'x'.repeat(length);
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const blocks = (...list: unknown[]): Payload => ({ blocks: list });
const button = (more: object = {}) => ({ type: 'button', text: plain('b'), ...more });
const actions = (more: object) => blocks({ type: 'actions', elements: [button(more)] });
const image = (more: object) => blocks({ type: 'image', alt_text: 'a', image_url: 'https://a.example', ...more });
const url = (length: number) => `https://a.example/${x(length - 18)}`;
const rich = (...elements: unknown[]) => ({ type: 'rich_text', elements });
const richSection = (...elements: unknown[]) => rich({ type: 'rich_text_section', elements });
const table = (rows: unknown[][], more: object = {}) => ({ type: 'table', rows, ...more });
const cell = (text = 'c') => ({ type: 'raw_text', text });

/** Name, a payload at the limit, a payload just beyond it, the error, and its JSON pointer. */
const LIMITS: [string, Payload, Payload, string, string?][] = [
  [
    '50 blocks',
    blocks(...times(50, () => section('x'))),
    blocks(...times(51, () => section('x'))),
    'invalid_blocks',
    '/blocks',
  ],
  [
    '50 blocks in an attachment',
    { attachments: [blocks(...times(50, () => section('x')))] },
    { attachments: [blocks(...times(51, () => section('x')))] },
    'invalid_attachments',
    '/attachments/0/blocks',
  ],
  [
    '3,000 characters of section text',
    blocks(section(x(3_000))),
    blocks(section(x(3_001))),
    'invalid_blocks',
    '/blocks/0/text/text',
  ],
  ['1 character of section text', blocks(section('x')), blocks(section('')), 'invalid_blocks', '/blocks/0/text/text'],
  [
    '10 fields',
    blocks({ type: 'section', fields: times(10, () => mrkdwn('f')) }),
    blocks({ type: 'section', fields: times(11, () => mrkdwn('f')) }),
    'invalid_blocks',
    '/blocks/0/fields',
  ],
  [
    '2,000 characters a field',
    blocks({ type: 'section', fields: [mrkdwn(x(2_000))] }),
    blocks({ type: 'section', fields: [mrkdwn(x(2_001))] }),
    'invalid_blocks',
    '/blocks/0/fields/0/text',
  ],
  [
    '150 characters of header',
    blocks({ type: 'header', text: plain(x(150)) }),
    blocks({ type: 'header', text: plain(x(151)) }),
    'invalid_blocks',
    '/blocks/0/text/text',
  ],
  [
    '10 elements of context',
    blocks({ type: 'context', elements: times(10, () => plain('c')) }),
    blocks({ type: 'context', elements: times(11, () => plain('c')) }),
    'invalid_blocks',
    '/blocks/0/elements',
  ],
  [
    '25 elements of actions',
    blocks({ type: 'actions', elements: times(25, () => button()) }),
    blocks({ type: 'actions', elements: times(26, () => button()) }),
    'invalid_blocks',
    '/blocks/0/elements',
  ],
  [
    '75 characters of button text',
    actions({ text: plain(x(75)) }),
    actions({ text: plain(x(76)) }),
    'invalid_blocks',
    '/blocks/0/elements/0/text/text',
  ],
  [
    '3,000 characters of button url',
    actions({ url: url(3_000) }),
    actions({ url: url(3_001) }),
    'invalid_blocks',
    '/blocks/0/elements/0/url',
  ],
  [
    '2,000 characters of button value',
    actions({ value: x(2_000) }),
    actions({ value: x(2_001) }),
    'invalid_blocks',
    '/blocks/0/elements/0/value',
  ],
  [
    '255 characters of action_id',
    actions({ action_id: x(255) }),
    actions({ action_id: x(256) }),
    'invalid_blocks',
    '/blocks/0/elements/0/action_id',
  ],
  [
    '255 characters of block_id',
    blocks({ type: 'divider', block_id: x(255) }),
    blocks({ type: 'divider', block_id: x(256) }),
    'invalid_blocks',
    '/blocks/0/block_id',
  ],
  [
    'block_ids of their own',
    blocks({ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'b' }),
    blocks({ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'a' }),
    'invalid_blocks',
  ],
  [
    '2,000 characters of alt text',
    image({ alt_text: x(2_000) }),
    image({ alt_text: x(2_001) }),
    'invalid_blocks',
    '/blocks/0/alt_text',
  ],
  [
    '2,000 characters of image title',
    image({ title: plain(x(2_000)) }),
    image({ title: plain(x(2_001)) }),
    'invalid_blocks',
    '/blocks/0/title/text',
  ],
  [
    '3,000 characters of image URL',
    image({ image_url: url(3_000) }),
    image({ image_url: url(3_001) }),
    'invalid_blocks',
    '/blocks/0/image_url',
  ],
  [
    '100 attachments',
    { attachments: times(100, () => ({ text: 'a' })) },
    { attachments: times(101, () => ({ text: 'a' })) },
    'too_many_attachments',
  ],
  [
    '12,000 characters of markdown',
    blocks({ type: 'markdown', text: x(6_000) }, { type: 'markdown', text: x(6_000) }),
    blocks({ type: 'markdown', text: x(6_000) }, { type: 'markdown', text: x(6_001) }),
    'invalid_blocks',
  ],
  ['one table', blocks(table([[cell()]])), blocks(table([[cell()]]), table([[cell()]])), 'invalid_blocks'],
  [
    '100 rows of a table',
    blocks(table(times(100, () => [cell()]))),
    blocks(table(times(101, () => [cell()]))),
    'invalid_blocks',
    '/blocks/0/rows',
  ],
  [
    '20 cells of a row',
    blocks(table([times(20, () => cell())])),
    blocks(table([times(21, () => cell())])),
    'invalid_blocks',
    '/blocks/0/rows/0',
  ],
  [
    '10,000 characters of a table',
    blocks(table([[cell(x(5_000)), cell(x(5_000))]])),
    blocks(table([[cell(x(5_000)), cell(x(5_001))]])),
    'invalid_blocks',
    '/blocks/0/rows',
  ],
  [
    '12,000 characters over all blocks',
    { ...blocks(...times(3, () => section(x(3_000)))), attachments: [blocks(section(x(3_000)))] },
    { ...blocks(...times(3, () => section(x(3_000)))), attachments: [blocks(section(x(3_000)), section('x'))] },
    'msg_blocks_too_long',
  ],
];

const LINK = { type: 'link', url: 'https://a.example', text: 'a' };

/** Valid payloads, in all forms that Slack documents. */
const ACCEPTED: [string, Payload][] = [
  [
    'every kind of block',
    blocks(
      section('s'),
      { type: 'section', text: { type: 'mrkdwn', text: 'v', verbatim: true }, accessory: button(), expand: true },
      {
        type: 'section',
        fields: [plain('p')],
        accessory: { type: 'image', alt_text: '', image_url: 'http://a.example' },
      },
      { type: 'header', text: { type: 'plain_text', text: 'h', emoji: true } },
      { type: 'divider' },
      { type: 'context', elements: [mrkdwn('m'), { type: 'image', alt_text: 'a', image_url: 'https://a.example' }] },
      { type: 'actions', elements: [button({ url: 'https://a.example', style: 'danger' }), { type: 'static_select' }] },
      { type: 'image', alt_text: 'a', slack_file: { id: 'F1' } },
      { type: 'markdown', text: '**m**' },
      table([[cell(), { type: 'raw_number', value: 1 }, richSection({ type: 'text', text: 'r' })]], {
        column_settings: [{ align: 'right', is_wrapped: true }],
      }),
      { type: 'video', anything: true },
    ),
  ],
  [
    'every part of rich text',
    blocks(
      rich(
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'bold', style: { bold: true } },
            LINK,
            { type: 'user', user_id: 'U1' },
            { type: 'usergroup', usergroup_id: 'S1' },
            { type: 'channel', channel_id: 'C1' },
            { type: 'broadcast', range: 'here' },
            { type: 'emoji', name: 'fire' },
            { type: 'date', timestamp: 1, format: '{date_num}' },
          ],
        },
        { type: 'rich_text_preformatted', border: 0, elements: [{ type: 'text', text: 'code' }, LINK] },
        { type: 'rich_text_quote', elements: [{ type: 'text', text: 'q' }] },
        {
          type: 'rich_text_list',
          style: 'ordered',
          indent: 1,
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'i' }] }],
        },
      ),
    ),
  ],
  ['a coloured attachment of blocks', { attachments: [{ color: '#e01e5a', fallback: 'f', blocks: [section('s')] }] }],
  [
    'a confirmation',
    actions({ confirm: { title: plain('t'), text: mrkdwn('m'), confirm: plain('y'), deny: plain('n') } }),
  ],
];

const REFUSED: [string, Payload, string, string?][] = [
  ['an unknown block', blocks({ type: 'sektion' }), 'invalid_blocks', '/blocks/0/type'],
  ['a block of modals', blocks({ type: 'alert', text: plain('a') }), 'invalid_blocks', '/blocks/0/type'],
  ['a type from Object.prototype', blocks({ type: 'constructor' }), 'invalid_blocks', '/blocks/0/type'],
  ['a block without type', blocks({}), 'invalid_blocks', '/blocks/0'],
  ['a block that is no object', blocks('section'), 'invalid_blocks', '/blocks/0'],
  ['a section without text and fields', blocks({ type: 'section' }), 'invalid_blocks', '/blocks/0'],
  ['text that is a bare string', blocks({ type: 'section', text: 'x' }), 'invalid_blocks', '/blocks/0/text'],
  ['text of an unknown type', blocks(section('x', 'markdown')), 'invalid_blocks', '/blocks/0/text/type'],
  ['a field that a section does not have', blocks({ ...section('x'), color: 'red' }), 'invalid_blocks', '/blocks/0'],
  ['an own __proto__ key', JSON.parse('{"blocks":[{"type":"divider","__proto__":{}}]}'), 'invalid_blocks', '/blocks/0'],
  [
    'emoji in mrkdwn',
    blocks({ type: 'section', text: { ...mrkdwn('x'), emoji: true } }),
    'invalid_blocks',
    '/blocks/0/text',
  ],
  [
    'verbatim in plain_text',
    blocks({ type: 'section', text: { ...plain('x'), verbatim: true } }),
    'invalid_blocks',
    '/blocks/0/text',
  ],
  ['mrkdwn in a header', blocks({ type: 'header', text: mrkdwn('x') }), 'invalid_blocks', '/blocks/0/text/type'],
  ['mrkdwn in a button', actions({ text: mrkdwn('x') }), 'invalid_blocks', '/blocks/0/elements/0/text/type'],
  [
    'a button with a script as URL',
    actions({ url: 'javascript:alert(1)' }),
    'invalid_blocks',
    '/blocks/0/elements/0/url',
  ],
  ['a button with half a URL', actions({ url: 'https://' }), 'invalid_blocks', '/blocks/0/elements/0/url'],
  [
    'a button with a blank in its URL',
    actions({ url: 'https://a.example/ b' }),
    'invalid_blocks',
    '/blocks/0/elements/0/url',
  ],
  ['an unknown style', actions({ style: 'green' }), 'invalid_blocks', '/blocks/0/elements/0/style'],
  ['actions without elements', blocks({ type: 'actions', elements: [] }), 'invalid_blocks', '/blocks/0/elements'],
  ['context without elements', blocks({ type: 'context' }), 'invalid_blocks', '/blocks/0'],
  [
    'a button in a context',
    blocks({ type: 'context', elements: [button()] }),
    'invalid_blocks',
    '/blocks/0/elements/0/type',
  ],
  [
    'an image without alt text',
    blocks({ type: 'image', image_url: 'https://a.example' }),
    'invalid_blocks',
    '/blocks/0',
  ],
  ['an image without source', blocks({ type: 'image', alt_text: 'a' }), 'invalid_blocks', '/blocks/0'],
  ['empty rich text', blocks(rich()), 'invalid_blocks', '/blocks/0/elements'],
  [
    'an empty piece of rich text',
    blocks(richSection({ type: 'text', text: '' })),
    'invalid_blocks',
    '/blocks/0/elements/0/elements/0/text',
  ],
  [
    'text right in a rich_text',
    blocks(rich({ type: 'text', text: 'x' })),
    'invalid_blocks',
    '/blocks/0/elements/0/type',
  ],
  [
    'a mention in preformatted text',
    blocks(rich({ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] })),
    'invalid_blocks',
    '/blocks/0/elements/0/elements/0/type',
  ],
  [
    'a list without style',
    blocks(rich({ type: 'rich_text_list', elements: [{ type: 'rich_text_section', elements: [] }] })),
    'invalid_blocks',
    '/blocks/0/elements/0',
  ],
  [
    'an unknown style of rich text',
    blocks(richSection({ type: 'text', text: 'x', style: { blink: true } })),
    'invalid_blocks',
    '/blocks/0/elements/0/elements/0/style',
  ],
  ['a mrkdwn cell', blocks(table([[mrkdwn('x')]])), 'invalid_blocks', '/blocks/0/rows/0/0/type'],
  ['blocks beside legacy fields', { attachments: [{ title: 't', blocks: [section('x')] }] }, 'invalid_attachments'],
  ['an attachment that is no object', { attachments: ['x'] }, 'invalid_attachments', '/attachments/0'],
  ['a number as attachment text', { attachments: [{ text: 5 }] }, 'invalid_attachments', '/attachments/0/text'],
  [
    'fields that are no list',
    { attachments: [{ text: 'x', fields: {} }] },
    'invalid_attachments',
    '/attachments/0/fields',
  ],
  ['attachments that are no list', { text: 'x', attachments: 'x' }, 'invalid_attachments'],
];

describe('inbox: limits of a message', () => {
  let inbox: Inbox;
  before(async () => {
    inbox = await startInbox({ rateLimit: false });
  });
  after(() => inbox.close());

  const post = (payload: Payload) => callApi(inbox, 'chat.postMessage', { channel: inbox.channel, ...payload });

  async function refuses(payload: Payload, error: string, pointer: string | undefined): Promise<void> {
    const answer = await post(payload);
    assert.equal(answer.error, error);
    if (pointer === undefined) return;
    const problems: string[] = answer.errors;
    assert.ok(
      problems.some((problem) => problem.endsWith(`[json-pointer:${pointer}]`)),
      `expected ${pointer} in ${JSON.stringify(problems)}`,
    );
  }

  for (const [name, within, over, error, pointer] of LIMITS) {
    it(`accepts ${name} and refuses more with ${error}`, async () => {
      const answer = await post(within);
      assert.equal(answer.ok, true, JSON.stringify(answer));
      await refuses(over, error, pointer);
    });
  }

  for (const [name, payload] of ACCEPTED) {
    it(`accepts ${name}`, async () => {
      const answer = await post(payload);
      assert.equal(answer.ok, true, JSON.stringify(answer));
    });
  }

  for (const [name, payload, error, pointer] of REFUSED) {
    it(`refuses ${name} with ${error}`, () => refuses(payload, error, pointer));
  }
});
