import { type Reply, rateLimited, textReply, webhookError } from '../http/index.js';
import type { JsonObject } from '../model/index.js';
import { type InboxState, POST_RATE } from '../state/index.js';
import { refuseMessage } from '../validate/index.js';

/** A request to an incoming webhook. */
interface WebhookCall {
  readonly httpMethod: string;
  /** `/services/T…/B…/…` */
  readonly path: string;
  /** `undefined` when the body is not a JSON object. */
  readonly payload: JsonObject | undefined;
  readonly bytes: number;
}

/** Answers as an incoming webhook of Slack's does: the plain text `ok`, or a plain text error with its status. */
export function answerWebhook(state: InboxState, call: WebhookCall): Reply {
  if (call.httpMethod !== 'POST') return { ...webhookError('method_not_allowed'), headers: { allow: 'POST' } };
  const channel = state.webhooks.get(call.path);
  if (!channel) return webhookError('no_service');
  const logFields = { channel: channel.id };
  if (channel.isArchived) return webhookError('channel_is_archived', logFields);
  const wait = state.rates.retryAfterSeconds(channel.id, POST_RATE);
  if (wait > 0) return rateLimited('webhook', wait, logFields);
  if (!call.payload) return webhookError('invalid_payload', logFields);
  const error = refusalOf(call.payload);
  if (error !== undefined) return webhookError(error, logFields);
  state.rates.take(channel.id, POST_RATE);
  const message = state.store.post({ channel, via: 'webhook', payload: call.payload, bytes: call.bytes });
  return textReply(200, 'ok', { ...logFields, messageTs: message.ts });
}

function refusalOf(payload: JsonObject): string | undefined {
  const error = refuseMessage(payload)?.error;
  // A webhook answers other errors than the Web API in these two cases.
  if (error === 'invalid_arguments') return 'invalid_payload';
  if (error === 'no_text' && payload.attachments) return 'missing_text_or_fallback_or_attachments';
  return error;
}
