import assert from 'node:assert/strict';
import { messageText } from '../src/index.js';
import { section } from './support.js';

const blocks = (...list: unknown[]) => messageText({ text: 'notification', blocks: list });
const mrkdwn = (text: string) => messageText({ text });

describe('inbox: messageText', () => {
  const LINES: [string, string, string][] = [
    ['entities', 'a &lt;b&gt; &amp;amp; &quot;', 'a <b> &amp; &quot;'],
    [
      'a link with a label',
      'see <https://a.example?x=1&amp;y=2|the &lt;trace&gt;>',
      'see the <trace> (https://a.example?x=1&y=2)',
    ],
    ['a link without one', '<https://a.example>', 'https://a.example'],
    ['mentions', '<!here> <!channel> <@U1> <@U1|ann> <#C1|alerts> <#C1>', '@here @channel @U1 @ann #alerts #C1'],
    ['a group', '<!subteam^S1|@oncall> <!subteam^S1>', '@oncall @S1'],
    ['what is no markup', '<module> a < b > c', '<module> a < b > c'],
    ['a date that is none', '<!date^x^{date}|some day>', 'some day'],
    ['a date in a format that is none', '<!date^1^{century}|some day>', 'some day'],
  ];
  for (const [name, text, expected] of LINES) {
    it(`shows ${name}`, () => assert.equal(mrkdwn(text), expected));
  }

  it('shows dates in the time zone of this process', () => {
    // A local time, so that the test does not depend on the time zone of the machine.
    const seconds = new Date(2023, 10, 5, 6, 7, 8).getTime() / 1_000;
    const shown = (format: string) => mrkdwn(`<!date^${seconds}^${format}|f>`);
    assert.equal(shown('{date_num} {time_secs}'), '2023-11-05 6:07:08 AM');
    assert.equal(shown('on {date_short} at {time}'), 'on Nov 5, 2023 at 6:07 AM');
    assert.equal(shown('{date_long}'), 'Sunday, November 5, 2023');
    assert.equal(shown('{date_slash}'), '11/05/2023');
    assert.equal(mrkdwn(`<!date^${seconds}^{date_num}^https://a.example|f>`), '2023-11-05 (https://a.example)');
  });

  it('shows the text only without blocks', () => {
    assert.equal(blocks(section('body')), 'body');
    assert.equal(messageText({ text: 'head', attachments: [{ blocks: [section('body')] }] }), 'head\nbody');
  });

  it('shows every kind of block', () => {
    const text = blocks(
      { type: 'header', text: { type: 'plain_text', text: 'H &amp; <!here>' } },
      { type: 'section', text: { type: 'mrkdwn', text: '*S*' }, fields: [{ type: 'mrkdwn', text: '*K*\nv\nw' }] },
      section('with', 'plain_text'),
      { ...section('side'), accessory: { type: 'button', text: { type: 'plain_text', text: 'B' } } },
      { type: 'divider' },
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: 'c' },
          { type: 'image', alt_text: 'icon' },
        ],
      },
      {
        type: 'actions',
        elements: [
          { type: 'button', text: { type: 'plain_text', text: 'Trace' }, url: 'https://a.example' },
          { type: 'static_select', placeholder: { type: 'plain_text', text: 'Pick' } },
        ],
      },
      { type: 'image', alt_text: 'graph', title: { type: 'plain_text', text: 'T' } },
      { type: 'markdown', text: '**m**' },
      {
        type: 'table',
        rows: [
          [
            { type: 'raw_text', text: 'a' },
            { type: 'raw_number', value: 1 },
          ],
          [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'b' }] }] }],
        ],
      },
      { type: 'novelty', title: { type: 'plain_text', text: 'new' } },
      { type: 'video' },
    );
    assert.equal(
      text,
      [
        'H & <!here>',
        ...['*S*', '*K* v\nw', 'with', 'side', '[B]', '─'.repeat(24), 'c  [image: icon]'],
        '[Trace] (https://a.example)  [Pick]',
        ...['T', '[image: graph]', '**m**', 'a | 1', 'b', 'new', '[video]'],
      ].join('\n'),
    );
  });

  it('shows every part of rich text, entities as they are', () => {
    const section = (...elements: unknown[]) => ({ type: 'rich_text_section', elements });
    const text = blocks({
      type: 'rich_text',
      elements: [
        section(
          { type: 'text', text: '&lt; ' },
          { type: 'link', url: 'https://a.example', text: 'l' },
          { type: 'link', url: 'https://b.example' },
          { type: 'user', user_id: 'U1' },
          { type: 'usergroup', usergroup_id: 'S1' },
          { type: 'channel', channel_id: 'C1' },
          { type: 'broadcast', range: 'here' },
          { type: 'emoji', name: 'fire' },
          { type: 'color', value: '#fff' },
          { type: 'date', timestamp: 'x', format: '{date}', fallback: 'then' },
        ),
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'at f\n  at g' }] },
        { type: 'rich_text_quote', elements: [{ type: 'text', text: 'q\nr' }] },
        { type: 'rich_text_list', style: 'bullet', elements: [section({ type: 'text', text: 'i' })] },
        { type: 'rich_text_list', style: 'ordered', indent: 1, elements: [section({ type: 'text', text: 'j' })] },
      ],
    });
    const first = '&lt; l (https://a.example)https://b.example@U1@S1#C1@here:fire:#fffthen';
    assert.equal(text, [first, 'at f', '  at g', '> q', '> r', '• i', '  1. j'].join('\n'));
  });

  it('shows an attachment in the order of Slack, or its fallback', () => {
    const seconds = new Date(2023, 10, 5, 6, 7, 8).getTime() / 1_000;
    const attachment = {
      fallback: 'unseen',
      pretext: 'p',
      author_name: 'a',
      title: 't',
      title_link: 'https://a.example',
      text: 'x &lt;',
      fields: [{ title: 'k', value: 'v' }],
      footer: 'f',
      ts: seconds,
    };
    assert.equal(
      messageText({ attachments: [attachment] }),
      ['p', 'a', 't (https://a.example)', 'x <', 'k: v', 'f | 2023-11-05 6:07:08 AM'].join('\n'),
    );
    assert.equal(messageText({ attachments: [{ fallback: 'only &amp; me', color: 'good' }] }), 'only & me');
  });

  it('accepts any value', () => {
    for (const odd of [undefined, null, 5, [null], [{ type: 'table', rows: 5 }], {}]) {
      assert.equal(typeof messageText({ text: odd, blocks: odd, attachments: odd }), 'string');
    }
  });
});
