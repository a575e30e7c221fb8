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

/** A channel with its defaults settled. */
export interface Channel {
  readonly id: string;
  /** Without `#`. */
  readonly name: string;
  readonly isMember: boolean;
  readonly isArchived: boolean;
}

/** What happened to the messages; `message` is what stands there now, or stood there. Dropped is what made room. */
export type Change =
  | { readonly kind: 'posted' | 'updated' | 'deleted' | 'dropped'; readonly message: InboxMessage }
  | { readonly kind: 'cleared' };

/** What a request says, and where. */
interface Post {
  readonly channel: Channel;
  readonly via: InboxMessage['via'];
  /** Checked by `refuseMessage` before. */
  readonly payload: JsonObject;
  readonly bytes: number;
}

/** The channels and the messages that stand in them. */
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

  /** By id, `#name` or name. */
  channel(idOrName: string): Channel | undefined {
    const name = idOrName.replace(/^#/, '');
    return this.#channels.find((each) => each.id === idOrName || each.name === name);
  }

  messages(channelId?: string): InboxMessage[] {
    const all = this.#messages.values();
    return channelId === undefined ? all : all.filter((each) => each.channel === channelId);
  }

  /** How many messages stand there. */
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

  /** As chat.update does: text without blocks removes the blocks, attachments that are left out are kept. */
  update(message: InboxMessage, payload: JsonObject, bytes: number): InboxMessage {
    const { blocks, ...rest } = message;
    const saysAnew = typeof payload.text === 'string' || Array.isArray(payload.blocks);
    const updated: InboxMessage = {
      ...(saysAnew || !blocks ? rest : message),
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
    this.#tell({ kind: 'deleted', message });
  }

  clear(): void {
    this.#messages.clear();
    this.#tell({ kind: 'cleared' });
  }

  /** Calls back after each change; the answer ends that. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #put(kind: 'posted' | 'updated', message: InboxMessage, bytes: number): InboxMessage {
    const dropped = this.#messages.set(`${message.channel}/${message.ts}`, message, bytes);
    this.#tell({ kind, message });
    for (const each of dropped) this.#tell({ kind: 'dropped', message: each });
    return message;
  }

  #tell(change: Change): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  /** A reply to a reply joins its thread; one to nothing stands in the channel: github.com/slack-go/slack/issues/1571. */
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
    ...(Array.isArray(payload.attachments) ? { attachments: objectsOf(payload.attachments).map(cutFooter) } : {}),
  };
}

function cutFooter(attachment: JsonObject): JsonObject {
  const footer = stringOf(attachment.footer);
  if (footer.length <= LIMITS.attachmentFooter) return attachment;
  return { ...attachment, footer: footer.slice(0, LIMITS.attachmentFooter) };
}

/** Whether a message stands in the channel itself and not only in a thread. */
export function isTopLevel({ thread_ts, reply_broadcast }: InboxMessage): boolean {
  return thread_ts === undefined || reply_broadcast === true;
}
