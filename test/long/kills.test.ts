import { deepEqual, ok } from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Inbox } from '../../packages/slack-inbox/src/index.js';
import { buildIfStale, killAll, start } from '../support/processes.js';
import { isFullSize, sized } from '../support/sized.js';
import { eachTest, WAYS } from '../support/slack.js';
import { filesIn } from '../support/spool.js';
import { word } from '../support/words.js';

const KILLS = sized({ short: 20, full: 100 });
/** So many live at the same time, each on a problem of its own, whose next life logs the same problem. */
const AT_ONCE = 6;
/** The children's time, in which an owner is known to be dead after 1.5 s. */
const SPEED = 10;
/** From the first record on that is accepted. */
const LONGEST_LIFE_MILLIS = 1_200;

/** Records of one problem: what its lives handed to the exporter, and what that accepted. */
interface Tally {
  emitted: number;
  accepted: number;
}

describe('processes that are killed while they log, deliver and adopt spools', function () {
  this.timeout(240_000);
  const { open } = eachTest();
  let directory = '';
  before(buildIfStale);
  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'kills-')), 'spool');
  });
  afterEach(async () => {
    killAll();
    await rm(join(directory, '..'), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  for (const { way, to } of WAYS) {
    it(`${KILLS} SIGKILLs lose no accepted record, and repeat at most the last message of each life, over ${way}`, async () => {
      const inbox = await open.inbox({ rateLimit: false });
      const options = { ...to(inbox), spool: { directory } };
      const problems = Array.from({ length: AT_ONCE }, (_, at) => `problem ${word(at)}`);
      const tallies = new Map(problems.map((body) => [body, { emitted: 0, accepted: 0 }]));
      let lives = 0;
      const killed: string[] = [];
      const liveAndDie = async (body: string): Promise<void> => {
        while (lives < KILLS) {
          const name = `life ${++lives}`;
          await oneLife({ name, body, options, inbox }, tallies.get(body) as Tally);
          killed.push(name);
        }
      };
      await Promise.all(problems.map(liveAndDie));
      // At the real pace a webhook's reminders take minutes.
      const speed = isFullSize && way === 'a token' ? 1 : SPEED;
      const shown = await collected({ inbox, options, speed }, tallies);

      const repeatable = lastWords(inbox, killed);
      const lost = problems.filter((body) => (shown.get(body) ?? 0) < (tallies.get(body) as Tally).accepted);
      const tooMany = problems.filter(
        (body) => (shown.get(body) ?? 0) > (tallies.get(body) as Tally).emitted + (repeatable.get(body) ?? 0),
      );
      deepEqual(
        { lost, tooMany },
        { lost: [], tooMany: [] },
        JSON.stringify([[...tallies], [...shown], [...repeatable]]),
      );
      ok(killed.length >= KILLS);
      ok([...tallies.values()].reduce((sum, { accepted }) => sum + accepted, 0) > KILLS);
      report(tallies, shown, killed.length);
    });
  }

  interface Life {
    readonly name: string;
    readonly body?: string;
    readonly options: object;
    readonly inbox: Inbox;
  }

  /** From its start to its SIGKILL, at any moment, or when its message has just arrived. */
  async function oneLife({ name, body, options, inbox }: Life, tally: Tally): Promise<void> {
    const child = start(['test/children/mortal.mjs', JSON.stringify({ name, body, speed: SPEED, options })]);
    if (child.stdout === null) throw new Error('no output');
    const lines = createInterface(child.stdout).on('line', (line) => {
      const [what, count] = line.split(' ');
      tally[what as keyof Tally] += Number(count);
    });
    const gone = Promise.all([once(child, 'exit'), once(lines, 'close')]);
    // Some do not even get to their first record.
    const isEarly = Math.random() < 0.1;
    const { accepted } = tally;
    if (isEarly) await sleep(Math.random() * 300);
    while (!isEarly && tally.accepted === accepted && child.exitCode === null) await sleep(2);
    const until = performance.now() + Math.random() * LONGEST_LIFE_MILLIS;
    const isAtAMessage = Math.random() < 0.5;
    const before = inbox.requests().length;
    while (performance.now() < until) {
      await sleep(2);
      if (
        isAtAMessage &&
        inbox
          .requests()
          .slice(before)
          .some((request) => speakerOf(request.body) === name)
      )
        break;
    }
    child.kill('SIGKILL');
    await gone;
  }

  /** Somebody who only listens finds out that all are dead, and says what they left. What is shown in the end, by problem. */
  async function collected(
    { inbox, options, speed }: { readonly inbox: Inbox; readonly options: object; readonly speed: number },
    tallies: ReadonlyMap<string, Tally>,
  ) {
    start(['test/children/mortal.mjs', JSON.stringify({ name: 'heir', speed, options })]);
    const isOver = async (): Promise<boolean> => {
      const shown = shownIn(inbox);
      const isAll = [...tallies].every(([body, { accepted }]) => (shown.get(body) ?? 0) >= accepted);
      // All is acknowledged as well: nobody will ever say any of it again.
      return isAll && (await filesIn(directory, '.spool')).length === 0;
    };
    for (const end = performance.now() + 45_000; performance.now() < end && !(await isOver()); ) await sleep(50);
    deepEqual(await filesIn(directory, '.spool'), []);
    return shownIn(inbox);
  }

  function report(tallies: ReadonlyMap<string, Tally>, shown: ReadonlyMap<string, number>, kills: number): void {
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    const accepted = sum([...tallies.values()].map((tally) => tally.accepted));
    const emitted = sum([...tallies.values()].map((tally) => tally.emitted));
    console.log(`      ${kills} kills: ${emitted} emitted, ${accepted} accepted, ${sum([...shown.values()])} shown`);
  }
});

interface Said {
  readonly body: string;
  readonly id: string;
  readonly count: number;
}

/** Who wrote it. */
function speakerOf(message: { readonly text?: unknown } | undefined): string | undefined {
  return /^by (.*)$/m.exec(String(message?.text))?.[1];
}

/** What a message of test/children/mortal.mjs says. */
function readMessage(text: string): readonly Said[] {
  return [...text.matchAll(/^(.+) \| ([0-9a-f]+) \| (\d+)$/gm)].map(([, body = '', id = '', count]) => ({
    body,
    id,
    count: Number(count),
  }));
}

/** As a reader adds up: of each id the total that was said last. */
function shownIn(inbox: Inbox): ReadonlyMap<string, number> {
  const latest = new Map<string, Said>();
  for (const { text } of inbox.messages()) for (const said of readMessage(text)) latest.set(said.id, said);
  const shown = new Map<string, number>();
  for (const { body, count } of latest.values()) shown.set(body, (shown.get(body) ?? 0) + count);
  return shown;
}

/** How many records, by problem, the last requests of these lives told for the first time: those may be told again. */
function lastWords(inbox: Inbox, names: readonly string[]): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  const last = new Map<string, ReadonlyMap<string, number>>();
  for (const { body } of inbox.requests()) {
    const told = new Map<string, number>();
    for (const said of readMessage(String(body?.text))) {
      told.set(said.body, (told.get(said.body) ?? 0) + Math.max(0, said.count - (known.get(said.id) ?? 0)));
      known.set(said.id, said.count);
    }
    const speaker = speakerOf(body);
    if (speaker !== undefined && names.includes(speaker)) last.set(speaker, told);
  }
  const sums = new Map<string, number>();
  for (const told of last.values()) for (const [body, count] of told) sums.set(body, (sums.get(body) ?? 0) + count);
  return sums;
}
