import assert from 'node:assert/strict';
import { type Arm, type Measured, prepare, quantile, type SlackState } from '../../bench/blocking/measure.js';
import { plot, table } from '../../bench/blocking/plot.js';

describe('from a blocking handler to a queue', function () {
  this.timeout(60_000);
  const plan = { requestsPerSecond: 40, seconds: 0.5, timeoutMillis: 600 };
  const results: Measured[] = [];
  const of = (arm: Arm, state: SlackState): Measured => {
    const found = results.find(({ arm: each, slack }) => each === arm && slack === state);
    assert.ok(found);
    return found;
  };

  before(async () => {
    const arms = [
      ['naive', 'hanging'],
      ['ours', 'working'],
      ['ours', 'hanging'],
    ] as const;
    const prepared = await Promise.all(arms.map(([arm, state]) => prepare(arm, state, plan)));
    for (const measure of prepared) results.push(await measure());
  });

  it('a handler that awaits Slack takes as long as its timeout while Slack hangs, and nothing arrives', () => {
    const { requests, millis, messages } = of('naive', 'hanging');
    assert.deepEqual([requests, messages], [20, []]);
    // A timer may fire a millisecond early.
    assert.ok(quantile(millis, 0) >= plan.timeoutMillis - 5, `${quantile(millis, 0)} ms`);
  });

  it('a handler that emits a record is as fast while Slack hangs, and everything arrives afterwards', () => {
    const [well, hanging] = [of('ours', 'working'), of('ours', 'hanging')];
    for (const { millis } of [well, hanging]) {
      assert.equal(millis.length, 20);
      assert.ok(quantile(millis, 0.5) < plan.timeoutMillis / 4, `${quantile(millis, 0.5)} ms`);
    }
    assert.match(hanging.messages.at(-1) ?? '', /ERROR ×50 · Error: the card was refused/);
  });

  it('is drawn as a picture and a table of the measured numbers', () => {
    const drawn = plot(results);
    const written = table(results);
    const median = `${Math.round(quantile(of('naive', 'hanging').millis, 0.5))} ms`;
    assert.ok(drawn.includes(`>${median}<`), drawn);
    assert.ok(written.includes(`| 20 | ${median} |`), written);
    assert.doesNotMatch(drawn, /NaN|Infinity/);
  });
});
