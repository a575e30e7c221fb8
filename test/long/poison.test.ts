import { deepEqual, ok } from 'node:assert/strict';
import { fault } from '../support/faults.js';
import { REFUSALS } from '../support/poison.js';
import { mostMillis, runPoison } from '../support/poison-run.js';

describe('several messages that are refused because of a word in them', () => {
  const table: string[] = [];

  for (const poisoned of [1, 3]) {
    for (const { name, fault: refusal } of REFUSALS) {
      fault(`A1: ${name}, for ${poisoned} of 11 problems: the others arrive, and nothing is lost`, async (world) => {
        const { millis, requests, missing, minimal, withPoison, counts } = await runPoison(world, refusal, poisoned);
        deepEqual(missing, []);
        ok(millis <= mostMillis(refusal, poisoned), `${millis} ms`);
        ok(requests <= 14 + 4 * poisoned, `${requests} requests`);
        deepEqual([minimal, withPoison, counts.delivered, counts.dropped], [poisoned, 0, 11, {}]);
        table.push(`| ${name} | ${world.way} | ${poisoned} | ${millis / 1_000} | ${requests} | ${minimal} |`);
      });
    }
  }

  after(() => {
    const head = '| refusal | with | refused of 11 | seconds until the others arrived | requests | without text |';
    process.stdout.write(`${[head, '| --- | --- | --- | --- | --- | --- |', ...table].join('\n')}\n`);
  });
});
