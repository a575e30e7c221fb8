import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Environment } from '../../../../src/config/env.js';
import type { DestinationSettings, Settings } from '../../../../src/config/settings.js';
import { createRateLimits } from '../../../../src/deliver/rate-limiter.js';
import { createPipeline } from '../../../../src/pipeline/pipeline.js';
import type { ReadableLogRecord } from '../../../../src/record/otel.js';
import { connectToSlack } from '../../../../src/slack/client.js';
import { knownError } from '../../../../src/slack/errors.js';
import type { Destination, Outcome } from '../../../../src/slack/types.js';
import { openSpool } from '../../../../src/spool/spool.js';
import type { Clock } from '../../../../src/util/clock.js';
import { diagnosticsFor } from '../shared/diagnostics.js';
import type { Asker } from './api.js';
import type { Place } from './destinations.js';
import { remedyOf } from './remedies.js';
import { type Step, stepsAbout } from './step.js';
import { lookUp } from './token.js';

/** What a test alert needs. */
export interface SendParts {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly asker: Asker;
}

/** However slow Slack is. */
const PATIENCE_MILLIS = 15_000;

/** Posts one test alert through the whole exporter, and says where it stands. It mentions nobody. */
export async function sendTest({ destination, label }: Place, parts: SendParts): Promise<Step> {
  const steps = stepsAbout(label);
  const outcome = await post(destination, parts);
  if (outcome?.kind === 'sent') {
    const link = await permalink(destination, outcome, parts.asker);
    return steps.ok('send', `a test alert is posted${link === undefined ? '' : `: ${link}`}`);
  }
  const reason = outcome?.reason ?? 'TIMEOUT';
  const remedy = /^[A-Z_]+$/.test(reason) ? remedyOf(reason) : (knownError(reason)?.remedy ?? lookUp(reason));
  return steps.problem('send', `the test alert was not taken: ${reason}`, remedy);
}

async function post(
  destination: Destination,
  { settings, environment, clock }: SendParts,
): Promise<Outcome | undefined> {
  let outcome: Outcome | undefined;
  const target: DestinationSettings = { destination, fallback: undefined, mention: undefined, quietHours: undefined };
  const route = { matches: undefined, minSeverity: 1, goesOn: false, target };
  const pipeline = createPipeline(
    { ...settings, routes: [route], minSeverity: 1, spool: false },
    {
      clock,
      ...{
        random: Math.random,
        newId: () => randomBytes(4).toString('hex'),
        openSpool,
        rateLimits: createRateLimits(),
      },
      diagnostics: diagnosticsFor(),
      connect(to, options) {
        const connection = connectToSlack(to, options);
        const ask: typeof connection.ask = async (request, signal) => {
          outcome = await connection.ask(request, signal);
          return outcome;
        };
        return { ...connection, ask };
      },
    },
  );
  await pipeline.accept([testRecord(environment, clock)]);
  await pipeline.flush(clock.monotonic() + PATIENCE_MILLIS);
  await pipeline.close({ deadlineMillis: clock.monotonic(), graceMillis: 0 });
  return outcome;
}

function testRecord(environment: Environment, clock: Clock): ReadableLogRecord {
  const nowMillis = clock.now();
  return {
    hrTime: [Math.floor(nowMillis / 1_000), Math.floor(nowMillis % 1_000) * 1_000_000],
    severityNumber: 9,
    severityText: 'INFO',
    body: 'Test alert of otel-slack doctor: who reads this gets the alerts. Nothing is wrong',
    attributes: {},
    resource: {
      attributes: { 'service.name': environment.OTEL_SERVICE_NAME || 'otel-slack doctor', 'host.name': hostname() },
    },
    instrumentationScope: { name: 'otel-slack' },
  };
}

async function permalink(destination: Destination, outcome: Outcome, asker: Asker): Promise<string | undefined> {
  if (destination.kind !== 'channel' || outcome.kind !== 'sent' || outcome.ref === undefined) return undefined;
  const { channel, ts: message_ts } = outcome.ref;
  const answer = await asker.ask(`${destination.apiUrl}chat.getPermalink`, { channel, message_ts }, destination.token);
  const link = 'fields' in answer ? answer.fields.permalink : undefined;
  return typeof link === 'string' && URL.canParse(link) ? link : undefined;
}
