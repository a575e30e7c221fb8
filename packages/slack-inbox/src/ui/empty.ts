import { button, el, setText } from './dom.js';
import { type PageState, REFUSED } from './wire.js';

/** Creates the text of an empty channel: how to post a message to it. */
export function emptyElement(channel: string, isSearch: boolean, state: PageState | undefined): HTMLElement {
  if (isSearch) return note('Nothing found', 'No message of this channel has all these words.');
  if (channel === REFUSED) {
    return note(
      'No request was refused',
      'This list shows requests that Slack would refuse, with the reason and the place in the JSON.',
    );
  }
  const webhook = state?.channels.find(({ id }) => id === channel)?.webhookUrl;
  const created = note('Nothing was posted here yet', 'Point a program at this inbox instead of at Slack:');
  if (webhook !== undefined) {
    created.append(snippet('An incoming webhook', webhook));
    const body = `-H 'content-type: application/json' -d '{"text":"*Hello* from a terminal"}'`;
    created.append(snippet('Try it', `curl ${body} ${webhook}`));
  }
  if (state) {
    const lines = [`API URL  ${state.apiUrl}`, `token    ${state.token}`, `channel  ${channel}`];
    created.append(snippet('The Web API', lines.join('\n')));
  }
  return created;
}

function note(title: string, text: string): HTMLElement {
  return el('div', { id: 'empty' }, el('h2', {}, title), el('p', {}, text));
}

function snippet(title: string, text: string): HTMLElement {
  const copy = button('Copy', { 'aria-label': `Copy: ${title}` }, () => {
    void navigator.clipboard.writeText(text).then(() => setText(copy, 'Copied'));
  });
  return el('div', { class: 'snippet' }, el('p', {}, el('b', {}, title), copy), el('pre', {}, text));
}
