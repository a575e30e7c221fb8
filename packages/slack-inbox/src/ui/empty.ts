import { button, el, say } from './dom.js';
import { type PageState, REFUSED } from './wire.js';

/** What stands where no message does: how to post one. */
export function emptyElement(channel: string, isSearch: boolean, state: PageState | undefined): HTMLElement {
  if (isSearch) return note('Nothing found', 'No message of this channel has all these words.');
  if (channel === REFUSED) {
    return note(
      'No request was refused',
      'What Slack would not take stands here, with the reason and the place in the JSON.',
    );
  }
  const webhook = state?.channels.find(({ id }) => id === channel)?.webhookUrl;
  const made = note('Nothing was posted here yet', 'Point a program at this inbox instead of at Slack:');
  if (webhook !== undefined) {
    made.append(snippet('An incoming webhook', webhook));
    const body = `-H 'content-type: application/json' -d '{"text":"*Hello* from a terminal"}'`;
    made.append(snippet('Try it', `curl ${body} ${webhook}`));
  }
  if (state) {
    const lines = [`API URL  ${state.apiUrl}`, `token    ${state.token}`, `channel  ${channel}`];
    made.append(snippet('The Web API', lines.join('\n')));
  }
  return made;
}

function note(title: string, text: string): HTMLElement {
  return el('div', { id: 'empty' }, el('h2', {}, title), el('p', {}, text));
}

function snippet(title: string, text: string): HTMLElement {
  const copy = button('Copy', { 'aria-label': `Copy: ${title}` }, () => {
    void navigator.clipboard.writeText(text).then(() => say(copy, 'Copied'));
  });
  return el('div', { class: 'snippet' }, el('p', {}, el('b', {}, title), copy), el('pre', {}, text));
}
