import { knownError } from '../../../../src/slack/index.js';
import { counted } from '../../../../src/util/index.js';
import type { UsedToken } from './destinations.js';
import { outsideText } from './outside-text.js';
import { remedyOf } from './remedies.js';
import type { SlackApi, SlackResponse } from './slack-api.js';
import { hasProblem, type Step, type Steps, stepsAbout } from './step.js';

/** The scopes of a token; undefined when Slack's answer does not list them. */
export type Scopes = ReadonlySet<string> | undefined;

/** The result of {@link checkToken}. */
export interface TokenFindings {
  readonly steps: readonly Step[];
  readonly scopes: Scopes;
  /** The app's name in Slack; undefined when Slack does not accept the token. */
  readonly appName: string | undefined;
}

/** Checks that Slack accepts the token, the scopes of the token, and the clock of this machine. */
export async function checkToken({ token, apiUrl, label }: UsedToken, api: SlackApi): Promise<TokenFindings> {
  const steps = stepsAbout(label);
  const response = await api.call(`${apiUrl}auth.test`, {}, token);
  if ('code' in response) {
    const step = steps.problem('token', `no answer from auth.test: ${response.code}`, remedyOf(response.code));
    return { steps: [step], scopes: undefined, appName: undefined };
  }
  const scopes = scopesOf(response);
  const known = tokenStep(response, steps);
  const clock = clockStep(response, steps);
  if (hasProblem([known])) return { steps: [known, clock], scopes, appName: undefined };
  const { user } = response.fields;
  const appName = typeof user === 'string' && /^[\w.-]{1,80}$/.test(user) ? user : 'app';
  return { steps: [known, ...scopeSteps(scopes, steps), clock], scopes, appName };
}

function tokenStep({ ok, error, fields, header }: SlackResponse, steps: Steps): Step {
  if (ok) {
    const kind = fields.bot_id === undefined ? 'user' : 'bot';
    return steps.ok('token', `${kind} ${quoted(fields.user)} of ${quoted(fields.team)}`);
  }
  const wait = header('retry-after');
  if (wait !== undefined)
    return steps.problem('token', error, `Slack is rate limiting; try again in ${outsideText(wait, 40)} s`);
  return steps.problem('token', `auth.test: ${error}`, knownError(error)?.remedy ?? lookUpRemedy(error));
}

/** What to do about an error that the exporter has no remedy for. */
export function lookUpRemedy(error: string): string {
  return error.includes(' ')
    ? 'check the URL of the API, and the proxies on the way'
    : `look ${error} up in https://docs.slack.dev`;
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(outsideText(value, 80)) : 'unknown';
}

function scopesOf({ header }: SlackResponse): Scopes {
  const text = header('x-oauth-scopes');
  return text === undefined ? undefined : new Set(text.split(',').map((scope) => outsideText(scope.trim(), 80)));
}

/** `chat:write`, and the scopes of older apps that include it. */
const POSTING_SCOPES: readonly string[] = ['chat:write', 'chat:write:bot', 'chat:write:user', 'bot'];

function scopeSteps(scopes: Scopes, steps: Steps): readonly Step[] {
  if (scopes === undefined) return [steps.skipped('scopes', 'Slack’s answer does not list the scopes of the token')];
  const list = [...scopes].join(', ') || 'none';
  const answers = scopes.has('reactions:read')
    ? steps.ok('answers', 'reactions:read: the reactions 🔕 and ✅ are answers')
    : steps.skipped(
        'answers',
        'reactions:read is missing: reactions are not read',
        'add the scope to answer by reaction',
      );
  if (POSTING_SCOPES.some((scope) => scopes.has(scope))) return [steps.ok('scopes', list), answers];
  const remedy = 'add the scope chat:write under "OAuth & Permissions" of the Slack app, and install the app again';
  return [steps.problem('scopes', `chat:write is missing; the token has ${list}`, remedy), answers];
}

/** More than this makes the times in messages wrong; certificates may be refused. */
const MAX_SKEW_MILLIS = 30_000;

/** Compares this machine's clock with the `Date` of a response. */
export function clockStep({ clockSkewMillis }: Pick<SlackResponse, 'clockSkewMillis'>, steps: Steps): Step {
  if (clockSkewMillis === undefined) return steps.skipped('clock', 'Slack’s answer has no date');
  const seconds = Math.round(Math.abs(clockSkewMillis) / 1_000);
  if (Math.abs(clockSkewMillis) <= MAX_SKEW_MILLIS)
    return steps.ok('clock', seconds <= 1 ? 'correct' : `${seconds} s off`);
  const direction = clockSkewMillis > 0 ? 'ahead' : 'behind';
  const remedy = 'synchronize it with NTP; until then the times in messages are wrong';
  return steps.problem('clock', `${counted(seconds)} s ${direction}`, remedy);
}
