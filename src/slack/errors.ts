/**
 * The table of Slack's error codes. A new error code needs one line here; a new code for a rate limit also in outcome.ts.
 * Sources: https://docs.slack.dev/reference/methods/chat.postMessage#errors,
 * https://docs.slack.dev/reference/methods/chat.update#errors,
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */

/**
 * - `retry`: a temporary error; retry later.
 * - `unknown`: the request may have succeeded; retry.
 * - `payload`: Slack refuses the content; send less of it, then drop.
 * - `message`: the message cannot be updated or replied to; post a new one.
 * - `destination`: a person must fix the destination.
 */
export type ErrorClass = 'retry' | 'unknown' | 'payload' | 'message' | 'destination';

/** The meaning of an error code. */
export interface KnownError {
  readonly errorClass: ErrorClass;
  /** The advice for a person. `{channel}` is replaced by the channel. */
  readonly remedy?: string;
  /** The token or the webhook itself is refused, whatever is asked of it. */
  readonly isAboutCredentials?: boolean;
}

const NEW_WEBHOOK = 'make a new webhook in the Slack app and use its URL';
const NEW_TOKEN = 'install the Slack app again and use its bot token';
const PICK_CHANNEL = 'check the channel, best by its id (C…), and that the workspace is the right one';
const ASK_ADMIN = 'ask an administrator of the workspace to let the app post there';

/** All known errors, by code. */
export const KNOWN_ERRORS: Readonly<Record<string, KnownError>> = {
  ...all('retry', [
    'ratelimited',
    'rate_limited',
    'service_unavailable',
    'request_timeout',
    'team_added_to_org',
    'org_login_required',
  ]),
  ...all('unknown', ['internal_error', 'fatal_error', 'rollup_error']),
  ...all('payload', [
    'invalid_payload',
    'invalid_blocks',
    'invalid_blocks_format',
    'invalid_attachments',
    'invalid_keys',
    'msg_blocks_too_long',
    'msg_too_long',
    'attachment_payload_limit_exceeded',
    'too_many_attachments',
    'no_text',
    'missing_text_or_fallback_or_attachments',
    'invalid_metadata_format',
    'invalid_metadata_schema',
    'metadata_too_large',
    'user_not_found',
  ]),
  ...all('message', [
    'message_not_found',
    'cant_update_message',
    'edit_window_closed',
    'is_inactive',
    'update_failed',
    'thread_not_found',
    'cannot_reply_to_message',
    'restricted_action_thread_locked',
    'no_item_specified',
  ]),
  ...all(
    'destination',
    ['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired'],
    NEW_TOKEN,
    true,
  ),
  ...all(
    'destination',
    ['invalid_token', 'no_service', 'no_active_hooks', 'no_team', 'team_disabled'],
    NEW_WEBHOOK,
    true,
  ),
  ...all('destination', ['missing_scope'], 'add the scope chat:write to the Slack app and install it again'),
  ...all(
    'destination',
    ['not_allowed_token_type', 'no_permission'],
    'use the bot token (xoxb-…) of an app with the scope chat:write',
  ),
  ...all('destination', ['channel_not_found'], PICK_CHANNEL),
  ...all('destination', ['not_in_channel'], 'invite the app to {channel} (/invite @app)'),
  ...all('destination', ['is_archived', 'channel_is_archived'], 'unarchive the channel, or choose another one'),
  ...all(
    'destination',
    [
      'restricted_action',
      'restricted_action_read_only_channel',
      'restricted_action_thread_only_channel',
      'restricted_action_non_threadable_channel',
      'action_prohibited',
      'posting_to_general_channel_denied',
      'ekm_access_denied',
    ],
    ASK_ADMIN,
  ),
  ...all('destination', ['redirected'], 'check the URL, which must lead to Slack directly; redirects are not followed'),
  ...all('destination', ['message_limit_exceeded'], 'the workspace has reached its message limit; see its plan'),
};

/** Returns the meaning of an error code, or `undefined` for an unknown code. */
export function knownError(name: string): KnownError | undefined {
  return Object.hasOwn(KNOWN_ERRORS, name) ? KNOWN_ERRORS[name] : undefined;
}

function all(
  errorClass: ErrorClass,
  names: readonly string[],
  remedy?: string,
  isAboutCredentials?: boolean,
): Record<string, KnownError> {
  const meaning = { errorClass, ...(remedy && { remedy }), ...(isAboutCredentials && { isAboutCredentials }) };
  return Object.fromEntries(names.map((name) => [name, meaning]));
}
