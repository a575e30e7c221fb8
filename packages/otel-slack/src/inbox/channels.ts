import { InvalidArgumentError } from 'commander';
import type { InboxChannel } from 'slack-inbox';

/** A channel of the inbox with its name. */
export type NamedChannel = InboxChannel & { readonly name: `#${string}` };

export const DEFAULT_CHANNELS: readonly NamedChannel[] = [
  { id: 'C0123ALERTS', name: '#alerts' },
  { id: 'C0123GENERAL', name: '#general' },
  { id: 'C0123RANDOM', name: '#random', isMember: false },
  { id: 'C0123OLD', name: '#old-alerts', isArchived: true },
];

/** Parses `#alerts,#payments`. A name in the form of a channel id is also the id. */
export function parseChannels(list: string): readonly NamedChannel[] {
  const names = list
    .split(',')
    .map((name) => name.trim().replace(/^#/, ''))
    .filter((name) => name !== '');
  const isValid = names.length > 0 && names.every((name) => /^[^\s#,]{1,80}$/.test(name));
  if (!isValid) throw new InvalidArgumentError("Expected names with commas between, as in '#alerts,#payments'.");
  return [...new Set(names)].map((name, index) => ({ id: channelId(name, index), name: `#${name}` }));
}

function channelId(name: string, index: number): string {
  const isId = /^[CG][A-Z0-9]{6,}$/.test(name);
  return isId ? name : `C0INBOX${String(index + 1).padStart(3, '0')}`;
}
