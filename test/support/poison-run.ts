import type { Fault } from '../../packages/slack-inbox/src/index.js';
import type { Counts } from '../../src/telemetry/ledger.js';
import type { World } from './faults.js';
import { arrivedAfterMillis, forPoison, healthy, POISON, shownIn } from './poison.js';
import { texts } from './slack.js';

/** What became of eleven problems, some of which are refused because of a word in them. */
export interface PoisonRun {
  /** When the last healthy problem arrived, in milliseconds after the first request. */
  readonly millis: number;
  readonly requests: number;
  readonly missing: readonly string[];
  /** The number of problems that are shown without their text, and of messages that show the word. */
  readonly minimal: number;
  readonly withPoison: number;
  readonly counts: Counts;
}

/** The time in which everything is delivered, in milliseconds. */
const MOST_MILLIS = 20 * 60_000;

/** Emits eleven problems at once, with the word in some of them, and waits until nothing is pending. */
export async function runPoison(world: World, refusal: Fault, poisoned: number): Promise<PoisonRun> {
  const { inbox } = world;
  inbox.setFaults([forPoison(refusal)]);
  const app = world.app();
  const others = healthy(11 - poisoned);
  await app.emit(...healthy(poisoned, POISON), ...others);
  await world.passUntil(() => app.slack.stats().pending === 0, MOST_MILLIS);
  const shown = shownIn(inbox, others);
  return {
    millis: arrivedAfterMillis(inbox, others),
    requests: inbox.requests().length,
    missing: others.filter((text) => !shown.includes(text)),
    minimal: texts(inbox).flatMap((text) => text.match(/text left out/g) ?? []).length,
    withPoison: texts(inbox).filter((text) => text.includes(POISON)).length,
    counts: app.slack.stats(),
  };
}

/** The time in which all healthy problems arrive: a second each, and ten for each request that hangs. */
export function mostMillis(refusal: Fault, poisoned: number): number {
  const isHang = refusal.kind === 'hang_before_headers';
  return 1_000 * (isHang ? 25 + 12 * poisoned : 15 + 5 * poisoned);
}
