/**
 * How much of a message is sent, after requests with it have failed.
 * - `normal`: everything, and it may share a message with others.
 * - `suspect`: everything, after all messages that have not failed.
 * - `plain`: the headline as plain text, without details.
 * - `minimal`: severity, counts, times and ids. No text of the app. What is refused even so is dropped.
 */
export type MessageState = 'normal' | 'suspect' | 'plain' | 'minimal';

/**
 * What a request has shown about its message.
 * - `passed`: Slack took it.
 * - `doubted`: it failed, and the endpoint may be the cause.
 * - `blamed`: it failed without a clear answer, and others passed meanwhile.
 * - `refused`: an answer refused it, and nothing shows that the endpoint is the cause.
 * - `exhausted`: it failed many times, and no other message was sent meanwhile.
 */
export type MessageEvent = 'passed' | 'doubted' | 'blamed' | 'refused' | 'exhausted';

/** The next state of a message, by its state and by what a request has shown. */
export const MESSAGE_STATES: Readonly<Record<MessageState, Readonly<Record<MessageEvent, MessageState>>>> = {
  normal: { passed: 'normal', doubted: 'suspect', blamed: 'suspect', refused: 'plain', exhausted: 'suspect' },
  suspect: { passed: 'normal', doubted: 'suspect', blamed: 'plain', refused: 'plain', exhausted: 'plain' },
  plain: { passed: 'plain', doubted: 'plain', blamed: 'minimal', refused: 'minimal', exhausted: 'minimal' },
  // After `exhausted` the endpoint is the cause: it takes no form of the message.
  minimal: { passed: 'minimal', doubted: 'minimal', blamed: 'minimal', refused: 'minimal', exhausted: 'suspect' },
};
