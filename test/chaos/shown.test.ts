import { deepEqual, equal } from 'node:assert/strict';
import { createShown } from '../../chaos/slack/shown.js';

const bodyOf = (...lines: readonly string[]): string =>
  JSON.stringify({ text: ['ERROR ×4 something', ...lines].join('\n') });

describe('what Slack was shown in npm run chaos', () => {
  it('is the largest total of each id, because messages carry totals', () => {
    const shown = createShown();
    for (const line of ['chaos|qae|aa|3', 'chaos|qae|aa|2', 'chaos|qae|bb|5']) shown.read(bodyOf(line));
    deepEqual([...shown.totals('qae')], Object.entries({ aa: 3, bb: 5 }));
    equal(shown.unnamed(), 0);
  });

  it('counts the records of messages that name no problem, or not all', () => {
    const shown = createShown();
    shown.read(bodyOf());
    shown.read(bodyOf('chaos|qae|aa|3', 'chaos-unnamed|100'));
    equal(shown.unnamed(), 104);
  });

  it('includes a problem of a message without names that was accepted after the problem was emitted', () => {
    const shown = createShown();
    const before = performance.now() - 1;
    shown.read(bodyOf());
    equal(shown.firstAtMillis('qae', before) < Number.POSITIVE_INFINITY, true);
    equal(shown.firstAtMillis('qae', performance.now() + 1), Number.POSITIVE_INFINITY);
  });

  it('ignores a reply, which has no count', () => {
    const shown = createShown();
    shown.read(JSON.stringify({ text: 'ERROR ×4', thread_ts: '1.2' }));
    equal(shown.unnamed(), 0);
  });
});
