import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SlackExporterStats } from '../src/index.js';
import type { FaultySeat } from './faults/index.js';
import { Life } from './life.js';
import type { Burst, Load } from './load.js';
import type { End } from './scenario.js';
import type { Timeline } from './timeline.js';

const APP = fileURLToPath(new URL('./app.mjs', import.meta.url));
const PRELOAD = new URL('./app/preload.mjs', import.meta.url).href;
const TICK_MILLIS = 50;
/** After a stop, the next measurement still includes it. */
const RESUME_MILLIS = 2_000;
/** A process that has not ended after this time is killed, and counts as one that did not end. */
const MAX_END_MILLIS = 20_000;

/** Options of a {@link Seat}. */
export interface SeatParts {
  readonly name: string;
  /** Sent to the app when it starts; see app.mjs. */
  readonly config: object;
  readonly load: Load;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeline: Timeline;
  readonly onStats: (life: Life, stats: SlackExporterStats) => void;
}

/** A place for a process of the app: when one ends, the next one starts. */
export class Seat implements FaultySeat {
  readonly name: string;
  readonly lives: Life[] = [];
  readonly #parts: SeatParts;
  readonly #startMillis = performance.now();
  #child: ChildProcess | undefined;
  /** The process has installed its handlers. */
  #isReady = false;
  #gone: Promise<void> = Promise.resolve();
  #asked: { readonly how: End; atMillis: number } | undefined;
  #endPause: ((laterMillis?: number) => void) | undefined;
  /** What the running process was told and the next one must know too. */
  readonly #standing = new Map<string, object>();

  constructor(parts: SeatParts) {
    this.#parts = parts;
    this.name = parts.name;
  }

  /** The life of the running process, from when it logs until something has told it to end. */
  get life(): Life | undefined {
    return this.#isReady && this.#asked === undefined ? this.lives.at(-1) : undefined;
  }

  /** Starts the next process. Resolves when it logs. */
  async start(): Promise<void> {
    const life = new Life(`${this.name}, life ${this.lives.length + 1}`);
    this.lives.push(life);
    this.#asked = undefined;
    const { config, load, environment } = this.#parts;
    const child = spawn(process.execPath, ['--import', PRELOAD, APP], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...environment },
    });
    this.#child = child;
    const isReady = this.#listen(child, life);
    const passed = Math.round((performance.now() - this.#startMillis) / TICK_MILLIS);
    child.send({ ...config, ticks: load.slice(passed) }, () => {});
    await Promise.race([isReady, this.#gone]);
    this.#isReady = this.#child !== undefined;
    for (const message of this.#standing.values()) this.tell(message);
  }

  #listen(child: ChildProcess, life: Life): Promise<void> {
    child.on('error', () => {});
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      life.stderr += text;
    });
    const lines = createInterface(child.stdout as NonNullable<ChildProcess['stdout']>);
    const isReady = new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        life.stdout += `${line}\n`;
        const stats = life.read(line);
        if (stats) this.#parts.onStats(life, stats);
        if (line === '{"ready":true}') resolve();
      });
    });
    this.#gone = new Promise((resolve) => {
      // After `exit`, the last lines may still be in the pipe.
      child.once('close', (code, signal) => {
        this.#child = undefined;
        this.#isReady = false;
        const { how = 'unasked', atMillis = performance.now() } = this.#asked ?? {};
        life.ended = { how, code, signal, tookMillis: performance.now() - atMillis };
        this.#parts.timeline.note(`${life.name} has ended (${how}, ${signal ?? `code ${code}`})`);
        this.resume();
        resolve();
      });
    });
    return isReady;
  }

  /** Sends a message to the app. */
  tell(message: object): void {
    const { act = '' } = message as { readonly act?: string };
    if (act === 'jump' || act === 'slow lookups') this.#standing.set(act, message);
    if (this.#child?.connected) this.#child.send(message, () => {});
  }

  emit(...records: readonly Burst[]): void {
    this.tell({ act: 'emit', records });
  }

  pause(): void {
    if (this.#child === undefined || this.#endPause) return;
    this.#child.kill('SIGSTOP');
    this.#endPause = this.#parts.timeline.disturb(this.name);
  }

  resume(): void {
    if (this.#endPause === undefined) return;
    this.#child?.kill('SIGCONT');
    const life = this.lives.at(-1);
    if (life) life.unmeasuredUntilMillis = Math.max(life.unmeasuredUntilMillis, performance.now() + RESUME_MILLIS);
    this.#endPause();
    this.#endPause = undefined;
  }

  /** Ends the process. Resolves when it has ended, or was killed because it did not. */
  async end(how: End): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.resume();
    this.#asked = { how, atMillis: performance.now() };
    if (how === 'SIGTERM' || how === 'SIGKILL') child.kill(how);
    else this.tell({ act: 'end', how });
    const timer = setTimeout(() => child.kill('SIGKILL'), MAX_END_MILLIS);
    await this.#gone;
    clearTimeout(timer);
  }

  /** Kills the process, at the end of a run that failed. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }
}
