import { setTimeout as sleep } from 'node:timers/promises';
import { SupplierUnavailable } from './errors.js';
import { logger } from './logger.js';

const SUPPLIER_URL = process.env.SUPPLIER_URL ?? 'http://localhost:8082/';
const PAUSE_MILLIS = 25;

let isStopping = false;
let running: Promise<void> | undefined;

/** Starts the job, unless it is running. */
export function startSync(articles: number): void {
  running ??= sync(articles).finally(() => {
    running = undefined;
  });
}

export async function stopSync(): Promise<void> {
  isStopping = true;
  await running;
}

/** A typical job: no back-off, no circuit breaker, one log line for each failure. */
async function sync(articles: number): Promise<void> {
  for (let article = 1; article <= articles && !isStopping; article++) {
    await sleep(PAUSE_MILLIS);
    await syncArticle(`SKU-${article}`);
  }
}

async function syncArticle(sku: string): Promise<void> {
  try {
    const answer = await fetch(new URL(`stock/${sku}`, SUPPLIER_URL));
    await answer.arrayBuffer();
    if (!answer.ok) throw new SupplierUnavailable(`the supplier answered ${answer.status}`, {});
  } catch (err) {
    logger.error({ err, sku, 'job.name': 'stock-sync', 'server.address': 'supplier' }, 'stock is not up to date');
  }
}
