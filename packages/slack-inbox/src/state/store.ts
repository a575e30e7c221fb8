import {
  type Clock,
  flagOf,
  INBOX_LIMITS,
  type InboxChannel,
  type InboxMessage,
  type InboxReaction,
  type JsonObject,
  LIMITS,
  objectsOf,
  stringOf,
} from '../model/index.js';
import { BoundedMap } from './bounded-map.js';

/** A channel with its defaults filled in. */
export interface Channel {
  readonly id: string;
  /** Without `#`. */
  readonly name: string;
  readonly isMember: boolean;
  readonly isArchived: boolean;
}

/** A change of the messages. `message` is the new version, or the removed one. `dropped`: removed because the store is full. */
export type Change =
  | { readonly kind: 'posted' | 'updated' | 'deleted' | 'dropped'; readonly message: InboxMessage }
  | { readonly kind: 'cleared' };

/** A request to post a message. */
interface Post {
  readonly channel: Channel;
  readonly via: InboxMessage['via'];
  /** Already accepted by `refuseMessage`. */
  readonly payload: JsonObject;
  readonly bytes: number;
}

/** The channels and their messages. */
export class Store {
  readonly #clock: Clock;
  readonly #channels: readonly Channel[];
  readonly #messages = new BoundedMap<string, InboxMessage>({
    maxItems: INBOX_LIMITS.messages,
    maxBytes: INBOX_LIMITS.messageBytes,
  });
  readonly #listeners = new Set<(change: Change) => void>();
  #lastMicros = 0;

  constructor(channels: readonly InboxChannel[], clock: Clock) {
    this.#clock = clock;
    this.#channels = channels.map(({ id, name, isMember = true, isArchived = false }) => {
      return { id, name: name.replace(/^#/, ''), isMember, isArchived };
    });
  }

  channels(): readonly Channel[] {
    return this.#channels;
  }

  /** Finds a channel by id, `#name` or name. */
  channel(idOrName: string): Channel | undefined {
    const name = idOrName.replace(/^#/, '');
    return this.#channels.find((each) => each.id === idOrName || each.name === name);
  }

  messages(channelId?: string): InboxMessage[] {
    const all = this.#messages.values();
    return channelId === undefined ? all : all.filter((each) => each.channel === channelId);
  }

  /** The number of messages. */
  get size(): number {
    return this.#messages.size;
  }

  message(channelId: string, ts: string): InboxMessage | undefined {
    return this.#messages.get(`${channelId}/${ts}`);
  }

  post({ channel, via, payload, bytes }: Post): InboxMessage {
    const thread = this.#thread(channel.id, stringOf(payload.thread_ts));
    const message: InboxMessage = {
      ts: this.#nextTs(),
      channel: channel.id,
      text: stringOf(payload.text).slice(0, LIMITS.text),
      ...contentOf(payload),
      ...(thread === undefined ? {} : { thread_ts: thread }),
      ...(thread !== undefined && flagOf(payload.reply_broadcast) ? { reply_broadcast: true } : {}),
      receivedAtMillis: this.#clock.now(),
      via,
      reactions: [],
      payload,
    };
    return this.#put('posted', message, bytes);
  }

  /** Updates a message as chat.update does. Text without blocks removes the blocks; omitted attachments are kept. */
  update(message: InboxMessage, payload: JsonObject, bytes: number): InboxMessage {
    const { blocks, ...rest } = message;
    const hasNewContent = typeof payload.text === 'string' || Array.isArray(payload.blocks);
    const updated: InboxMessage = {
      ...(hasNewContent || !blocks ? rest : message),
      ...(typeof payload.text === 'string' ? { text: payload.text } : {}),
      ...contentOf(payload),
      edited: { ts: this.#nextTs() },
      payload,
    };
    return this.#put('updated', updated, bytes);
  }

  react(message: InboxMessage, reactions: readonly InboxReaction[]): void {
    if (reactions !== message.reactions)
      this.#put('updated', { ...message, reactions }, JSON.stringify(message.payload).length);
  }

  delete(message: InboxMessage): void {
    this.#messages.delete(`${message.channel}/${message.ts}`);
    this.#notify({ kind: 'deleted', message });
  }

  clear(): void {
    this.#messages.clear();
    this.#notify({ kind: 'cleared' });
  }

  /** Calls the listener after each change. Returns a function that removes the listener. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #put(kind: 'posted' | 'updated', message: InboxMessage, bytes: number): InboxMessage {
    const dropped = this.#messages.set(`${message.channel}/${message.ts}`, message, bytes);
    this.#notify({ kind, message });
    for (const each of dropped) this.#notify({ kind: 'dropped', message: each });
    return message;
  }

  #notify(change: Change): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  // A reply to a reply joins the same thread. A reply to a missing message is posted to the channel, as by Slack:
  // github.com/slack-go/slack/issues/1571.
  #thread(channelId: string, ts: string): string | undefined {
    const parent = this.message(channelId, ts);
    return parent && (parent.thread_ts ?? parent.ts);
  }

  #nextTs(): string {
    this.#lastMicros = Math.max(this.#lastMicros + 1, Math.floor(this.#clock.now() * 1_000));
    const digits = String(this.#lastMicros).padStart(7, '0');
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }
}

function contentOf(payload: JsonObject): Pick<InboxMessage, 'blocks' | 'attachments'> {
  const blocks = objectsOf(payload.blocks);
  return {
    ...(blocks.length > 0 ? { blocks } : {}),
    ...(Array.isArray(payload.attachments) ? { attachments: objectsOf(payload.attachments).map(truncateFooter) } : {}),
  };
}

function truncateFooter(attachment: JsonObject): JsonObject {
  const footer = stringOf(attachment.footer);
  if (footer.length <= LIMITS.attachmentFooter) return attachment;
  return { ...attachment, footer: footer.slice(0, LIMITS.attachmentFooter) };
}

/** Whether a message is shown in the channel, not only in a thread. */
export function isTopLevel({ thread_ts, reply_broadcast }: InboxMessage): boolean {
  return thread_ts === undefined || reply_broadcast === true;
}
