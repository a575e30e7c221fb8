import assert from 'node:assert/strict';
import { type PageElement, type PageNode, TAGS } from '../../src/inbox/page-node.js';
import { SCRIPT } from '../../src/inbox/page-script.js';
import { messageTree } from '../../src/inbox/page-tree.js';
import { section } from './support.js';

const tree = (content: object, place: 'channel' | 'thread' = 'channel'): PageElement =>
  messageTree(
    {
      ts: '1700000000.000100',
      channel: 'C1',
      text: '',
      receivedAtMillis: 1_700_000_000_000,
      via: 'webhook',
      reactions: [],
      payload: {},
      ...content,
    },
    { channelName: 'alerts', place },
  );

/** A tree in short: `tag.class[attributes](children)`, without the head. */
function sketch(node: PageNode): string {
  if (typeof node === 'string') return JSON.stringify(node);
  const { tag, class: name, href, color, date, children } = node;
  const attributes = [href, color, date && `${date.millis} ${date.format}`].filter((each) => each !== undefined);
  const shown = attributes.length > 0 ? `[${attributes.join(' ')}]` : '';
  return `${tag}${name ? `.${name}` : ''}${shown}(${children.map(sketch).join(' ')})`;
}

const part = (content: object, name: string): readonly PageNode[] =>
  tree(content).children.flatMap((each) => (typeof each !== 'string' && each.class === name ? each.children : []));
const body = (content: object): string => part(content, 'content').map(sketch).join(' ');
const blocks = (...list: object[]): string => body({ blocks: list });
const inline = (text: string): string => /^div\.text\((.*)\)$/s.exec(body({ text }))?.[1] ?? '';

function everyNode(node: PageNode): PageElement[] {
  return typeof node === 'string' ? [] : [node, ...node.children.flatMap(everyNode)];
}

function textOf(node: PageNode): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('');
}

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const button = (text: string, url: string) => ({ type: 'button', text: plain(text), url });

