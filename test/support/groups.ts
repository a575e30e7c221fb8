import assert from 'node:assert/strict';
import { type Group, type PostedMessage, type Row, snapshot } from '../../src/groups/group.js';
import type { Moment } from '../../src/groups/lifecycle.js';
import { MutableGroup } from '../../src/groups/mutable-group.js';
import type { Notification } from '../../src/groups/notification.js';
import { Outbox } from '../../src/groups/outbox.js';
import { POLICY, type Policy } from '../../src/groups/policy.js';
import { Rate } from '../../src/groups/rate.js';
import { type RowState, rowOf, wordsOf } from '../../src/groups/rows.js';
import { type Failure, GOOD_STANDING } from '../../src/groups/standing/standing.js';
import { choose, type Plan } from '../../src/plan/choose.js';
import type { PlanInput } from '../../src/plan/plan-input.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { readRecord } from '../../src/record/read-record.js';
import { type Sample, toSample } from '../../src/record/sample.js';
import type { MessageRef } from '../../src/slack/types.js';
import { type ManualClock, manualClock } from './clock.js';
import { record } from './records.js';
import { REDACTOR } from './redactor.js';

/** Fields of a record that replace those of `record()`. */
export type Overrides = Partial<ReadableLogRecord>;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** The endpoint and the channel of the messages in tests. */
export const PLACE = 'C1';

/** Returns the sample of a record. */
export const sampleOf = (overrides: Overrides = {}): Sample => toSample(readRecord(record(overrides)), REDACTOR);

/** Returns a group of one record at time 0 that was not posted yet, with the given changes. */
export function groupOf(overrides: Overrides = {}, changes: Partial<Group> = {}): Group {
  const view = readRecord(record(overrides));
  const sample = toSample(view, REDACTOR);
  const { kind = 'problem', fingerprint = 'a', id = 'c0ffee00' } = changes;
  const group = new MutableGroup({ kind, fingerprint, id, sample, redactor: REDACTOR, nowMillis: 0 });
  group.add(view, 1, 0);
  return { ...snapshot(group), ...changes };
}

/** Returns the failure of a request that held nothing else. */
export function failureOf(changes: Partial<Failure> = {}): Failure {
  const failed = { event: 'refused', reason: 'http_403', together: 1, maxTogether: 1 } as const;
  return { ...failed, nowMillis: 0, holdMillis: 0, ...changes };
}

/** Returns the row of a group in a message. */
export function rowFor(group: Group, changes: Partial<Row> = {}, moment: Partial<RowState> = {}): Row {
  return { ...rowOf(wordsOf(group), group, { nowMillis: 0, status: 'live', ...moment }), ...changes };
}

/** Returns the row of a group of `count` equal records. */
export function rowOfRecord(overrides: Overrides = {}, count = 1, changes: Partial<Row> = {}): Row {
  return rowFor(groupOf(overrides, { count }), changes);
}

/** Returns a message that was posted at time 0, shows these rows, and can be updated. */
export function messageOf(rows: readonly Row[], changes: Partial<PostedMessage> = {}): PostedMessage {
  return {
    kind: rows.length === 1 ? 'single' : 'digest',
    id: 'c0ffee00',
    endpoint: PLACE,
    ref: { channel: PLACE, ts: '1.1' },
    isFrozen: false,
    rows: new Map(rows.map((row) => [row.fingerprint, row])),
    changedAtMillis: 0,
    reactionsReadAtMillis: 0,
    repliedAtMillis: Number.NEGATIVE_INFINITY,
    standing: GOOD_STANDING,
    failedReplies: 0,
    ...changes,
  };
}

/** Returns a group whose records were posted at time 0, in a message that can be updated. */
export function saidGroup(changes: Partial<Group> = {}, message: Partial<PostedMessage> = {}): Group {
  const { shown = changes.count ?? 1, count = shown } = changes;
  const group = groupOf({}, { count, shown, postCount: 1, firstPostedAtMillis: 0, lastPostedAtMillis: 0 });
  const said = { ...group, waitingSinceAtMillis: count > shown ? 0 : undefined };
  return { ...said, message: messageOf([rowFor(said, { count: shown })], message), ...changes };
}

/** Returns the rate of a problem that occurred this often in each of these minutes. */
export function rateOf(...perMinute: readonly number[]): Rate {
  const rate = new Rate();
  perMinute.forEach((records, minute) => {
    if (records > 0) rate.add(minute * MINUTE, records);
  });
  return rate;
}

/** Returns a moment outside of quiet hours, with no endpoint blocked. */
export function momentOf(nowMillis: number, changes: Partial<Moment> = {}): Moment {
  return { nowMillis, quietHoursMillis: 0, isClosing: false, blocked: new Set(), ...changes };
}

