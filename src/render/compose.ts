import type { MessageRenderer, Settings } from '../config/index.js';
import { DETAILED_DIGEST_ROWS, type Notification } from '../groups/index.js';
import type { SlackMessage } from '../slack/index.js';
import type { Diagnostics } from '../telemetry/index.js';
import { errorClassOf, ignoreRejection } from '../util/index.js';
import { contextBlock, mrkdwn } from './blocks.js';
import { NOTIFICATION_LENGTH, newRecords, problemsOf } from './digest.js';
import { summaryLine } from './headline.js';
import { render, renderPlainText } from './layouts.js';
import { renderMinimal, withIds } from './minimal.js';
import { escaped } from './mrkdwn.js';
import { problemWith } from './validate-message.js';

/** Builds the message of a notification. `mention`: markup that mentions people. */
export type Compose = (notification: Notification, mention?: string) => SlackMessage;

/**
 * Creates the composer. It uses the `render` option if there is one and its message keeps Slack's limits, and otherwise the
 * standard message. The returned function never throws.
 */
export function createCompose(settings: Settings, diagnostics: Diagnostics): Compose {
  const custom = settings.render;
  return (notification, mention) => {
    if (notification.form === 'minimal') return renderMinimal(notification, mention);
    const standard = standardMessage(notification, settings, mention, diagnostics);
    if (notification.form === 'plain') return withIds(renderPlainText(standard), notification);
    // A reply, and an update without groups, have too little content for a custom message.
    if (custom === undefined || notification.act === 'reply' || notification.groups.length === 0) return standard;
    return customMessage(custom, { notification, standard, mention, diagnostics });
  };
}

/** A bug in the rendering must not lose the message, which would be retried for ever. It is sent as plain text then. */
function standardMessage(
  notification: Notification,
  settings: Settings,
  mention: string | undefined,
  diagnostics: Diagnostics,
): SlackMessage {
  try {
    return render(notification, settings, mention);
  } catch (error) {
    diagnostics.warn('rendering', `a message could not be rendered (${errorClassOf(error)}); it is sent as plain text`);
    const text = escaped(notification.rows.map((row) => summaryLine(row)).join('\n'), NOTIFICATION_LENGTH);
    return { text: mention === undefined ? text : `${mention} ${text}` };
  }
}

interface CustomInput {
  readonly notification: Notification;
  readonly standard: SlackMessage;
  readonly mention: string | undefined;
  readonly diagnostics: Diagnostics;
}

function customMessage(
  custom: MessageRenderer,
  { notification, standard, mention, diagnostics }: CustomInput,
): SlackMessage {
  const totals = { problems: problemsOf(notification).length, records: newRecords(notification.rows) };
  try {
    const rendered: unknown = custom(notification.groups.slice(0, DETAILED_DIGEST_ROWS), standard, totals);
    // Converted to JSON now, because an invalid value would throw later, and getters could return different values.
    const message: unknown = JSON.parse(JSON.stringify(ignoreRejection(rendered) ?? null));
    const problem = problemWith(message) ?? problemWith(withMention(message as SlackMessage, mention));
    if (problem === undefined) return withMention(message as SlackMessage, mention);
    diagnostics.failed(
      'render',
      `render made a message that Slack would refuse: ${problem}; the standard message is sent`,
    );
  } catch (error) {
    diagnostics.failed(
      'render',
      `render threw ${errorClassOf(error)}; the standard message is sent. Fix the render option`,
    );
  }
  return standard;
}

/** Adds the mention to a custom message that does not contain it. */
function withMention(message: SlackMessage, mention: string | undefined): SlackMessage {
  if (mention === undefined || JSON.stringify(message).includes(mention)) return message;
  const { text, blocks } = message;
  return {
    ...message,
    text: `${mention} ${text}`,
    ...(blocks && { blocks: [contextBlock([mrkdwn(mention)]), ...blocks] }),
  };
}
