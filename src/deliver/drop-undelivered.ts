import { snapshot, unshown } from '../groups/group.js';
import { countedOf } from '../util/text.js';
import type { SettlementParts } from './handle-outcome.js';

/** What becomes of records that nobody will be told of. */
interface LeftoverParts extends SettlementParts {
  /** For people; holds no secret. */
  readonly label: string;
}

/** A record that could not be shown for so long is of no use to anybody. */
const RETENTION_MILLIS = 24 * 3_600_000;

/** What could not be shown for a day is dropped. */
export function expire({ label, outbox, ledger, clock, diagnostics }: LeftoverParts): void {
  const beforeMillis = clock.monotonic() - RETENTION_MILLIS;
  if (beforeMillis <= 0) return;
  const old = outbox.groups().filter(({ waitingSinceAtMillis = beforeMillis }) => waitingSinceAtMillis < beforeMillis);
  const records = outbox.giveUp(old.map(snapshot));
  if (records === 0) return;
  ledger.drop(records, 'expired');
  diagnostics.warn(
    `expired ${label}`,
    `${label}: ${countedOf(records, 'record')} could not be sent for a day; dropped`,
  );
}

/** At the end all is dropped. What stands in a request that was never answered may have been shown; the others were not. */
export function dropAll({ label, outbox, ledger, diagnostics }: LeftoverParts): void {
  const unconfirmed = outbox.unconfirmed();
  const records = outbox.giveUp(
    outbox
      .groups()
      .filter((group) => unshown(group) > 0)
      .map(snapshot),
  );
  ledger.drop(unconfirmed, 'unconfirmed');
  ledger.drop(records - unconfirmed, 'shutdown');
  if (records === 0) return;
  const maybe = unconfirmed > 0 ? ` (${countedOf(unconfirmed, 'record')} may have arrived)` : '';
  diagnostics.warn(
    `shutdown ${label}`,
    `${label}: ${countedOf(records, 'record')} not delivered before shutdown${maybe}`,
  );
}

/** At the end only what is in memory is dropped: what is on the disk is left to the next process. */
export function dropUnkept({ label, outbox, ledger, diagnostics }: LeftoverParts): void {
  const lost = outbox.dropUnspooled();
  ledger.drop(lost, 'shutdown');
  const kept = outbox.pending();
  if (kept + lost === 0) return;
  const dropped = lost > 0 ? `; ${countedOf(lost, 'record')} could not be kept and are dropped` : '';
  diagnostics.warn(
    `shutdown ${label}`,
    `${label}: ${countedOf(kept, 'record')} not delivered before shutdown, kept in the spool for the next start${dropped}`,
  );
}
