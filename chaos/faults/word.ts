import type { ServerResponse } from 'node:http';
import type { ProxiedRequest } from '../slack/proxy.js';
import { type FaultKind, selected } from './fault.js';
import { answering, slackError, text } from './slack.js';

/** The word that something between the app and Slack does not let through. Some records of the app contain it. */
export const REFUSED_WORD = 'xp_cmdshell';

type Refusal = (response: ServerResponse, request: ProxiedRequest) => void;

const REFUSALS: readonly Refusal[] = [
  (response) => text(response, 403, '<h1>Request blocked</h1>'),
  (response) => text(response, 406, 'Not Acceptable'),
  (response, request) => slackError(response, request, 'invalid_arguments'),
  (response, request) => slackError(response, request, 'invalid_blocks'),
  (response, request) => slackError(response, request, 'block_mismatch'),
  (response) => text(response, 500, ''),
  (response) => text(response, 404, 'no such page'),
  () => {},
  (response) => response.socket?.resetAndDestroy(),
];

/** Refuses the messages with the word, each time in another way, and lets all others through. */
export const WORD_FAULTS: Readonly<Record<string, FaultKind>> = {
  'a word is refused': {
    disturbs: 'word',
    create: ({ place, variant }) =>
      answering(place, {
        appliesTo: ({ body }) => body.includes(REFUSED_WORD),
        isForwarded: false,
        give: selected(REFUSALS, variant),
      }),
  },
};
