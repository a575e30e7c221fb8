import { deepEqual, ok } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { encodeFrame } from '../../src/spool/segments/frame.js';
import { filesIn, type Owner, Owners } from '../support/spool.js';

type Step =
  | { readonly do: 'append'; readonly count: number }
  | { readonly do: 'appendSync'; readonly count: number }
  /** Every so manieth of what is open. */
  | { readonly do: 'acknowledge'; readonly every: number }
  | { readonly do: 'pass' }
  | { readonly do: 'end'; readonly how: 'die' | 'close' | 'closeSync'; readonly damage: readonly Damage[] };

interface Damage {
  /** As parts of the whole: which file, and where in it. */
  readonly file: number;
  readonly at: number;
  readonly cut: number;
  readonly put: Uint8Array;
}

const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const damages = fc.array(
  fc.record({
    file: part,
    at: part,
    cut: fc.oneof(fc.nat(3), fc.constant(1), fc.constant(1_000_000)),
    put: fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.constantFrom(Buffer.from('\n'), Buffer.from('\x1e'))),
  }),
  { maxLength: 2 },
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 6 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('appendSync' as const), count: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('acknowledge' as const), every: fc.integer({ min: 1, max: 4 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('end' as const),
        how: fc.constantFrom('die' as const, 'close' as const, 'closeSync' as const),
        damage: damages,
      }),
    },
  ),
  { minLength: 3, maxLength: 25 },
);

describe('a spool, after any sequence of events', function () {
  this.timeout(120_000);
  const owners = new Owners();
  afterEach(() => owners.endAll());

  it('returns each entry once that is neither acknowledged nor damaged', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const life = new Life(owners, await owners.folder());
        for (const step of list) await life.take(step);
        await life.take({ do: 'end', how: 'die', damage: [] });
        await owners.endAll();
      }),
      { numRuns: 150 },
    );
  });
});

/** One process after the other, and what must come back. */
class Life {
  readonly #owners: Owners;
  readonly #directory: string;
  #owner: Owner;
  #count = 0;
  /** Value → id. Without an id it is stored, and only the next process can acknowledge it. */
  #open = new Map<string, string | undefined>();

  constructor(owners: Owners, directory: string) {
    this.#owners = owners;
    this.#directory = directory;
    this.#owner = owners.open(directory, { maxBytes: 64 * 1024 });
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'append') await this.#append(step.count);
    else if (step.do === 'appendSync') this.#appendSync(step.count);
    else if (step.do === 'acknowledge') await this.#acknowledge(step.every);
    else if (step.do === 'pass') await this.#owner.pass(5_000);
    else await this.#end(step.how, step.damage);
  }

  #values(count: number): string[] {
    return Array.from({ length: count }, () => `<${this.#count++}>${'.'.repeat(this.#count % 7 === 0 ? 2_000 : 5)}`);
  }

  async #append(count: number): Promise<void> {
    const values = this.#values(count);
    const { ids, isDurable } = await this.#owner.spool.append(values);
    ok(isDurable);
    for (const [index, value] of values.entries()) this.#open.set(value, ids[index]);
  }

  #appendSync(count: number): void {
    const values = this.#values(count);
    ok(this.#owner.spool.appendSync(values));
    for (const value of values) this.#open.set(value, undefined);
  }

  async #acknowledge(every: number): Promise<void> {
    const chosen = [...this.#open].filter(([, id], index) => id !== undefined && index % every === 0);
    this.#owner.spool.acknowledge(chosen.map(([, id]) => id as string));
    await this.#owner.spool.flush();
    for (const [value] of chosen) this.#open.delete(value);
  }

  async #end(how: 'die' | 'close' | 'closeSync', list: readonly Damage[]): Promise<void> {
    if (how === 'die') await this.#owner.spool.flush();
    else if (how === 'close') await this.#owner.spool.close();
    else this.#owner.spool.closeSync();
    await this.#owner.die();
    const before = await this.#frames();
    for (const damage of list) await this.#damage(damage);
    const after = await this.#frames();
    this.#owner = this.#owners.open(this.#directory, { maxBytes: 64 * 1024 });
    await this.#owner.pass(how === 'die' ? 20_000 : 1_000);
    const recovered = this.#owner.recovered.map(({ value }) => String(value));
    const expected = [...this.#open.keys()].filter((value) => after.entries.has(value));
    // Where an acknowledgement was damaged, what it was about may come again.
    if (before.journal === after.journal) deepEqual(recovered.toSorted(), expected.toSorted());
    else {
      ok(expected.every((value) => recovered.includes(value)));
      ok(recovered.every((value) => after.entries.has(value)));
      deepEqual(new Set(recovered).size, recovered.length);
    }
    this.#open = new Map(this.#owner.recovered.map(({ value, id }) => [String(value), id]));
  }

  async #damage({ file, at, cut, put }: Damage): Promise<void> {
    const names = await filesIn(this.#directory);
    const name = names[Math.floor(file * names.length)];
    if (name === undefined) return;
    const path = join(this.#directory, name);
    const bytes = await readFile(path);
    const from = Math.floor(at * bytes.length);
    await writeFile(path, Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]));
  }

  /** What stands in the files, read in another way than the spool does: as lines that are as they were written. */
  async #frames(): Promise<{ entries: Set<string>; journal: number }> {
    const entries = new Set<string>();
    let journal = 0;
    for (const name of await filesIn(this.#directory, '.spool')) {
      const text = await readFile(join(this.#directory, name), 'latin1');
      for (const line of text
        .split('\x1e')
        .slice(1)
        .map((rest) => `\x1e${rest}`)) {
        // A line feed that is damaged leaves bytes behind the JSON that are not its own.
        const json = line.slice(18, line.lastIndexOf(']') + 1);
        const kind = line[9] === 'e' ? 'entry' : 'acknowledged';
        if (!line.startsWith(encodeFrame(kind, json).toString('latin1').slice(0, -1))) continue;
        if (kind === 'entry') entries.add(String(JSON.parse(json)[2]));
        else journal++;
      }
    }
    return { entries, journal };
  }
}
