import type { JsonObject } from '../model/index.js';

/** An answer that is not sent yet, and its fields for the log of requests. */
export interface Reply {
  readonly status: number;
  /** Without the charset, which is UTF-8. */
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Slack's error; absent when the request was carried out. */
  readonly error?: string;
  readonly channel?: string;
  readonly messageTs?: string;
}

/** The fields of a reply that only the log uses. */
type LogFields = Pick<Reply, 'channel' | 'messageTs' | 'error'>;

export function textReply(status: number, body: string, logFields: LogFields = {}): Reply {
  return { status, contentType: 'text/plain', headers: {}, body, ...logFields };
}

export function jsonReply(body: JsonObject, logFields: LogFields = {}): Reply {
  return { status: 200, contentType: 'application/json', headers: {}, body: JSON.stringify(body), ...logFields };
}

/** Slack's HTTP status for each error of a webhook. Source: docs.slack.dev/messaging, incoming webhooks. */
const WEBHOOK_STATUS: Readonly<Record<string, number>> = {
  action_prohibited: 403,
  invalid_token: 403,
  posting_to_general_channel_denied: 403,
  channel_not_found: 404,
  no_service: 404,
  no_active_hooks: 404,
  no_team: 404,
  team_disabled: 404,
  method_not_allowed: 405,
  channel_is_archived: 410,
  rate_limited: 429,
  rollup_error: 500,
};

/** Returns an error of a webhook: plain text, and status 400 unless {@link WEBHOOK_STATUS} has another. */
export function webhookError(error: string, logFields: LogFields = {}): Reply {
  return textReply(WEBHOOK_STATUS[error] ?? 400, error, { ...logFields, error });
}

/** Returns an error of the Web API: JSON with status 200. */
export function apiError(error: string, more: JsonObject = {}, logFields: LogFields = {}): Reply {
  return jsonReply({ ok: false, error, ...more }, { ...logFields, error });
}

/** Returns a 429 in the form of a webhook or of the Web API. @param retryAfter the header; `null` omits it */
export function rateLimited(
  via: 'webhook' | 'api',
  retryAfter: number | string | null,
  logFields: LogFields = {},
): Reply {
  const reply = via === 'webhook' ? webhookError('rate_limited', logFields) : apiError('ratelimited', {}, logFields);
  const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
  return { ...reply, status: 429, headers };
}
