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
/** The processes that run at the same time. Each logs one problem, and the process that replaces it logs the same one. */
const AT_ONCE = 6;
/** The factor of the children's clock. With it, a process counts as dead after 1.5 s. */
const SPEED = 10;
/** After the first accepted record. */
const MAX_LIFE_MILLIS = 1_200;

/** The records of one problem: how many its processes emitted, and how many were accepted. */
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
      // With a real clock, the reminders of a webhook would take minutes.
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

  /** Runs a process from its start to its SIGKILL, at a random moment or just after its message arrived. */
  async function oneLife({ name, body, options, inbox }: Life, tally: Tally): Promise<void> {
    const child = start(['test/children/mortal.mjs', JSON.stringify({ name, body, speed: SPEED, options })]);
    if (child.stdout === null) throw new Error('no output');
    const lines = createInterface(child.stdout).on('line', (line) => {
      const [what, count] = line.split(' ');
      tally[what as keyof Tally] += Number(count);
    });
    const gone = Promise.all([once(child, 'exit'), once(lines, 'close')]);
    // Some processes are killed before their first record.
    const isEarly = Math.random() < 0.1;
    const { accepted } = tally;
    if (isEarly) await sleep(Math.random() * 300);
    while (!isEarly && tally.accepted === accepted && child.exitCode === null) await sleep(2);
    const until = performance.now() + Math.random() * MAX_LIFE_MILLIS;
    const isAtAMessage = Math.random() < 0.5;
    const before = inbox.requests().length;
    while (performance.now() < until) {
      await sleep(2);
      if (
        isAtAMessage &&
        inbox
          .requests()
          .slice(before)
          .some((request) => authorOf(request.body) === name)
      )
        break;
    }
    child.kill('SIGKILL');
    await gone;
  }

  /** Starts a process that only adopts the spools of the dead ones. Returns the shown records by problem. */
  async function collected(
    { inbox, options, speed }: { readonly inbox: Inbox; readonly options: object; readonly speed: number },
    tallies: ReadonlyMap<string, Tally>,
  ) {
    start(['test/children/mortal.mjs', JSON.stringify({ name: 'heir', speed, options })]);
    const isOver = async (): Promise<boolean> => {
      const shown = shownIn(inbox);
      const isAll = [...tallies].every(([body, { accepted }]) => (shown.get(body) ?? 0) >= accepted);
      // All entries are acknowledged, so that no later process posts them again.
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

interface ReportedCount {
  readonly body: string;
  readonly id: string;
  readonly count: number;
}

/** Returns the name of the process that posted a message. */
function authorOf(message: { readonly text?: unknown } | undefined): string | undefined {
  return /^by (.*)$/m.exec(String(message?.text))?.[1];
}

/** Reads a message of test/children/mortal.mjs. */
function readMessage(text: string): readonly ReportedCount[] {
  return [...text.matchAll(/^(.+) \| ([0-9a-f]+) \| (\d+)$/gm)].map(([, body = '', id = '', count]) => ({
    body,
    id,
    count: Number(count),
  }));
}

/** Returns the shown records by problem: the sum of the last total of each id. */
function shownIn(inbox: Inbox): ReadonlyMap<string, number> {
  const latest = new Map<string, ReportedCount>();
  for (const { text } of inbox.messages()) for (const reported of readMessage(text)) latest.set(reported.id, reported);
  const shown = new Map<string, number>();
  for (const { body, count } of latest.values()) shown.set(body, (shown.get(body) ?? 0) + count);
  return shown;
}

/** Returns, by problem, the records that the last request of each process reported first. Those may be posted twice. */
function lastWords(inbox: Inbox, names: readonly string[]): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  const last = new Map<string, ReadonlyMap<string, number>>();
  for (const { body } of inbox.requests()) {
    const newCounts = new Map<string, number>();
    for (const reported of readMessage(String(body?.text))) {
      newCounts.set(
        reported.body,
        (newCounts.get(reported.body) ?? 0) + Math.max(0, reported.count - (known.get(reported.id) ?? 0)),
      );
      known.set(reported.id, reported.count);
    }
    const author = authorOf(body);
    if (author !== undefined && names.includes(author)) last.set(author, newCounts);
  }
  const sums = new Map<string, number>();
  for (const newCounts of last.values())
    for (const [body, count] of newCounts) sums.set(body, (sums.get(body) ?? 0) + count);
  return sums;
}
