import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { fault } from '../support/faults.js';
import { REFUSALS } from '../support/poison.js';
import { mostMillis, runPoison } from '../support/poison-run.js';

describe('a message that is refused because of a word in it', () => {
  for (const { name, fault: refusal } of REFUSALS) {
    fault(`A1: ${name}, for one of 11 problems: the others arrive first, and it without its text`, async (world) => {
      const { millis, requests, missing, minimal, withPoison, counts } = await runPoison(world, refusal, 1);
      deepEqual(missing, []);
      ok(millis <= mostMillis(refusal, 1), `${millis} ms`);
      ok(requests <= 16, `${requests} requests`);
      deepEqual([minimal, withPoison], [1, 0]);
      deepEqual([counts.delivered, counts.dropped], [11, {}]);
      const isolated = world.said.warnings.filter((warning) => /refuses the text of a message/.test(warning));
      equal(isolated.length, 1);
      match(isolated[0] ?? '', /it is posted without any text of the app. Other messages are not affected/);
      deepEqual(
        world.said.warnings.filter((warning) => /check the URL|records wait|fallback/.test(warning)),
        [],
        'the channel is not blamed',
      );
    });
  }
});
