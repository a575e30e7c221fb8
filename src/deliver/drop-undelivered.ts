import { snapshot, unshown } from '../groups/index.js';
import { countedOf } from '../util/index.js';
import type { OutcomeHandlerParts } from './handle-outcome.js';

interface Undelivered extends OutcomeHandlerParts {
  /** Names the destination for people; holds no secret. */
  readonly label: string;
}

/** A record that has been pending for a day is too old to help anybody. */
const RETENTION_MILLIS = 24 * 3_600_000;

/** Drops records that have been pending for a day. */
export function dropExpired({ label, outbox, ledger, clock, diagnostics }: Undelivered): void {
  const beforeMillis = clock.monotonic() - RETENTION_MILLIS;
  if (beforeMillis <= 0) return;
  const groups = outbox.groups.all();
  const old = groups.filter(({ waitingSinceAtMillis = beforeMillis }) => waitingSinceAtMillis < beforeMillis);
  const records = outbox.drop(old.map(snapshot));
  if (records === 0) return;
  ledger.drop(records, 'expired');
  diagnostics.warn(
    `expired ${label}`,
    `${label}: ${countedOf(records, 'record')} could not be sent for a day; dropped`,
  );
}

/** Drops all pending records at shutdown. Records in a request without an answer count as `unconfirmed`: Slack may show them. */
export function dropAll({ label, outbox, ledger, diagnostics }: Undelivered): void {
  const unconfirmed = outbox.unconfirmed();
  const groups = outbox.groups.all().filter((group) => unshown(group) > 0);
  const records = outbox.drop(groups.map(snapshot));
  ledger.drop(unconfirmed, 'unconfirmed');
  ledger.drop(records - unconfirmed, 'shutdown');
  if (records === 0) return;
  const maybe = unconfirmed > 0 ? ` (${countedOf(unconfirmed, 'record')} may have arrived)` : '';
  diagnostics.warn(
    `shutdown ${label}`,
    `${label}: ${countedOf(records, 'record')} not delivered before shutdown${maybe}`,
  );
}

/** Drops the records that are in memory only at shutdown. The next process delivers the records in the spool. */
export function dropUnsaved({ label, outbox, ledger, diagnostics }: Undelivered): void {
  const lost = outbox.persistence.dropUnsaved();
  ledger.drop(lost, 'shutdown');
  const saved = outbox.groups.pending;
  if (saved + lost === 0) return;
  const dropped = lost > 0 ? `; ${countedOf(lost, 'record')} could not be saved and are dropped` : '';
  diagnostics.warn(
    `shutdown ${label}`,
    `${label}: ${countedOf(saved, 'record')} not delivered before shutdown, saved in the spool for the next start${dropped}`,
  );
}
