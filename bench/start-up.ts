import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What the exporter adds to the start of an app that imports the SDK: medians of the differences. */
export interface StartUpCost {
  readonly floorMillis: number;
  readonly addedMillis: number;
  /** The added time as a share of the floor's: it varies less from machine to machine. */
  readonly ratio: number;
  readonly addedMegabytes: number;
}

const RUNS = 9;
const APP = fileURLToPath(new URL('./start-up-app.mjs', import.meta.url));

interface Start {
  readonly millis: number;
  readonly bytes: number;
}

/** Starts processes with and without the exporter by turns. */
export async function startUpCost(): Promise<StartUpCost> {
  const pairs: { readonly floor: Start; readonly ours: Start }[] = [];
  for (let at = 0; at < RUNS; at++) pairs.push({ floor: await start('floor'), ours: await start('ours') });
  const median = (of: (pair: (typeof pairs)[number]) => number): number =>
    Number((pairs.map(of).toSorted((a, b) => a - b)[RUNS >> 1] ?? Number.NaN).toFixed(2));
  return {
    floorMillis: median(({ floor }) => floor.millis),
    addedMillis: median(({ floor, ours }) => ours.millis - floor.millis),
    ratio: median(({ floor, ours }) => ours.millis / floor.millis - 1),
    addedMegabytes: median(({ floor, ours }) => (ours.bytes - floor.bytes) / 1e6),
  };
}

async function start(arm: 'floor' | 'ours'): Promise<Start> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', APP, arm]);
  return JSON.parse(stdout) as Start;
}
