import { knownError } from '../../../../src/slack/errors.js';
import { counted } from '../../../../src/util/text.js';
import type { Answer, Asker } from './api.js';
import type { TokenPlaces } from './destinations.js';
import { remedyOf } from './remedies.js';
import { hasProblem, type Step, type Steps, stepsAbout } from './step.js';

/** What a token may do; undefined: Slack did not say. */
export type Scopes = ReadonlySet<string> | undefined;

/** What {@link checkToken} found. */
export interface TokenFindings {
  readonly steps: readonly Step[];
  readonly scopes: Scopes;
  /** How people in Slack call the app; undefined: Slack does not know the token. */
  readonly appName: string | undefined;
}

/** Whether Slack knows the token, what it may do, and whether our clocks agree. */
export async function checkToken({ token, apiUrl, label }: TokenPlaces, asker: Asker): Promise<TokenFindings> {
  const steps = stepsAbout(label);
  const answer = await asker.ask(`${apiUrl}auth.test`, {}, token);
  if ('code' in answer) {
    const step = steps.problem('token', `auth.test got no answer: ${answer.code}`, remedyOf(answer.code));
    return { steps: [step], scopes: undefined, appName: undefined };
  }
  const scopes = scopesOf(answer);
  const known = tokenStep(answer, steps);
  const clock = clockStep(answer, steps);
  if (hasProblem([known])) return { steps: [known, clock], scopes, appName: undefined };
  const { user } = answer.fields;
  const appName = typeof user === 'string' && /^[\w.-]{1,80}$/.test(user) ? user : 'app';
  return { steps: [known, ...scopeSteps(scopes, steps), clock], scopes, appName };
}

function tokenStep({ ok, error, fields, header }: Answer, steps: Steps): Step {
  if (ok) {
    const who = fields.bot_id === undefined ? 'user' : 'bot';
    return steps.ok('token', `${who} ${named(fields.user)} of ${named(fields.team)}`);
  }
  const wait = header('retry-after');
  if (wait !== undefined) return steps.problem('token', error, `Slack asks to come again in ${wait} s`);
  return steps.problem('token', `auth.test: ${error}`, knownError(error)?.remedy ?? lookUp(error));
}

/** Where to look for what is not in our table. */
export function lookUp(error: string): string {
  return error.includes(' ')
    ? 'check the URL of the API, and what stands between'
    : `look ${error} up in https://docs.slack.dev`;
}

function named(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : 'unknown';
}

function scopesOf({ header }: Answer): Scopes {
  const text = header('x-oauth-scopes');
  return text === undefined ? undefined : new Set(text.split(',').map((scope) => scope.trim()));
}

/** Granted by old apps too, under other names. */
const MAY_POST: readonly string[] = ['chat:write', 'chat:write:bot', 'chat:write:user', 'bot'];

function scopeSteps(scopes: Scopes, steps: Steps): readonly Step[] {
  if (scopes === undefined) return [steps.skipped('scopes', 'Slack did not say which the token has')];
  const list = [...scopes].join(', ') || 'none';
  const reading = scopes.has('reactions:read')
    ? steps.ok('answers', 'reactions:read: 🔕 and ✅ under a message are answers')
    : steps.skipped('answers', 'without reactions:read reactions mean nothing', 'add the scope if you want them to');
  if (MAY_POST.some((scope) => scopes.has(scope))) return [steps.ok('scopes', list), reading];
  const remedy = 'add the scope chat:write under "OAuth & Permissions" of the Slack app, and install the app again';
  return [steps.problem('scopes', `chat:write is missing; there is ${list}`, remedy), reading];
}

/** What Slack shows as times, and whether certificates are valid, goes by clocks. */
const MOST_SKEW_MILLIS = 30_000;

/** Whether this machine's clock is right. */
export function clockStep({ skewMillis }: Pick<Answer, 'skewMillis'>, steps: Steps): Step {
  if (skewMillis === undefined) return steps.skipped('clock', 'the answer has no date to compare with');
  const seconds = Math.round(Math.abs(skewMillis) / 1_000);
  if (Math.abs(skewMillis) <= MOST_SKEW_MILLIS) return steps.ok('clock', seconds <= 1 ? 'right' : `${seconds} s off`);
  const direction = skewMillis > 0 ? 'ahead' : 'behind';
  const remedy = 'set it, and let NTP keep it; until then the times in messages are wrong';
  return steps.problem('clock', `${counted(seconds)} s ${direction}`, remedy);
}
