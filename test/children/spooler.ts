// A process with a spool. It stores values on command and delivers its values to its parent. Started by
// processes.test.ts.
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSpool } from '../../src/spool/spool.js';
import { systemClock } from '../../src/util/clock.js';

const [, , directory = '', speed = '10'] = process.argv;
const pending = new Map<string, string>();
let isDelivering = false;

/** A faster clock, so that fifteen seconds are short. */
const clock = {
  now: () => systemClock.now(),
  monotonic: () => systemClock.monotonic() * Number(speed),
  after: (millis: number, callback: () => void) => systemClock.after(millis / Number(speed), callback),
};

const spool = openSpool({
  directory,
  maxBytes: 16 * 1024 * 1024,
  maxAgeMillis: 86_400_000,
  clock,
  // Three real seconds.
  maxOperationMillis: 3_000 * Number(speed),
  newId: randomUUID,
  warn: (message) => report('warned', message),
});
spool.onRecovered((entries) => {
  for (const { id, value } of entries) pending.set(id, String(value));
  report('recovered', String(entries.length));
});
spool.onTaken((ids) => {
  for (const id of ids) pending.delete(id);
  report('taken', String(ids.length));
});

type Command =
  | { readonly append: readonly string[] }
  | { readonly deliver: boolean }
  | { readonly end: 'close' | 'exit' };

process.on('message', async (command: Command) => {
  if ('append' in command) await append(command.append);
  else if ('deliver' in command) isDelivering = command.deliver;
  else if (command.end === 'exit') process.exit();
  else {
    await spool.close();
    process.disconnect();
  }
});
process.on('disconnect', () => process.exit());
process.on('exit', () => spool.closeSync());
report('ready', '');
void deliverAll();

async function append(values: readonly string[]): Promise<void> {
  for (const value of values) {
    const { ids } = await spool.append([value]);
    for (const id of ids) pending.set(id, value);
    report(ids.length > 0 ? 'stored' : 'refused', value);
  }
}

/**
 * Delivers one value after the other, each after the last one is acknowledged on disk: a kill can repeat at most one.
 */
async function deliverAll(): Promise<void> {
  for (;;) {
    await sleep(2);
    if (!isDelivering) continue;
    await spool.verify();
    const [first] = pending;
    if (first === undefined) continue;
    const [id, value] = first;
    pending.delete(id);
    report('delivered', value);
    spool.acknowledge([id]);
    await spool.flush();
  }
}

/** Written synchronously, so that a kill loses no line. */
function report(what: string, value: string): void {
  writeSync(1, `${what} ${value}\n`);
}
