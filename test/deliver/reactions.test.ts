import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { type Inbox, type InboxOptions, messageText } from '../../packages/slack-inbox/src/index.js';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { fastClock } from '../support/clock.js';
import { record } from '../support/records.js';
import { eachTest, isolated, texts } from '../support/slack.js';

/** Reactions of a person, against the local Slack. Only the clock is faster. */
describe('a reaction to a message', () => {
  const { open, said } = eachTest();

  async function setup(options: InboxOptions = {}) {
    const inbox = await open.inbox({ ...options, rateLimit: false });
    const exporter = open.ending(
      new SlackLogRecordExporter(
        {
          token: inbox.token,
          channel: inbox.channel,
          apiUrl: inbox.apiUrl,
          mention: { who: 'here', on: ['regressed'] },
          timeoutMillis: 60_000,
        },
        isolated({ clock: fastClock(50) }),
      ),
    );
    const emit = (): void => exporter.export([record({ body: 'disk is full' })], () => {});
    return { inbox, exporter, emit };
  }

  /** Emits the record again and again until the condition holds. */
  async function emitUntil(emit: () => void, isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      emit();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const mentions = (inbox: Inbox): number =>
    inbox.requests().filter(({ body }) => JSON.stringify(body ?? '').includes('<!here>')).length;

  it('🔕 silences the problem: the message shows that, and new records are dropped as silenced', async () => {
    const { inbox, exporter, emit } = await setup();
    emit();
    const [message] = await inbox.waitForMessages(1);
    inbox.react(message?.ts ?? '', 'no_bell');
    await emitUntil(emit, () => texts(inbox)[0]?.startsWith('🔕') === true);
    const { silenced = 0 } = exporter.stats().dropped;
    ok(silenced > 0);
    emit();
    emit();
    equal(exporter.stats().dropped.silenced, silenced + 2);
    deepEqual([inbox.messages().length, mentions(inbox)], [1, 0]);
  });

  it('✅ closes the problem: the next record is posted again, mentions, and the old message is marked as moved', async () => {
    const { inbox, exporter, emit } = await setup();
    emit();
    const [message] = await inbox.waitForMessages(1);
    inbox.react(message?.ts ?? '', 'white_check_mark');
    await emitUntil(emit, () => inbox.messages().length === 2);
    match(
      messageText(inbox.messages()[1] ?? { text: '' }),
      /@here · \*came back\* after it was closed with ✅; 1 before/,
    );
    await emitUntil(emit, () => texts(inbox)[0]?.startsWith('↪️') === true);
    deepEqual([mentions(inbox), exporter.stats().dropped], [1, {}]);
  });

  it('is not read when the token lacks the scope, and no warning is logged', async () => {
    const { inbox, emit } = await setup({ scopes: ['chat:write'] });
    emit();
    await inbox.waitForMessages(1);
    await emitUntil(emit, () => inbox.messages()[0]?.edited !== undefined);
    equal(inbox.requests().filter(({ method }) => method === 'reactions.get').length, 0);
    deepEqual(said.warnings, []);
  });
});
