import assert from 'node:assert/strict';
import { choose, isPlainText, type Selection } from '../src/choose.js';
import { createCompose } from '../src/compose.js';
import { createDiagnostics } from '../src/diagnostics.js';
import type { SlackMessage } from '../src/message.js';
import { resolveOptions } from '../src/options.js';
import { createOutbox } from '../src/outbox.js';
import { readRecord } from '../src/record.js';
import type { MessageRenderer, RenderGroup } from '../src/settings.js';
import { manualClock } from './support/clock.js';
import { captureDiag, type DiagCapture } from './support/diag.js';
import { record } from './support/records.js';

const SECRET = 'xoxb-1-2-secret';

function selectionOf(count: number, asPlainText = false): Selection {
  const box = createOutbox({ clock: manualClock(), maxGroups: 100, newId: () => 'id' });
  for (let index = 0; index < count; index++) box.fold(readRecord(record({ body: `problem ${index}` })), `${index}`);
  const selection = (): Selection => choose({ groups: box.waiting(), rest: box.rest(), isHurried: true }) as Selection;
  if (asPlainText) box.markPlainText(selection());
  return selection();
}

describe('compose', () => {
  let diag: DiagCapture;
  beforeEach(() => {
    diag = captureDiag();
  });
  afterEach(() => diag.stop());

  const composer = (render?: unknown) => {
    const options = render === undefined ? {} : { render: render as MessageRenderer };
    return createCompose(resolveOptions(options, {}).settings, createDiagnostics(manualClock()));
  };
  const standard = (selection: Selection) => composer()(selection);

  it('makes the standard message where there is no other look', () => {
    const message = composer()(selectionOf(1));
    assert.match(message.text, /problem 0/);
    assert.equal(message.attachments?.length, 1);
  });

  it('uses a look of the user’s own, and gives it the groups, worst first, and what it replaces', () => {
    const seen: [readonly RenderGroup[], SlackMessage][] = [];
    const own = { text: 'mine', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*mine*' } }] };
    const selection = selectionOf(3);
    const message = composer((...given: [readonly RenderGroup[], SlackMessage]) => {
      seen.push(given);
      return own;
    })(selection);
    assert.deepEqual(message, own);
    assert.deepEqual(
      seen[0]?.[0].map(({ count, sample }) => [count, sample.message]),
      [
        [1, 'problem 0'],
        [1, 'problem 1'],
        [1, 'problem 2'],
      ],
    );
    assert.deepEqual(seen[0]?.[1], standard(selection));
    assert.deepEqual(diag.warnings, []);
  });

  it('lets it change only what it wants to', () => {
    const message = composer((_: unknown, given: SlackMessage) => ({ ...given, text: `prod: ${given.text}` }))(
      selectionOf(1),
    );
    assert.match(message.text, /^prod: 🔴 ERROR/);
    assert.equal(message.attachments?.length, 1);
  });

  it('sends what JSON can say of it, read once', () => {
    let reads = 0;
    const message = composer(() => ({
      get text() {
        reads++;
        return 'mine';
      },
      blocks: undefined,
    }))(selectionOf(1));
    assert.deepEqual([message, reads], [{ text: 'mine' }, 1]);
  });

  const cycle: Record<string, unknown> = { text: 'x' };
  cycle.self = cycle;
  for (const [name, render, warning] of [
    [
      'throws',
      () => {
        throw new RangeError(SECRET);
      },
      /render threw RangeError/,
    ],
    [
      'throws no error',
      () => {
        throw SECRET;
      },
      /render threw string/,
    ],
    ['returns nothing', () => undefined, /got null/],
    ['returns a text', () => SECRET, /got string/],
    ['returns an array', () => [], /expected \{ text/],
    ['returns what has no text', () => ({ blocks: [] }), /\/text/],
    ['returns a function', () => () => SECRET, /render threw SyntaxError/],
    ['returns a cycle', () => cycle, /render threw TypeError/],
    ['returns a BigInt', () => ({ text: 'x', blocks: [1n] }), /render threw TypeError/],
    [
      'returns what throws when it is read',
      () => ({
        get text() {
          throw new TypeError(SECRET);
        },
      }),
      /render threw TypeError/,
    ],
    [
      'returns too many blocks',
      () => ({ text: SECRET, blocks: Array(51).fill({ type: 'divider' }) }),
      /\/blocks: expected at most 50, got 51/,
    ],
    ['returns too long a text', () => ({ text: SECRET.repeat(1_000) }), /\/text: expected at most 4000 bytes/],
    ['is async', async () => ({ text: 'late' }), /\/text/],
  ] as const) {
    it(`sends the standard message when the user’s look ${name}, and warns once, without what it holds`, () => {
      const compose = composer(render);
      const selection = selectionOf(1);
      for (let time = 0; time < 3; time++) assert.deepEqual(compose(selection), standard(selection));
      assert.equal(diag.warnings.length, 1);
      assert.match(diag.warnings[0] ?? '', warning);
      assert.match(diag.warnings[0] ?? '', /the standard message is sent/);
      assert.ok(!diag.all.join().includes(SECRET));
    });
  }

  it('lets the rejection of an async look end nothing', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    try {
      composer(async () => Promise.reject(new Error('no')))(selectionOf(1));
      await new Promise((resolve) => setTimeout(resolve, 10));
    } finally {
      process.off('unhandledRejection', listen);
    }
    assert.deepEqual(unhandled, []);
  });

  it('sends the text alone once Slack refused the look of all that is in it', () => {
    const refused = selectionOf(1, true);
    assert.equal(isPlainText(refused), true);
    assert.deepEqual(Object.keys(composer()(refused)), ['text']);
    assert.deepEqual(composer(() => ({ text: 'mine' }))(refused), composer()(refused));
    const mixed = { ...selectionOf(2), groups: [...selectionOf(1, true).groups, ...selectionOf(1).groups] };
    assert.equal(isPlainText(mixed), false);
    assert.ok(composer()(mixed).attachments);
  });
});
