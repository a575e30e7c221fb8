import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { DestinationSettings, Environment, Settings } from '../../../../src/config/index.js';
import { createRateLimits } from '../../../../src/deliver/index.js';
import { createPipeline } from '../../../../src/pipeline/index.js';
import type { ReadableLogRecord } from '../../../../src/record/index.js';
import { connectToSlack, type Destination, knownError, type Outcome } from '../../../../src/slack/index.js';
import { openSpool } from '../../../../src/spool/index.js';
import type { Clock } from '../../../../src/util/index.js';
import { createDiagnostics } from '../shared/diagnostics.js';
import type { UsedDestination } from './destinations.js';
import { outsideText } from './outside-text.js';
import { remedyOf } from './remedies.js';
import type { SlackApi } from './slack-api.js';
import { type Step, stepsAbout } from './step.js';
import { lookUpRemedy } from './token.js';

/** Options of {@link sendTest}. */
export interface SendOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly api: SlackApi;
}

/** Slack may answer slowly, or ask to retry later. */
const SEND_TIMEOUT_MILLIS = 15_000;

/** Posts one test alert through the whole exporter and links to the message. The alert mentions nobody. */
export async function sendTest({ destination, label }: UsedDestination, options: SendOptions): Promise<Step> {
  const steps = stepsAbout(label);
  const outcome = await post(destination, options);
  if (outcome?.kind === 'sent') {
    const link = await permalink(destination, outcome, options.api);
    return steps.ok('send', `the test alert was posted${link === undefined ? '' : `: ${link}`}`);
  }
  const reason = outcome?.reason ?? 'TIMEOUT';
  const remedy = /^[A-Z_]+$/.test(reason) ? remedyOf(reason) : (knownError(reason)?.remedy ?? lookUpRemedy(reason));
  return steps.problem('send', `Slack did not accept the test alert: ${reason}`, remedy);
}

async function post(
  destination: Destination,
  { settings, environment, clock }: SendOptions,
): Promise<Outcome | undefined> {
  let outcome: Outcome | undefined;
  const target: DestinationSettings = { destination, fallback: undefined, mention: undefined, quietHours: undefined };
  const route = { matches: undefined, minSeverity: 1, continues: false, target };
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
      diagnostics: createDiagnostics(),
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
  await pipeline.flush(clock.monotonic() + SEND_TIMEOUT_MILLIS);
  await pipeline.close({ deadlineMillis: clock.monotonic(), graceMillis: 0 });
  return outcome;
}

function testRecord(environment: Environment, clock: Clock): ReadableLogRecord {
  const nowMillis = clock.now();
  return {
    hrTime: [Math.floor(nowMillis / 1_000), Math.floor(nowMillis % 1_000) * 1_000_000],
    severityNumber: 9,
    severityText: 'INFO',
    body: 'Test alert from otel-slack doctor: alerts arrive in this channel. Nothing is wrong',
    attributes: {},
    resource: {
      attributes: { 'service.name': environment.OTEL_SERVICE_NAME || 'otel-slack doctor', 'host.name': hostname() },
    },
    instrumentationScope: { name: 'otel-slack' },
  };
}

async function permalink(destination: Destination, outcome: Outcome, api: SlackApi): Promise<string | undefined> {
  if (destination.kind !== 'channel' || outcome.kind !== 'sent' || outcome.ref === undefined) return undefined;
  const { channel, ts: message_ts } = outcome.ref;
  const response = await api.call(`${destination.apiUrl}chat.getPermalink`, { channel, message_ts }, destination.token);
  const link = 'fields' in response ? response.fields.permalink : undefined;
  return typeof link === 'string' && URL.canParse(link) ? outsideText(new URL(link).href, 300) : undefined;
}
