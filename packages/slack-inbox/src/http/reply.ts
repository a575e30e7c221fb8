import type { JsonObject } from '../model/index.js';

/** An answer that was not sent yet, and what the log of requests says about it. */
export interface Reply {
  readonly status: number;
  /** Without the charset, which is UTF-8. */
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Slack's word for the refusal; absent when the request was carried out. */
  readonly error?: string;
  readonly channel?: string;
  readonly messageTs?: string;
}

/** What the log wants to know beyond the answer itself. */
type Mention = Pick<Reply, 'channel' | 'messageTs' | 'error'>;

export function textReply(status: number, body: string, mention: Mention = {}): Reply {
  return { status, contentType: 'text/plain', headers: {}, body, ...mention };
}

export function jsonReply(body: JsonObject, mention: Mention = {}): Reply {
  return { status: 200, contentType: 'application/json', headers: {}, body: JSON.stringify(body), ...mention };
}

/** Slack's status for the error texts of webhooks, from docs.slack.dev/messaging on incoming webhooks. */
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

/** A refusal by a webhook: plain text; 400 unless Slack has another status for it. */
export function webhookError(error: string, mention: Mention = {}): Reply {
  return textReply(WEBHOOK_STATUS[error] ?? 400, error, { ...mention, error });
}

/** A refusal by the Web API: 200, JSON. */
export function apiError(error: string, more: JsonObject = {}, mention: Mention = {}): Reply {
  return jsonReply({ ok: false, error, ...more }, { ...mention, error });
}

/** 429 of the kind that the poster expects. */
export function rateLimited(via: 'webhook' | 'api', retryAfter: number | string | null, mention: Mention = {}): Reply {
  const reply = via === 'webhook' ? webhookError('rate_limited', mention) : apiError('ratelimited', {}, mention);
  const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
  return { ...reply, status: 429, headers };
}
