import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The time from `process.exit()` to the end of the process, in milliseconds (medians). */
export interface EndingCost {
  readonly withoutMillis: number;
  readonly withSpoolMillis: number;
}

const APP = fileURLToPath(new URL('../test/children/ends.mjs', import.meta.url));
const ROUNDS = 15;

/** Runs an app that calls `process.exit()` with ten records in its queue: with a spool and without us, alternately. */
export async function endingCost(webhookUrl: string): Promise<EndingCost> {
  const folder = mkdtempSync(join(tmpdir(), 'ending-'));
  const without: number[] = [];
  const withSpool: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      without.push(await endMillis({ how: 'exit' }));
      const spool = { directory: join(folder, `${round}`) };
      withSpool.push(await endMillis({ how: 'exit', options: { webhookUrl, spool } }));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { withoutMillis: median(without), withSpoolMillis: median(withSpool) };
}

/** Measures from the app's output, which comes directly before `process.exit()`, to the end of the process. */
async function endMillis(app: object): Promise<number> {
  const child = spawn(process.execPath, [APP, JSON.stringify(app)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const from = performance.now();
  const [code] = await exited;
  if (code !== 3) throw new Error(`expected the app to exit with 3, got ${code}`);
  return performance.now() - from;
}

function median(values: readonly number[]): number {
  return Number((values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN).toFixed(1));
}
