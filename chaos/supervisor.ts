import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActiveFaults } from './active-faults.js';
import { optionsFor } from './app-options.js';
import { SPEED } from './clock-speed.js';
import { createDisk, type Disk } from './disk.js';
import { FAULTS, REFUSED_WORD } from './faults/index.js';
import { wrongBooks } from './judge/books.js';
import type { Facts, Violation, Witness } from './judge/facts.js';
import { ADOPTION_MILLIS, LIMIT_MILLIS, shownAtMillis } from './judge/in-time.js';
import { problemName } from './load.js';
import type { Scenario, Step } from './scenario.js';
import { Seat } from './seat.js';
import { type Place, type PlaceName, startPlace } from './slack/place.js';
import { createTimeline, type Timeline } from './timeline.js';

/** Options of {@link supervise}. */
export interface SupervisorOptions {
  /** A mistake that the app makes on purpose, so that a test can see an invariant fail; see app.mjs. */
  readonly defect?: string;
  /** Removes the spool when a process has ended, which no fault does. For the same test. */
  readonly spoolVanishes?: boolean;
  readonly onNote?: (line: string) => void;
  /** Ends the run early. */
  readonly signal?: AbortSignal;
}

/** Secrets that the app logs, and that must not be seen again. */
const PLANTED = { password: 'hunter2-of-the-shop', bearer: 'qN7vT2xL9sK4mR8wZ3yB6cD1' };
/** A failed disk is used again after a pause of 15 s of the app's clock, and with the next records. */
const REPAIR_MILLIS = 6_000;
/** The longest back-off is over, and what waited for its end was sent. */
const SETTLED_MILLIS = 90_000 / SPEED;
/** Without a fault, nothing has to settle. */
const SETTLED_WITHOUT_FAULTS_MILLIS = 2_000;

/** Runs a scenario with real processes. Returns what the judge needs. All processes and files are gone afterwards. */
export async function supervise(scenario: Scenario, options: SupervisorOptions = {}): Promise<Facts> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  const disk = createDisk(folder);
  const places = await Promise.all((['main', 'pages', 'fallback'] as const).map(startPlace));
  const supervisor = new Supervisor(scenario, { disk, places, ...options });
  const running = supervisor.run();
  try {
    return await Promise.race([running, interrupted(options.signal)]);
  } finally {
    running.catch(() => {});
    await supervisor.stop();
    await Promise.all(places.map((place) => place.close()));
    disk.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function interrupted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('the run was interrupted')), { once: true });
  });
}

interface SupervisorParts extends SupervisorOptions {
  readonly disk: Disk;
  readonly places: readonly Place[];
}

class Supervisor {
  readonly #scenario: Scenario;
  readonly #parts: SupervisorParts;
  readonly #timeline: Timeline;
  readonly #seats: readonly Seat[];
  readonly #baseline: Seat;
  readonly #running = new Set<Promise<void>>();
  readonly #active = new ActiveFaults();
  readonly #wrongBooks: Violation[] = [];
  readonly #witnesses: Witness[] = [];
  readonly #files: string[] = [];
  #isStopped = false;
  readonly #secrets: readonly string[];

  constructor(scenario: Scenario, parts: SupervisorParts) {
    this.#scenario = scenario;
    this.#parts = parts;
    this.#timeline = createTimeline(parts.onNote);
    this.#secrets = [...parts.places.flatMap(({ secrets }) => secrets), ...Object.values(PLANTED)];
    this.#seats = scenario.loads.map((_, at) => this.#seat(`seat ${at}`, at, scenario.setup.front));
    this.#baseline = this.#seat('the app without the exporter', 0, 'none');
  }

