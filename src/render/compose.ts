import type { MessageRenderer } from '../config/callbacks.js';
import type { Settings } from '../config/settings.js';
import { isPlainText, MAX_DIGEST_ROWS, type Notification } from '../groups/notification.js';
import type { SlackMessage } from '../slack/types.js';
import type { Diagnostics } from '../telemetry/diagnostics.js';
import { errorClassOf, ignoreRejection } from '../util/user-callback.js';
import { contextBlock, mrkdwn } from './blocks.js';
import { NOTIFICATION_LENGTH, newRecords, problemsOf } from './digest.js';
import { summaryLine } from './headline.js';
import { render, renderPlainText } from './layouts.js';
import { escaped } from './mrkdwn.js';
import { whatIsWrong } from './validate-message.js';

/** What is sent for a notification. `mention`: markup that wakes people. */
export type Compose = (notification: Notification, mention?: string) => SlackMessage;

/** The standard look, or the user's where there is one and it keeps Slack's limits. The returned function never throws. */
export function createCompose(settings: Settings, diagnostics: Diagnostics): Compose {
  const custom = settings.render;
  return (notification, mention) => {
    const standard = standardLook(notification, settings, mention, diagnostics);
    if (isPlainText(notification)) return renderPlainText(standard);
    // Of a reply, and of a problem that goes on elsewhere, there is too little to make a message of.
    if (custom === undefined || notification.act === 'reply' || notification.groups.length === 0) return standard;
    return customized(custom, { notification, standard, mention, diagnostics });
  };
}

/** A mistake of ours in the look costs the look, and not the message: it would be tried for ever. */
function standardLook(
  notification: Notification,
  settings: Settings,
  mention: string | undefined,
  diagnostics: Diagnostics,
): SlackMessage {
  try {
    return render(notification, settings, mention);
  } catch (error) {
    diagnostics.warn('look', `a message could not be rendered (${errorClassOf(error)}); it is sent without its look`);
    const text = escaped(notification.rows.map((row) => summaryLine(row)).join('\n'), NOTIFICATION_LENGTH);
    return { text: mention === undefined ? text : `${mention} ${text}` };
  }
}

interface Given {
  readonly notification: Notification;
  readonly standard: SlackMessage;
  readonly mention: string | undefined;
  readonly diagnostics: Diagnostics;
}

function customized(custom: MessageRenderer, { notification, standard, mention, diagnostics }: Given): SlackMessage {
  const totals = { problems: problemsOf(notification).length, records: newRecords(notification.rows) };
  try {
    const made: unknown = custom(notification.groups.slice(0, MAX_DIGEST_ROWS), standard, totals);
    // Through JSON at once: what it cannot say would throw when it is sent, and getters would be read twice.
    const message: unknown = JSON.parse(JSON.stringify(ignoreRejection(made) ?? null));
    const problem = whatIsWrong(message) ?? whatIsWrong(mentioning(message as SlackMessage, mention));
    if (problem === undefined) return mentioning(message as SlackMessage, mention);
    diagnostics.failed(
      'render',
      `render made a message that Slack would refuse: ${problem}; the standard message is sent`,
    );
  } catch (error) {
    diagnostics.failed(
      'render',
      `render threw ${errorClassOf(error)}; the standard message is sent. Mend the render option`,
    );
  }
  return standard;
}

/** Whoever is to be woken is woken, whatever the look. */
function mentioning(message: SlackMessage, mention: string | undefined): SlackMessage {
  if (mention === undefined || JSON.stringify(message).includes(mention)) return message;
  const { text, blocks } = message;
  return {
    ...message,
    text: `${mention} ${text}`,
    ...(blocks && { blocks: [contextBlock([mrkdwn(mention)]), ...blocks] }),
  };
}
