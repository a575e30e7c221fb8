import { disarmed, nameOf } from './callback.js';
import { whatIsWrong } from './check-message.js';
import { isPlainText, type Selection } from './choose.js';
import type { Diagnostics } from './diagnostics.js';
import { countRecords } from './group.js';
import type { SlackMessage } from './message.js';
import { render, renderPlainText } from './render.js';
import type { MessageRenderer, Settings } from './settings.js';

/** What is sent for a selection. */
export type Compose = (selection: Selection) => SlackMessage;

/** The standard look, or the user's where there is one and it keeps Slack's limits. The returned function never throws. */
export function createCompose(settings: Settings, diagnostics: Diagnostics): Compose {
  const custom = settings.render;
  return (selection) => {
    const standard = render(selection, settings);
    if (isPlainText(selection)) return renderPlainText(standard);
    return custom ? customized(custom, selection, standard, diagnostics) : standard;
  };
}

function customized(
  custom: MessageRenderer,
  selection: Selection,
  standard: SlackMessage,
  diagnostics: Diagnostics,
): SlackMessage {
  const totals = { problems: selection.groups.length, records: countRecords(selection) };
  try {
    const made: unknown = custom(selection.named, standard, totals);
    // Through JSON at once: what it cannot say would throw when it is sent, and getters would be read twice.
    const message: unknown = JSON.parse(JSON.stringify(disarmed(made) ?? null));
    const problem = whatIsWrong(message);
    if (problem === undefined) return message as SlackMessage;
    diagnostics.warn(
      'render',
      `render made a message that Slack would refuse: ${problem}; the standard message is sent`,
    );
  } catch (error) {
    diagnostics.warn('render', `render threw ${nameOf(error)}; the standard message is sent. Mend the render option`);
  }
  return standard;
}
