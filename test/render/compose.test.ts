import assert from 'node:assert/strict';
import type { MessageRenderer, RenderGroup, RenderTotals } from '../../src/config/callbacks.js';
import { resolveOptions } from '../../src/config/resolve.js';
import type { Notification } from '../../src/groups/notification.js';
import type { MessageState } from '../../src/groups/standing/message-states.js';
import { GOOD_STANDING } from '../../src/groups/standing/standing.js';
import { createCompose } from '../../src/render/compose.js';
import { problemWith } from '../../src/render/validate-message.js';
import type { SlackMessage } from '../../src/slack/types.js';
import { createDiagnostics } from '../../src/telemetry/diagnostics.js';
import { manualClock } from '../support/clock.js';
import { captureDiag, type DiagCapture } from '../support/diag.js';
import { desk, groupOf, MINUTE, planOf, saidGroup, sampleOf, selectionOf as selected } from '../support/groups.js';

const SECRET = 'xoxb-1-2-secret';

const HERE = '<!here>';

function selectionOf(count: number, state: MessageState = 'normal'): Notification {
  const standing = { ...GOOD_STANDING, state };
  const names = Array.from({ length: count }, (_, n) => `${n}`);
  return selected(names.map((name) => groupOf({ body: `problem ${name}` }, { fingerprint: name, id: name, standing })));
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
  const standard = (notification: Notification) => composer()(notification);

  it('builds the standard message without a render option', () => {
    const message = composer()(selectionOf(1));
    assert.match(message.text, /problem 0/);
    assert.equal(message.attachments?.length, 1);
  });

  it('calls the render option with the groups, most severe first, and the standard message', () => {
    const seen: [readonly RenderGroup[], SlackMessage][] = [];
    const own = { text: 'mine', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*mine*' } }] };
    const notification = selectionOf(3);
    const message = composer((...given: [readonly RenderGroup[], SlackMessage]) => {
      seen.push(given);
      return own;
    })(notification);
    assert.deepEqual(message, own);
    assert.deepEqual(
      seen[0]?.[0].map(({ count, sample }) => [count, sample.message]),
      [
        [1, 'problem 0'],
        [1, 'problem 1'],
        [1, 'problem 2'],
      ],
    );
    assert.deepEqual(seen[0]?.[1], standard(notification));
    assert.deepEqual(diag.warnings, []);
  });

  it('passes it the totals of the message', () => {
    const seen: [readonly RenderGroup[], RenderTotals][] = [];
    const compose = composer((groups: readonly RenderGroup[], standard: SlackMessage, totals: RenderTotals) => {
      seen.push([groups, totals]);
      return standard;
    });
    const at = desk({ maxGroups: 500 });
    for (let n = 0; n < 600; n++) at.fold(`${n}`, { body: `problem ${n}` }, 3);
    at.box.reportLost(99);
    compose(at.say());
    assert.equal(seen[0]?.[0].length, 15);
    assert.deepEqual(seen[0]?.[1], { problems: 500, records: 1_800 });
    compose(planOf([saidGroup({ count: 12, shown: 5, message: undefined })]).notification as Notification);
    assert.deepEqual(seen[1]?.[1], { problems: 1, records: 7 }, 'what an earlier message shows is not counted again');
  });

  it('calls it for updates, but not for replies or moved problems', () => {
    const own = composer(() => ({ text: 'mine' }));
    const update = planOf([saidGroup({ count: 2, shown: 1 })], MINUTE).notification as Notification;
    assert.deepEqual([update.act, own(update)], ['update', { text: 'mine' }]);
    const reply = planOf([saidGroup({ variant: sampleOf({ body: 'x' }) })], MINUTE).notification as Notification;
    assert.deepEqual([reply.act, own(reply)], ['reply', standard(reply)]);
    const gone = { ...update, groups: [] };
    assert.deepEqual(own(gone), standard(gone));
  });

  describe('a mention', () => {
    const mentioned = (message: SlackMessage): readonly boolean[] =>
      [message.text, JSON.stringify(message.blocks ?? '')].map((part) => part.includes(HERE));

    it('is in the text, for the notification, and in the blocks of every message', () => {
      const reply = planOf([saidGroup({ variant: sampleOf({ body: 'x' }) })], MINUTE).notification as Notification;
      for (const notification of [selectionOf(1), selectionOf(3), selectionOf(9), reply]) {
        assert.match(composer()(notification, HERE).text, /^<!here> /, `${notification.act} ${notification.kind}`);
        assert.deepEqual(mentioned(standard(notification)), [false, false]);
      }
      for (const notification of [selectionOf(1), selectionOf(3), selectionOf(9)])
        assert.deepEqual(mentioned(composer()(notification, HERE)), [true, true], notification.kind);
    });

    it('is in a custom message', () => {
      const blocks = [{ type: 'divider' }];
      assert.deepEqual(mentioned(composer(() => ({ text: 'mine', blocks }))(selectionOf(1), HERE)), [true, true]);
      assert.deepEqual(composer(() => ({ text: 'mine' }))(selectionOf(1), HERE), { text: `${HERE} mine` });
    });

    it('is not repeated in a custom message that has it already', () => {
      const own = { text: `${HERE} mine` };
      assert.deepEqual(composer(() => own)(selectionOf(1), HERE), own);
      const message = composer((_: unknown, given: SlackMessage) => given)(selectionOf(1), HERE);
      assert.equal(message.text.split(HERE).length, 2);
    });

    it('is in a plain-text message too', () => {
      assert.match(composer()(selectionOf(1, 'plain'), HERE).text, /^<!here> 🔴/);
      assert.match(composer()(selectionOf(1, 'minimal'), HERE).text, /^<!here> 🔴/);
    });

    it('keeps a custom message within Slack’s limits', () => {
      const blocks = Array(50).fill({ type: 'divider' });
      for (const own of [{ text: 'mine', blocks }, { text: 'x'.repeat(4_000) }]) {
        const message = composer(() => own)(selectionOf(1), HERE);
        assert.equal(problemWith(message), undefined);
        assert.ok(message.text.includes(HERE));
      }
    });
  });

  it('lets render change a part of the standard message', () => {
    const message = composer((_: unknown, given: SlackMessage) => ({ ...given, text: `prod: ${given.text}` }))(
      selectionOf(1),
    );
    assert.match(message.text, /^prod: 🔴 ERROR/);
    assert.equal(message.attachments?.length, 1);
  });

  it('sends the JSON of a custom message, and reads it once', () => {
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
    it(`sends the standard message when the custom message ${name}, and warns once, without its content`, () => {
      const compose = composer(render);
      const notification = selectionOf(1);
      for (let time = 0; time < 3; time++) assert.deepEqual(compose(notification), standard(notification));
      assert.equal(diag.warnings.length, 1);
      assert.match(diag.warnings[0] ?? '', warning);
      assert.match(diag.warnings[0] ?? '', /the standard message is sent/);
      assert.ok(!diag.all.join().includes(SECRET));
    });
  }

  it('ignores the rejection of an async render', async () => {
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

  it('sends only the text and the id of a group whose details were refused, also with a custom render', () => {
    const refused = selectionOf(1, 'plain');
    assert.deepEqual(Object.keys(composer()(refused)), ['text']);
    assert.match(composer()(refused).text, /problem 0.*\nid 0$/s);
    assert.deepEqual(composer(() => ({ text: 'mine' }))(refused), composer()(refused));
  });

  it('sends severity, counts, times and id of a group whose text was refused, and no text of the app', () => {
    const message = composer(() => ({ text: 'mine' }))(selectionOf(1, 'minimal'));
    assert.deepEqual(Object.keys(message), ['text']);
    assert.doesNotMatch(message.text, /problem|checkout|mine/);
    assert.match(
      message.text,
      /^🔴 ERROR text left out: refused on the way to Slack · at \d{4}-\d\d-\d\d .* UTC\n.*\nid 0$/,
    );
  });
});
