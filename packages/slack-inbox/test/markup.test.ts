import assert from 'node:assert/strict';
import { costMillis } from '../../../test/support/cost.js';
import { liveMarkup } from '../src/index.js';
import { callApi, closeInboxes, inboxWith } from './support.js';

const HOSTILE = '<!channel> <@U123> <https://evil.example|click> ```';
const ESCAPED = '&lt;!channel&gt; &lt;@U123&gt; ```';
const LIVE = ['<!channel>', '<@U123>', '<https://evil.example|click>'];

const inSection = (text: object) => ({ blocks: [{ type: 'section', text: { type: 'mrkdwn', ...text } }] });

describe('inbox: liveMarkup', () => {
  afterEach(closeInboxes);

  const PLACES: [string, object][] = [
    ['the text', { text: HOSTILE, parse: 'none' }],
    ['the text without mrkdwn', { text: HOSTILE, parse: 'none', mrkdwn: false }],
    ['mrkdwn', inSection({ text: HOSTILE, verbatim: true })],
    ['a code fence', inSection({ text: `\`\`\`${HOSTILE}`, verbatim: true })],
    ['a field', { blocks: [{ type: 'section', fields: [{ type: 'mrkdwn', text: HOSTILE, verbatim: true }] }] }],
    ['a context', { blocks: [{ type: 'context', elements: [{ type: 'mrkdwn', text: HOSTILE, verbatim: true }] }] }],
    ['an attachment’s blocks', { attachments: [inSection({ text: HOSTILE, verbatim: true })] }],
    ['an attachment’s text', { attachments: [{ text: HOSTILE }], parse: 'none' }],
    ['an attachment’s field', { attachments: [{ fields: [{ title: 'k', value: HOSTILE }] }], parse: 'none' }],
  ];
  for (const [name, message] of PLACES) {
    it(`finds mentions and links in ${name}`, () => assert.deepEqual(liveMarkup(message), LIVE));
  }

  it('finds nothing in escaped text', () => {
    const escaped = { text: ESCAPED, verbatim: true };
    const attachments = [{ text: ESCAPED, ...inSection(escaped) }];
    assert.deepEqual(liveMarkup({ text: ESCAPED, ...inSection(escaped), attachments, parse: 'none' }), []);
  });

  it('finds nothing in plain_text, raw_text and the text of rich_text', () => {
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: HOSTILE } },
      { type: 'image', alt_text: HOSTILE },
      { type: 'table', rows: [[{ type: 'raw_text', text: HOSTILE }]] },
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: HOSTILE }] }] },
    ];
    assert.deepEqual(liveMarkup({ blocks }), []);
  });

  it('finds links and mentions of rich_text and of elements', () => {
    const elements = [
      { type: 'link', url: 'https://a.example' },
      { type: 'user', user_id: 'U1' },
      { type: 'channel', channel_id: 'C1' },
      { type: 'usergroup', usergroup_id: 'S1' },
      { type: 'broadcast', range: 'here' },
    ];
    const blocks = [
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] },
      { type: 'actions', elements: [{ type: 'button', url: 'https://b.example' }] },
      { type: 'image', image_url: 'https://c.example' },
    ];
    assert.deepEqual(liveMarkup({ blocks, attachments: [{ title_link: 'https://d.example' }] }), [
      ...['https://a.example', '<@U1>', '<#C1>', '<!subteam^S1>', '<!here>'],
      ...['https://b.example', 'https://c.example', 'https://d.example'],
    ]);
  });

  it('finds links of standard Markdown', () => {
    const blocks = [{ type: 'markdown', text: '[click](https://evil.example) [here](/path) <!here>' }];
    assert.deepEqual([...new Set(liveMarkup({ blocks }))], ['https://evil.example', '<!here>', '/path']);
  });

  const AUTO = 'https://a.example/x www.b.example c.example a@d.example @here #general mailto:x@e.example';
  const FOUND = ['https://a.example/x', 'www.b.example', 'c.example', 'a@d.example', 'mailto:x@e.example'];

  it('finds plain addresses that Slack links, unless verbatim or parse none', () => {
    const sorted = (message: object) => [...new Set(liveMarkup(message))].sort();
    const links = (message: object) => sorted(message).filter((each) => FOUND.includes(each));
    assert.deepEqual(links({ text: AUTO }), [...FOUND].sort());
    assert.deepEqual(sorted({ text: AUTO, parse: 'none' }), []);
    assert.deepEqual(links(inSection({ text: AUTO })), [...FOUND].sort());
    assert.deepEqual(sorted(inSection({ text: AUTO, verbatim: true })), []);
    assert.deepEqual(
      links({ ...inSection({ text: AUTO }), parse: 'none' }),
      [...FOUND].sort(),
      'parse is for the text',
    );
  });

  it('finds names in mrkdwn that is not verbatim, and everywhere with link_names or parse full', () => {
    assert.deepEqual(liveMarkup(inSection({ text: '@here #general @ann #1' })), ['@here', '#general']);
    assert.deepEqual(liveMarkup({ text: '@here @ann' }), []);
    assert.ok(liveMarkup({ text: '@here @ann', link_names: true }).includes('@ann'));
    assert.ok(liveMarkup({ text: '@here @ann', parse: 'full' }).includes('@here'));
    assert.ok(liveMarkup({ ...inSection({ text: '@ann', verbatim: true }), link_names: '1' }).includes('@ann'));
  });

  it('reads the flags of a message in the inbox from its request', async () => {
    const inbox = await inboxWith();
    const { channel } = inbox;
    await callApi(inbox, 'chat.postMessage', { channel, text: 'https://a.example', parse: 'none' });
    await callApi(inbox, 'chat.postMessage', { channel, text: 'https://a.example' });
    assert.deepEqual(
      inbox.messages().map((each) => liveMarkup(each)),
      [[], ['https://a.example']],
    );
  });

  it('stays fast on strings that are hard for patterns', () => {
    for (const piece of ['a', '<', 'a.', '-', '@', 'a@', 'a-', '<a', 'www.', '](', '#', '.a_']) {
      const text = piece.repeat(40_000 / piece.length);
      const millis = costMillis(() => {
        liveMarkup({ ...inSection({ text }), text, link_names: true, attachments: [{ text }] });
        liveMarkup({ blocks: [{ type: 'markdown', text }] });
      });
      assert.ok(millis < 500, `${piece}: ${millis} ms`);
    }
  });
});