describe('inbox: page', () => {
  describe('shows markup', () => {
    const MARKUP: [string, string, string][] = [
      ['emphasis', '*a* _b_ ~c~ *d _e_*', 'strong("a") " " em("b") " " del("c") " " strong("d " em("e"))'],
      ['no emphasis', 'a_b_c 2 * 3 * 4 **x** * y* *z', '"a_b_c 2 * 3 * 4 **x** * y* *z"'],
      ['code', '`a *b*` *`c` d*', 'code("a *b*") " " strong(code("c") " d")'],
      ['a fence', 'a\n```\n  at *f*\n\ng\n```\nb', '"a" pre("  at *f*\\n\\ng") "b"'],
      ['an open fence', '```\na', '"```\\na"'],
      ['a quote', 'a\n&gt; *b*\n&gt; c\nd', '"a\\n" blockquote(strong("b") "\\nc") "d"'],
      [
        'emoji',
        ':no_bell: *:eyes:* :parrot: `:fire:` 12:100:30',
        '"🔕 " strong("👀") " :parrot: " code(":fire:") " 12:100:30"',
      ],
      ['entities', '&lt;b&gt; &amp;amp;', '"<b> &amp;"'],
      ['a link', '<https://a.example?x=1&amp;y=2|t>', 'a[https://a.example/?x=1&y=2]("t")'],
      ['a link alone', '<https://a.example>', 'a[https://a.example/]("https://a.example")'],
      ['a mail', '<mailto:a@b.example|a>', 'a[mailto:a@b.example]("a")'],
      ['emphasis around a link', '*<https://a.example|t>*', 'strong(a[https://a.example/]("t"))'],
      ['a link in code', '`x <https://a.example|t>`', 'code("x " a[https://a.example/]("t"))'],
      ['mentions', '<!here> <@U1>', 'span.mention("@here") " " span.mention("@U1")'],
      ['a date', '<!date^5^{date} {time}|f>', 'time[5000 {date} {time}]()'],
      ['a date with a link', '<!date^5^{ago}^https://a.example|f>', 'a[https://a.example/](time[5000 {ago}]())'],
      ['a date that is none', '<!date^5^{century}|f>', '"f"'],
      ['a stranger’s placeholder', '\uFFFC <!here>', '"\uFFFD " span.mention("@here")'],
    ];
    for (const [name, text, expected] of MARKUP) {
      it(name, () => assert.equal(inline(text), expected));
    }
  });

  describe('shows blocks', () => {
    const BLOCKS: [string, object, string][] = [
      ['header', { type: 'header', text: plain('*H* &amp; <!here>') }, 'h3("*H* & <!here>")'],
      ['section', section('*a*'), 'div.text(strong("a"))'],
      ['section of plain_text', section('*a* &lt;', 'plain_text'), 'div.text("*a* <")'],
      [
        'fields',
        { type: 'section', fields: [mrkdwn('*K*\nv'), plain('*p*')] },
        'div.fields(div.item(strong("K") "\\nv") div.item("*p*"))',
      ],
      [
        'accessory',
        { ...section('a'), accessory: button('B', 'https://a.example') },
        'div.text("a") div.row(a.button[https://a.example/]("B"))',
      ],
      ['divider', { type: 'divider' }, 'hr()'],
      [
        'context',
        { type: 'context', elements: [mrkdwn('a'), { type: 'image', alt_text: 'i', image_url: 'https://a.example' }] },
        'div.context(div.item("a") div.item(span.image("[image: i]")))',
      ],
      [
        'actions',
        {
          type: 'actions',
          elements: [
            button('A', 'https://a.example'),
            button('M', 'mailto:a@b.example'),
            { type: 'static_select', placeholder: plain('P') },
          ],
        },
        'div.row(a.button[https://a.example/]("A") span.button("M") span.button("[P]"))',
      ],
      [
        'image',
        { type: 'image', title: plain('T'), alt_text: 'i', image_url: 'https://a.example' },
        'div.text("T") div.text(span.image("[image: i]"))',
      ],
      [
        'markdown',
        { type: 'markdown', text: '# H\n**b** *i* ~~d~~ `c`' },
        'div.text(strong("H") "\\n" strong("b") " " em("i") " " del("d") " " code("c"))',
      ],
      [
        'table',
        {
          type: 'table',
          rows: [
            [
              { type: 'raw_text', text: 'a' },
              { type: 'raw_number', value: 1 },
            ],
            5,
          ],
        },
        'div.wide(table(tr(td("a") td("1")) tr()))',
      ],
      ['an unknown block', { type: 'novelty', title: plain('new') }, 'div.text("new")'],
      ['an unknown block without text', { type: 'constructor' }, 'div.text("[constructor]")'],
    ];
    for (const [name, block, expected] of BLOCKS) {
      it(name, () => assert.equal(blocks(block), expected));
    }

    it('rich_text', () => {
      const rich = (type: string, elements: object[], more = {}) => ({ type: `rich_text_${type}`, elements, ...more });
      const text = (content: string, style = {}) => ({ type: 'text', text: content, style });
      const shown = blocks({
        type: 'rich_text',
        elements: [
          rich('section', [
            text('&lt; *a*', { bold: true, code: true }),
            { type: 'link', url: 'https://a.example', text: 'l' },
            ...[
              { type: 'user', user_id: 'U1' },
              { type: 'channel', channel_id: 'C1' },
            ],
            ...[
              { type: 'usergroup', usergroup_id: 'S1' },
              { type: 'broadcast', range: 'here' },
            ],
            ...[{ type: 'emoji', name: 'fire' }, { type: 'color', value: '#fff' }, { type: 'novelty' }],
            { type: 'date', timestamp: 5, format: '{date}', fallback: 'f' },
          ]),
          rich('preformatted', [text('p')]),
          rich('quote', [text('q')]),
          rich('list', [rich('section', [text('i')])], { style: 'bullet' }),
          rich('list', [rich('section', [text('j')])], { style: 'ordered', indent: 1e9 }),
        ],
      });
      const mentions = ['@U1', '#C1', '@S1', '@here'].map((name) => `span.mention("${name}")`).join(' ');
      const first = `strong(code("&lt; *a*")) a[https://a.example/]("l") ${mentions} "🔥" "#fff" time[5000 {date}]()`;
      const nested = `${'div.indent('.repeat(8)}ol(li("j"))${')'.repeat(8)}`;
      assert.equal(shown, `div.text(${first}) pre("p") blockquote("q") ul(li("i")) ${nested}`);
    });
  });

  it('shows an attachment with its bar', () => {
    const attachment = {
      ...{ fallback: 'unseen', color: 'good', pretext: 'p', author_name: 'a', title: 't', text: 'x' },
      ...{ title_link: 'https://a.example', fields: [{ title: 'k', value: '*v*' }], image_url: 'https://b.example' },
      ...{ blocks: [section('b')], footer: 'f', ts: 5 },
    };
    const parts = [
      'div.context("a") div.text(strong(a[https://a.example/]("t"))) div.text("x")',
      'div.fields(div.item(strong("k") "\\n" strong("v"))) div.text("b")',
      'div.text(span.image("[image: https://b.example]"))',
      'div.context(div.item("f") div.item(time[5000 {date_short_pretty} {time}]()))',
    ];
    assert.equal(body({ attachments: [attachment] }), `div.text("p") div.attachment[#2eb67d](${parts.join(' ')})`);
    assert.equal(body({ attachments: [{ fallback: '&lt;', color: 'red;x' }] }), 'div.attachment("<")');
  });

  it('shows channel, time and edits, and the text only where no blocks are', () => {
    const head = (content: object) => sketch(tree(content).children[0] ?? '');
    const time = 'time[1700000000000 {time}]()';
    assert.equal(head({}), `p.head(b("#alerts") " " ${time})`);
    assert.equal(head({ edited: { ts: '1.1' } }), `p.head(b("#alerts") " " ${time} " " span("(edited)"))`);
    assert.equal(body({ text: 'unseen', blocks: [section('a')] }), 'div.text("a")');
    assert.equal(
      body({ text: 'seen', attachments: [{ text: 'a' }] }),
      'div.text("seen") div.attachment(div.text("a"))',
    );
  });

  it('marks a reply that stands in the channel too, in both places', () => {
    const reply = { thread_ts: '1.1', reply_broadcast: true };
    const head = (content: object, place: 'channel' | 'thread') => textOf(tree(content, place).children[0] ?? '');
    assert.equal(head(reply, 'thread'), '#alerts  also sent to the channel');
    assert.equal(head(reply, 'channel'), '#alerts  replied to a thread');
    assert.equal(head({ thread_ts: '1.1' }, 'thread'), '#alerts ');
  });

  describe('shows reactions', () => {
    const buttons = (reactions: object[]) => {
      const [answers, picker] = part({ reactions }, 'reactions') as [PageElement, PageElement];
      return { answers: answers.children as PageElement[], picker: picker.children as PageElement[] };
    };

    it('as buttons that say their count, their people and whether one is the reader’s own', () => {
      const { answers } = buttons([
        { name: 'no_bell', users: ['U0PERSON01', 'U0INBOX', 'U0PERSON02'], count: 3 },
        { name: '+1::skin-tone-2', users: ['U0PERSON02'], count: 1 },
        { name: 'constructor', users: ['U0PERSON02'], count: 1 },
      ]);
      assert.deepEqual(answers.map(textOf), ['🔕 3', '👍 1', ':constructor: 1']);
      assert.deepEqual(
        answers.map(({ tag, label, reaction }) => [tag, label, reaction?.own]),
        [
          ['button', 'no_bell, 3 reactions', true],
          ['button', '+1::skin-tone-2, 1 reaction', false],
          ['button', 'constructor, 1 reaction', false],
        ],
      );
      assert.equal(answers[0]?.title, ':no_bell: you, otel, U0PERSON02');
    });

    it('that are on offer where there is none', () => {
      const { answers, picker } = buttons([]);
      assert.deepEqual(answers, []);
      assert.deepEqual(picker.map(textOf), ['+', '🔕', '✅', '👀', '👍']);
      assert.deepEqual(
        picker.map(({ tag, label }) => `${tag} ${label}`),
        ['summary Add a reaction', 'button no_bell', 'button white_check_mark', 'button eyes', 'button +1'],
      );
    });
  });

  describe('stays safe', () => {
    const HOSTILE = [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '"><svg onload=alert(1)> \' " ` $x',
      '<javascript:alert(1)|click> <JaVaScRiPt:alert(1)> <data:text/html,x|y> <vbscript:x|y> <file:///etc/passwd|z>',
      '<!date^5^{date}^javascript:alert(1)|f> <https:javascript|x> <//evil.example|x> < javascript:alert(1)|x>',
      '*_~`</style><base href=x>`~_*',
    ];
    const everywhere = (text: string) => ({
      text,
      blocks: [
        { type: 'header', text: plain(text) },
        { ...section(text), fields: [mrkdwn(text)], accessory: button(text, 'javascript:alert(1)') },
        { type: 'context', elements: [plain(text), mrkdwn(text), { type: 'image', alt_text: text, image_url: text }] },
        { type: 'actions', elements: [button(text, text), { type: text }] },
        { type: 'markdown', text },
        { type: 'table', rows: [[{ type: 'raw_text', text }]] },
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text },
                { type: 'link', url: 'javascript:alert(1)', text },
                { type: 'date', timestamp: 5, format: '{date}', url: 'javascript:alert(1)', fallback: text },
              ],
            },
          ],
        },
        { type: text, title: plain(text) },
      ],
      attachments: [{ color: text, text, title: text, title_link: 'javascript:alert(1)', footer: text, ts: text }],
    });
    for (const text of HOSTILE) {
      it(JSON.stringify(text), () => {
        const nodes = [tree({ text }), tree(everywhere(text))].flatMap(everyNode);
        for (const { tag, class: name = '', href = 'https:', color = '#000000' } of nodes) {
          assert.ok(TAGS.includes(tag), tag);
          assert.match(name, /^[a-z]*$/);
          assert.match(href, /^(?:https?|mailto):/);
          assert.match(color, /^#[0-9a-f]{6}$/);
        }
        assert.equal(
          part({ blocks: [section(text, 'plain_text')] }, 'content')
            .map(textOf)
            .join(''),
          text,
        );
      });
    }

    it('has no tag that loads, runs or submits anything', () => {
      const active = [
        'script',
        'style',
        'img',
        'iframe',
        'object',
        'embed',
        'svg',
        'math',
        'form',
        'input',
        'link',
        'base',
      ];
      assert.deepEqual(
        TAGS.filter((tag) => (active as readonly string[]).includes(tag)),
        [],
      );
    });

    it('has a script that only makes elements and text', () => {
      assert.doesNotMatch(
        SCRIPT,
        /innerHTML|outerHTML|insertAdjacent|document\.write|setAttribute|eval|Function\(|<\//,
      );
      assert.doesNotThrow(() => new Function(SCRIPT));
    });

    it('takes whatever it is given', () => {
      for (const odd of [undefined, null, 5, [null], [{}], [{ type: 'table', rows: 5 }], [{ type: 'rich_text' }], {}]) {
        assert.equal(tree({ blocks: odd, attachments: odd }).tag, 'article');
      }
    });
  });

  it('is quick with long lines of signs', () => {
    const start = performance.now();
    for (const sign of ['*', '_a ', '`', '```', '<', '> ', '*_~`', '~a*b_']) inline(sign.repeat(40_000 / sign.length));
    assert.ok(performance.now() - start < 2_000);
  });
});
