/** What Slack's words for a refusal mean, and what to do. From docs.slack.dev: the errors of chat.postMessage, chat.update and of incoming webhooks. */
const REASONS: Readonly<Record<string, string>> = {
  invalid_blocks: 'A block is not as Block Kit wants it.',
  invalid_blocks_format: '`blocks` is no array of blocks, or no JSON.',
  invalid_attachments: 'An attachment is not as Slack wants it.',
  invalid_payload: 'The body is no JSON object, or a field has the wrong type.',
  invalid_arguments: 'An argument is missing or has the wrong type.',
  invalid_json: 'The body is no JSON object.',
  missing_post_type: 'The request has no Content-Type: send application/json or a form.',
  invalid_post_type: 'The Content-Type is not one that Slack takes: send application/json or a form.',
  request_too_large: 'The body is larger than a mebibyte.',
  msg_blocks_too_long: 'All blocks together have too many characters.',
  msg_too_long: 'The text of an update is longer than 4,000 bytes.',
  no_text: 'There is nothing to show: no text, no blocks, no attachments.',
  missing_text_or_fallback_or_attachments:
    'There is nothing to show: no text, no blocks, and nothing in the attachments.',
  too_many_attachments: 'A message has at most 100 attachments.',
  invalid_metadata_format: '`metadata` is no JSON object.',
  invalid_metadata_schema: '`metadata` wants an `event_type` and an `event_payload`.',
  invalid_thread_ts: '`thread_ts` is no ts of a message: it is a string like 1700000000.000100.',
  channel_not_found: 'There is no such channel, or the app cannot see it. Only chat.postMessage takes a name.',
  not_in_channel: 'The app is not in the channel: invite it, or ask for the scope chat:write.public.',
  is_archived: 'The channel is archived.',
  channel_is_archived: 'The channel of the webhook is archived.',
  message_not_found: 'There is no such message in that channel.',
  thread_not_found: 'There is no such thread in that channel.',
  cant_update_message: 'Only the app that wrote a message can change it.',
  cant_delete_message: 'Only the app that wrote a message can delete it.',
  edit_window_closed: 'The message is too old to be changed.',
  not_authed: 'The request has no token.',
  invalid_auth: 'The token is not valid here.',
  invalid_token: 'The webhook is not valid any more.',
  missing_scope: 'The token lacks a scope that the method needs.',
  unknown_method: 'The Web API has no such method, or the inbox does not know it.',
  no_service: 'There is no such webhook.',
  method_not_allowed: 'A webhook takes POST only.',
  rate_limited: 'Too many requests: wait as long as Retry-After says.',
  ratelimited: 'Too many requests: wait as long as Retry-After says.',
  already_reacted: 'The app gave this reaction already.',
  no_reaction: 'The app gave no such reaction.',
  invalid_name: 'That can be the name of no emoji.',
  internal_error: 'Something went wrong inside; the request may have been carried out.',
  fatal_error: 'Something went wrong inside; the request may have been carried out.',
};

/** What became of a request that met a fault of the connection, by the fault's kind. */
const FAULTS: Readonly<Record<string, string>> = {
  hang_before_headers: 'It never got an answer.',
  hang_in_body: 'Its answer stopped after the first byte.',
  reset: 'The connection was reset before anything was carried out.',
  reset_after_accept: 'It was carried out, then the connection was reset instead of an answer.',
  garbage: 'It was answered with something that is no JSON.',
  truncate: 'Its answer ended too early.',
  redirect: 'It was sent elsewhere.',
  status: 'The server answered with an error of HTTP.',
};

/** A sentence or two; '' for a word that is not known. */
export function reasonOf(error: string | undefined, fault: string | undefined): string {
  if (error !== undefined && Object.hasOwn(REASONS, error)) return REASONS[error] ?? '';
  return fault !== undefined && Object.hasOwn(FAULTS, fault) ? (FAULTS[fault] ?? '') : '';
}
