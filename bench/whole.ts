import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A figure of two processes that log the same records: one with an exporter that does nothing, one with ours. */
export interface Compared {
  readonly floor: number;
  readonly ours: number;
  /** The median of the rounds' ratios or differences. */
  readonly compared: number;
  readonly 'at most': number;
  readonly ok: boolean;
  /** Most records that a round of ours lost; with some lost, the other figures say less. */
  readonly lost: number;
}

/** CPU and peak memory of a whole process. */
export interface WholeCost {
  /** Microseconds a record, from the first record to the end of the shutdown, all threads together; and the ratio. */
  readonly cpu: Compared;
  /** Megabytes, and the difference. */
  readonly memory: Compared;
}

interface Measured {
  readonly cpuMicros: number;
  readonly peakMegabytes: number;
  readonly lost: number;
}

type Load = 'kinds' | 'different';
type Round = readonly [floor: Measured, ours: Measured];

const APP = fileURLToPath(new URL('./app-process.mjs', import.meta.url));
const ROUNDS = 5;
const MOST_CPU_RATIO = 1.5;
const MOST_MEGABYTES_MORE = 15;

/** Measures by turns, each time in a fresh process of plain Node with the built package. */
export async function wholeCosts(webhookUrl: string): Promise<WholeCost> {
  return {
    cpu: compared(await rounds('kinds', webhookUrl), {
      read: ({ cpuMicros }) => cpuMicros,
      compare: (floor, ours) => ours / floor,
      most: MOST_CPU_RATIO,
    }),
    memory: compared(await rounds('different', webhookUrl), {
      read: ({ peakMegabytes }) => peakMegabytes,
      compare: (floor, ours) => ours - floor,
      most: MOST_MEGABYTES_MORE,
    }),
  };
}

async function rounds(load: Load, webhookUrl: string): Promise<readonly Round[]> {
  const measured: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    measured.push([await measure({ load }), await measure({ load, webhookUrl })]);
  }
  return measured;
}

async function measure(app: { readonly load: Load; readonly webhookUrl?: string }): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [APP, JSON.stringify(app)]);
  return JSON.parse(stdout) as Measured;
}

interface Comparing {
  readonly read: (measured: Measured) => number;
  readonly compare: (floor: number, ours: number) => number;
  readonly most: number;
}

function compared(measured: readonly Round[], { read, compare, most }: Comparing): Compared {
  const difference = median(measured.map(([floor, ours]) => compare(read(floor), read(ours))));
  return {
    floor: median(measured.map(([floor]) => read(floor))),
    ours: median(measured.map(([, ours]) => read(ours))),
    compared: difference,
    'at most': most,
    ok: difference <= most,
    lost: Math.max(...measured.map(([, { lost }]) => lost)),
  };
}

function median(values: readonly number[]): number {
  return Number((values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN).toFixed(2));
}
