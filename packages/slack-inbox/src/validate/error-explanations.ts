/** What each error of Slack's means. Sources on docs.slack.dev: chat.postMessage, chat.update, incoming webhooks. */
const ERROR_EXPLANATIONS: Readonly<Record<string, string>> = {
  invalid_blocks: 'A block does not follow the rules of Block Kit.',
  invalid_blocks_format: '`blocks` is not a JSON array of blocks.',
  invalid_attachments: 'An attachment has a wrong field or block.',
  invalid_payload: 'The body is not a JSON object, or a field has the wrong type.',
  invalid_arguments: 'An argument is missing or has the wrong type.',
  invalid_json: 'The body is not a JSON object.',
  missing_post_type: 'The request has no Content-Type: send application/json or a form.',
  invalid_post_type: 'Slack does not accept this Content-Type: send application/json or a form.',
  request_too_large: 'The body is larger than a mebibyte.',
  msg_blocks_too_long: 'All blocks together have too many characters.',
  msg_too_long: 'The text of an update is longer than 4,000 bytes.',
  no_text: 'There is nothing to show: no text, no blocks, no attachments.',
  missing_text_or_fallback_or_attachments:
    'There is nothing to show: no text, no blocks, and nothing in the attachments.',
  too_many_attachments: 'A message has at most 100 attachments.',
  invalid_metadata_format: '`metadata` is not a JSON object.',
  invalid_metadata_schema: '`metadata` needs an `event_type` and an `event_payload`.',
  invalid_thread_ts: '`thread_ts` is not the ts of a message: expected a string like 1700000000.000100.',
  channel_not_found: 'The channel does not exist, or the app cannot see it. Only chat.postMessage accepts a name.',
  not_in_channel: 'The app is not in the channel: invite it, or ask for the scope chat:write.public.',
  is_archived: 'The channel is archived.',
  channel_is_archived: 'The channel of the webhook is archived.',
  message_not_found: 'The channel has no message with this ts.',
  thread_not_found: 'The channel has no thread with this ts.',
  cant_update_message: 'Only the app that wrote a message can change it.',
  cant_delete_message: 'Only the app that wrote a message can delete it.',
  edit_window_closed: 'The message is too old for an update.',
  not_authed: 'The request has no token.',
  invalid_auth: 'The token is invalid.',
  invalid_token: 'The webhook is no longer valid.',
  missing_scope: 'The token lacks a scope that the method needs.',
  unknown_method: 'The Web API has no such method, or the inbox does not know it.',
  no_service: 'The webhook does not exist.',
  method_not_allowed: 'A webhook accepts only POST.',
  rate_limited: 'Too many requests: wait for the seconds in Retry-After.',
  ratelimited: 'Too many requests: wait for the seconds in Retry-After.',
  already_reacted: 'The app has already added this reaction.',
  no_reaction: 'The app has not added this reaction.',
  invalid_name: 'This is not a valid name of an emoji.',
  internal_error: 'An error inside Slack. The request may have been carried out.',
  fatal_error: 'An error inside Slack. The request may have been carried out.',
};

/** What happened to a request that met a fault, by the kind of the fault. */
const FAULT_EXPLANATIONS: Readonly<Record<string, string>> = {
  hang_before_headers: 'The request got no answer.',
  hang_in_body: 'The answer stopped after the first byte.',
  reset: 'The connection was reset. The request was not carried out.',
  reset_after_accept: 'The request was carried out, then the connection was reset without an answer.',
  garbage: 'The answer was not valid JSON.',
  truncate: 'The answer ended too early.',
  redirect: 'The request was redirected.',
  status: 'The answer was an HTTP error.',
};

/** Returns one or two sentences; '' when the error and the fault are unknown. */
export function explanationOf(error: string | undefined, fault: string | undefined): string {
  if (error !== undefined && Object.hasOwn(ERROR_EXPLANATIONS, error)) return ERROR_EXPLANATIONS[error] ?? '';
  return fault !== undefined && Object.hasOwn(FAULT_EXPLANATIONS, fault) ? (FAULT_EXPLANATIONS[fault] ?? '') : '';
}