  async run(): Promise<Facts> {
    const { steps, millis } = this.#scenario;
    await Promise.all([...this.#seats, this.#baseline].map((seat) => seat.start()));
    const startMillis = performance.now();
    for (const step of steps) {
      await sleep(Math.max(0, startMillis + step.atMillis - performance.now()));
      if (this.#isStopped) break;
      this.#start(this.#step(step));
    }
    await sleep(Math.max(0, startMillis + millis - performance.now()));
    await this.#active.stopAll();
    await Promise.all(this.#running);
    await this.#settle();
    return this.#facts();
  }

  /** Ends all processes and faults, also after an error. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#active.stopAll();
    for (const seat of [...this.#seats, this.#baseline]) {
      seat.kill();
      await seat.end('SIGKILL');
    }
  }

  #start(step: Promise<void>): void {
    const running: Promise<void> = step
      .catch((error) => this.#timeline.note(`a step failed: ${(error as Error).message}`))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #step(step: Step): Promise<void> {
    if (step.act === 'fault') return this.#fault(step);
    return step.act === 'end' ? this.#end(step) : this.#witness(step);
  }

  async #fault({ name, place, seat, variant, forMillis }: Step & { act: 'fault' }): Promise<void> {
    const { disk } = this.#parts;
    const kind = FAULTS[name];
    if (kind === undefined || disk.impossible.includes(name)) return;
    const target = { place: this.#place(place), seat: this.#seats[seat] as Seat, disk, variant };
    const fault = kind.create(target);
    const where = { place, seat: target.seat.name, disk: 'disk', word: `a word at ${place}`, nothing: '' }[
      kind.disturbs
    ];
    this.#timeline.note(`${name}, variant ${variant}: ${where || target.seat.name}, for ${forMillis} ms`);
    // The files of a dead process are lost, unless another one has adopted them.
    const isAdopting = this.#seats.some((each) => this.#timeline.isDisturbed(each.name));
    const life = target.seat.lives.at(-1);
    if (name === 'the folder is removed' && isAdopting && life) life.forgiven += disk.records();
    const ends = [this.#timeline.disturb(name), this.#timeline.disturb(where)];
    await fault.start();
    await this.#active.hold(fault, forMillis);
    for (const end of ends) end(kind.disturbs === 'disk' ? REPAIR_MILLIS : 0);
    this.#timeline.note(`${name}: over`);
  }

  async #end({ how, seat: at, downMillis, damage }: Step & { act: 'end' }): Promise<void> {
    const seat = this.#seats[at] as Seat;
    const { life } = seat;
    if (life === undefined) return;
    const end = this.#timeline.disturb(seat.name);
    const isAtRisk = how !== 'SIGTERM' && this.#timeline.isDisturbed('disk');
    this.#timeline.note(`${how}: ${life.name}`);
    await seat.end(how);
    if (isAtRisk) life.forgiven += life.undelivered;
    this.#files.push(...this.#parts.disk.contents());
    if (this.#parts.spoolVanishes) this.#parts.disk.removeFolder();
    if (damage !== undefined) {
      life.forgiven += this.#parts.disk.damage(damage);
      this.#timeline.note(`the spool is damaged, variant ${damage}`);
    }
    await sleep(downMillis);
    if (this.#isStopped) return;
    await seat.start();
    end(ADOPTION_MILLIS);
  }

  async #witness({ seat: at, place }: Step & { act: 'witness' }): Promise<void> {
    const seat = this.#seats[at] as Seat;
    const { life } = seat;
    if (life === undefined) return;
    const problem = problemName(at, 'w', this.#witnesses.length);
    seat.emit({ kind: place === 'pages' ? 'fatal' : 'equal', problem, count: 1 });
    this.#witnesses.push({ place, problem, seat: seat.name, life, emittedAtMillis: performance.now() });
  }

  /** Everything works again: the last records arrive, and all processes end in order. */
  async #settle(): Promise<void> {
    this.#timeline.note('everything works again');
    const startMillis = performance.now();
    const isShown = (witness: Witness): boolean => Number.isFinite(shownAtMillis(this.#parts, witness));
    const hasFaults = this.#scenario.steps.some(({ act }) => act === 'fault');
    const settledMillis = hasFaults ? SETTLED_MILLIS : SETTLED_WITHOUT_FAULTS_MILLIS;
    while (performance.now() - startMillis < LIMIT_MILLIS) {
      if (performance.now() - startMillis > settledMillis && this.#witnesses.every(isShown)) break;
      await sleep(100);
    }
    await Promise.all([...this.#seats, this.#baseline].map((seat) => seat.end('SIGTERM')));
  }

  #facts(): Facts {
    const { places, disk } = this.#parts;
    const last = this.#seats.map(({ lives }) => lives.at(-1)).filter((life) => life !== undefined);
    const earlier = this.#seats.flatMap(({ lives }) => lives.slice(0, -1));
    return {
      scenario: this.#scenario,
      lives: [...earlier, ...last],
      baseline: this.#baseline.lives[0] as Facts['baseline'],
      places,
      witnesses: this.#witnesses,
      timeline: this.#timeline,
      files: [...this.#files, ...disk.contents()],
      secrets: this.#secrets,
      wrongBooks: this.#wrongBooks,
      endMillis: performance.now(),
    };
  }

  #seat(name: string, at: number, front: string): Seat {
    const { disk, defect } = this.#parts;
    return new Seat({
      name,
      load: this.#scenario.loads[at] ?? [],
      timeline: this.#timeline,
      environment: { CHAOS_DISK: disk.root, CHAOS_FREEZE: disk.freezeFile },
      config: {
        ...{
          front,
          speed: SPEED,
          options: optionsFor(this.#scenario.setup, this.#parts),
          planted: PLANTED,
          word: REFUSED_WORD,
        },
        ...(front !== 'none' && { defect, secrets: this.#secrets }),
      },
      onStats: (life, stats) => {
        if (this.#wrongBooks.length < 10)
          this.#wrongBooks.push(...wrongBooks(`${life.name}, tick ${life.tick}`, stats));
      },
    });
  }

  #place(name: PlaceName): Place {
    return this.#parts.places.find((place) => place.name === name) as Place;
  }
}