/** The part of a {@link PlanInput} that a test sets. */
export type Circumstances = Partial<Omit<PlanInput, 'groups' | 'outdated' | 'moment'>> & {
  readonly moment?: Partial<Moment>;
};

/** Returns the plan for these groups. */
export function planOf(
  groups: readonly Group[],
  nowMillis = 0,
  { moment, ...others }: Circumstances & { readonly outdated?: readonly PostedMessage[] } = {},
): PlanForTest {
  const plan = choose({
    groups,
    outdated: [],
    policy: POLICY,
    isGathered: false,
    endpoint: PLACE,
    updatesPerMinute: 20,
    readyAtMillis: (act) => (act === 'reactions' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY),
    ...others,
    moment: momentOf(nowMillis, moment),
  });
  const { next } = plan;
  return {
    ...plan,
    endpoint: next?.endpoint,
    notification: next?.act === 'notify' ? next.build() : undefined,
    reactionsOf: next?.act === 'reactions' ? next.message : undefined,
  };
}

/** A plan with the parts of its next step. */
export interface PlanForTest extends Plan {
  readonly endpoint: string | undefined;
  readonly notification: Notification | undefined;
  readonly reactionsOf: PostedMessage | undefined;
}

/** Returns the notification that posts these groups in as few messages as possible. */
export function selectionOf(groups: readonly Group[], changes: Partial<Notification> = {}): Notification {
  const { notification } = planOf(groups, 0, { isGathered: true });
  assert.ok(notification, 'no notification is due');
  return { ...notification, ...changes };
}

/** Options of {@link desk}. */
export interface DeskOptions {
  readonly maxGroups?: number;
  /** Whether messages can be updated and have threads. `false` for a webhook. */
  readonly canUpdate?: boolean;
  readonly policy?: Partial<Policy>;
}

/** All stages from the records to the notifications, with a clock and without Slack. */
export interface Desk {
  readonly box: Outbox;
  readonly clock: ManualClock;
  /** Folds a record with this body, or with these fields, into the group of a fingerprint. */
  fold(fingerprint: string, overrides?: Overrides, times?: number): void;
  group(fingerprint: string): Group;
  plan(circumstances?: Circumstances): PlanForTest;
  /** Returns the next notification. Fails when none is due. */
  next(circumstances?: Circumstances): Notification;
  /** Records that Slack confirmed the notification. */
  confirm(notification: Notification): void;
  /** Posts the next notification, which Slack confirms. */
  say(circumstances?: Circumstances): Notification;
  /** Posts all notifications that are due, one by one. */
  sayAll(circumstances?: Circumstances): readonly Notification[];
}

/** Creates a {@link Desk}. */
export function desk({ maxGroups = 1_000, canUpdate = true, policy }: DeskOptions = {}): Desk {
  const clock = manualClock();
  const deskPolicy = { ...POLICY, ...policy };
  let ids = 0;
  let posts = 0;
  const refOf = (): MessageRef | undefined => (canUpdate ? { channel: PLACE, ts: `${++posts}.0` } : undefined);
  const newId = (): string => `id${++ids}`;
  const box = new Outbox({ clock, policy: deskPolicy, maxGroups, hasThreads: canUpdate, newId, redactor: REDACTOR });
  const made: Desk = {
    box,
    clock,
    fold(fingerprint, overrides = { body: fingerprint }, times = 1) {
      box.fold(readRecord(record(overrides)), fingerprint, times);
    },
    group(fingerprint) {
      const found = box.groups.all().find((group) => group.fingerprint === fingerprint);
      assert.ok(found, `no group ${fingerprint}`);
      return found;
    },
    plan: (circumstances) =>
      planOf(box.groups.all(), clock.monotonic(), {
        outdated: box.messages.outdated(),
        policy: deskPolicy,
        ...circumstances,
      }),
    next(circumstances) {
      const { notification } = made.plan(circumstances);
      assert.ok(notification, 'no notification is due');
      return notification;
    },
    confirm(notification) {
      box.sent(notification, PLACE, notification.act === 'post' ? refOf() : undefined);
    },
    say(circumstances) {
      const notification = made.next(circumstances);
      made.confirm(notification);
      return notification;
    },
    sayAll(circumstances) {
      const said: Notification[] = [];
      for (let plan = made.plan(circumstances); plan.notification !== undefined; plan = made.plan(circumstances)) {
        made.confirm(plan.notification);
        said.push(plan.notification);
        assert.ok(said.length < 1_000, 'notifications without end');
      }
      return said;
    },
  };
  return made;
}
