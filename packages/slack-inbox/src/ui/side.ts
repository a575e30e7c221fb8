import { byId, counted, el, setText } from './dom.js';
import { type ChannelState, type PageState, REFUSED } from './wire.js';

/** The list of channels with their unread counts, and the totals. */
export class Side {
  readonly #list = byId('channels');
  readonly #open: (channel: string) => void;
  readonly #links = new Map<string, HTMLAnchorElement>();
  #order: string[] = [];
  #active = '';

  constructor(open: (channel: string) => void) {
    this.#open = open;
    byId('menu').addEventListener('click', () => this.#showMenu(true));
    byId('menu-close').addEventListener('click', () => this.#showMenu(false));
  }

  set active(channel: string) {
    this.#active = channel;
    for (const [id, link] of this.#links) {
      if (id === channel) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    this.#showMenu(false);
  }

  /** Returns the channel that is `by` places further in the list. */
  neighbour(by: number): string | undefined {
    return this.#order[this.#order.indexOf(this.#active) + by];
  }

  show({ channels, refused, messages, dropped }: PageState): void {
    const refusals = { id: REFUSED, name: 'Refused', unread: refused.unread, isArchived: false };
    this.#order = [...channels, refusals].map(({ id }) => id);
    for (const each of channels) this.#showChannel(each, '#');
    this.#showChannel(refusals, '⚠');
    // An inbox with other channels may have started on this port.
    for (const [id, link] of this.#links) {
      if (this.#order.includes(id)) continue;
      link.parentElement?.remove();
      this.#links.delete(id);
    }
    const unread = channels.reduce((sum, each) => sum + each.unread, 0);
    document.title = unread > 0 ? `(${unread}) Local Slack` : 'Local Slack';
    const kept = `${counted(messages, 'message')}, ${counted(refused.count, 'refused request')}`;
    const lost = dropped + refused.dropped;
    setText(byId('totals'), lost === 0 ? kept : `${kept}. ${lost.toLocaleString('en-US')} older ones were dropped.`);
  }

  #showChannel({ id, name, unread, isArchived }: ChannelState, icon: string): void {
    const link = this.#links.get(id) ?? this.#makeLink(id, isArchived ? `${name} (archived)` : name, icon);
    const badge = link.querySelector('.unread');
    if (badge) setText(badge, unread === 0 ? '' : unread > 999 ? '999+' : String(unread));
    link.classList.toggle('has-unread', unread > 0);
    const note = link.querySelector('.unseen');
    if (note) setText(note, unread > 0 ? ' new' : '');
  }

  #makeLink(id: string, name: string, icon: string): HTMLAnchorElement {
    const link = el(
      'a',
      { href: pathOf(id) },
      el('span', { class: 'sign', 'aria-hidden': 'true' }, icon),
      el('span', { class: 'name' }, name),
      ' ',
      el('span', { class: 'unread' }),
      el('span', { class: 'unseen' }),
    );
    link.addEventListener('click', (event) => {
      // With a modifier key the browser opens the channel in a new tab or window.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#open(id);
    });
    this.#links.set(id, link);
    const item = el('li', id === REFUSED ? { class: 'apart' } : {}, link);
    this.#list.insertBefore(item, id === REFUSED ? null : this.#list.querySelector('.apart'));
    return link;
  }

  #showMenu(isShown: boolean): void {
    const wasShown = document.body.classList.contains('with-menu');
    document.body.classList.toggle('with-menu', isShown);
    byId('menu').setAttribute('aria-expanded', String(isShown));
    if (isShown) byId('menu-close').focus();
    else if (wasShown) byId('menu').focus();
  }
}

/** Returns the path of a channel, which is the same as in Slack. */
export function pathOf(channel: string): string {
  return `/archives/${encodeURIComponent(channel)}`;
}
