import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { costMillis } from '../../../test/support/cost.js';
import { contentNodes } from '../src/page/content.js';
import { type PageElement, type PageNode, TAGS } from '../src/ui/tree.js';
import { section } from './support.js';

const nodes = (content: object): readonly PageNode[] =>
  contentNodes({
    ts: '1700000000.000100',
    channel: 'C1',
    text: '',
    receivedAtMillis: 1_700_000_000_000,
    via: 'webhook',
    reactions: [],
    payload: {},
    ...content,
  });

/** Returns a short form of a tree: `tag.class[attributes](children)`. */
function sketch(node: PageNode): string {
  if (typeof node === 'string') return JSON.stringify(node);
  const { tag, class: name, href, color, date, children } = node;
  const attributes = [href, color, date && `${date.millis} ${date.format}`].filter((each) => each !== undefined);
  const shown = attributes.length > 0 ? `[${attributes.join(' ')}]` : '';
  return `${tag}${name ? `.${name.replaceAll(' ', '.')}` : ''}${shown}(${children.map(sketch).join(' ')})`;
}

const body = (content: object): string => nodes(content).map(sketch).join(' ');
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
      ['header', { type: 'header', text: plain('*H* &amp; <!here>') }, 'h2("*H* & <!here>")'],
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
        'div.beside(div.main(div.text("a")) div.accessory(a.button[https://a.example/]("B")))',
      ],
      ['divider', { type: 'divider' }, 'hr()'],
      [
        'context',
        { type: 'context', elements: [mrkdwn('a'), { type: 'image', alt_text: 'i', image_url: 'https://a.example' }] },
        'div.context(div.item("a") div.item(a.image[https://a.example/]("i")))',
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
        'div.row(a.button[https://a.example/]("A") span.button.inactive("M") span.button.inactive("[P]"))',
      ],
      [
        'image',
        { type: 'image', title: plain('T'), alt_text: 'i', image_url: 'https://a.example' },
        'div.label("T") div.picture(a.image[https://a.example/]("i"))',
      ],
      [
        'markdown',
        { type: 'markdown', text: '# H\n**b** *i* ~~d~~ `c`' },
        'h2("H") div.text(strong("b") " " em("i") " " del("d") " " code("c"))',
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
      'div.fields(div.item.long(div.label("k") strong("v"))) div.text("b")',
      'div.text(a.image[https://b.example/]("https://b.example"))',
      'div.context(div.item("f") div.item(time[5000 {date_short_pretty} {time}]()))',
    ];
    assert.equal(body({ attachments: [attachment] }), `div.text("p") div.attachment[#2eb67d](${parts.join(' ')})`);
    assert.equal(body({ attachments: [{ fallback: '&lt;', color: 'red;x' }] }), 'div.attachment("<")');
  });

  it('shows the text only without blocks', () => {
    assert.equal(body({ text: 'unseen', blocks: [section('a')] }), 'div.text("a")');
    assert.equal(
      body({ text: 'seen', attachments: [{ text: 'a' }] }),
      'div.text("seen") div.attachment(div.text("a"))',
    );
  });

  describe('turns addresses into links', () => {
    it('in texts, without the punctuation behind them', () => {
      assert.equal(
        body({ text: 'see https://a.example/x, (http://b.example)! ahttps://c.example `https://d.example`' }),
        'div.text("see " span(a[https://a.example/x]("https://a.example/x")) ", (" span(a[http://b.example/]("http://b.example")) ")! ahttps://c.example " code("https://d.example"))',
      );
    });

    it('not with parse none or verbatim', () => {
      assert.equal(body({ text: 'https://a.example', payload: { parse: 'none' } }), 'div.text("https://a.example")');
      const verbatim = { type: 'section', text: { ...mrkdwn('https://a.example'), verbatim: true } };
      assert.equal(blocks(verbatim), 'div.text("https://a.example")');
    });
  });

  it('shows a markdown block as standard Markdown', () => {
    const MARKDOWN: [string, string][] = [
      ['# H\n### h *i*', 'h2("H") div.text(strong("h " em("i")))'],
      ['a\nb\n\nc', 'div.text("a\\nb") div.text("c")'],
      ['- a\n* **b**', 'ul(li("a") li(strong("b")))'],
      ['1. a\n2) b', 'ol(li("a") li("b"))'],
      ['- [ ] a\n- [x] b', 'ul(li("☐ a") li("☑ b"))'],
      ['> a\n> b', 'blockquote("a\\nb")'],
      ['a\n---\nb', 'div.text("a") hr() div.text("b")'],
      ['```ts\n*a*\n```\nb', 'pre("*a*") div.text("b")'],
      ['```\nopen', 'pre("open")'],
      ['| a | b |\n|---|:-:|\n| `1` | 2 |', 'div.wide(table(tr(th("a") th("b")) tr(td(code("1")) td("2"))))'],
      ['[t *e*](https://a.example/x_y_z)', 'div.text(a[https://a.example/x_y_z]("t " em("e")))'],
      ['[t](javascript:x)', 'div.text(span("t" " (javascript:x)"))'],
    ];
    for (const [text, expected] of MARKDOWN) assert.equal(blocks({ type: 'markdown', text }), expected, text);
  });

  it('stays fast on Markdown that is hard for patterns', () => {
    const lines = [`|a|\n|${'-'.repeat(11_900)}x|`, `# a${' '.repeat(11_900)}x`];
    for (const text of lines) {
      const millis = costMillis(() => nodes({ blocks: [{ type: 'markdown', text }] }));
      assert.ok(millis < 40, `${text.slice(0, 8)}: ${millis} ms`);
    }
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
        const made = [...nodes({ text }), ...nodes(everywhere(text))].flatMap(everyNode);
        for (const { tag, class: name = '', href = 'https:', color = '#000000' } of made) {
          assert.ok(TAGS.includes(tag), tag);
          assert.match(name, /^[a-z ]*$/);
          assert.match(href, /^(?:https?|mailto):/);
          assert.match(color, /^#[0-9a-f]{6}$/);
        }
        const shown = nodes({ blocks: [section(text, 'plain_text')] });
        assert.equal(shown.map(textOf).join(''), text);
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

    it('has scripts that only create elements and text', () => {
      const folder = new URL('../src/ui/', import.meta.url);
      const scripts = readdirSync(folder).filter((name) => name.endsWith('.ts'));
      assert.ok(scripts.length > 10);
      for (const name of scripts) {
        const source = readFileSync(new URL(name, folder), 'utf8');
        assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(/, name);
      }
    });

    it('accepts any value', () => {
      for (const odd of [undefined, null, 5, [null], [{}], [{ type: 'table', rows: 5 }], [{ type: 'rich_text' }], {}]) {
        assert.ok(Array.isArray(nodes({ blocks: odd, attachments: odd })));
      }
    });
  });

  it('is fast with long lines of signs', () => {
    const start = performance.now();
    for (const sign of ['*', '_a ', '`', '```', '<', '> ', '*_~`', '~a*b_']) inline(sign.repeat(40_000 / sign.length));
    assert.ok(performance.now() - start < 2_000);
  });
});
