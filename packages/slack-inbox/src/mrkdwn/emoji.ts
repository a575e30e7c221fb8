/** Characters for common names. The page shows any other emoji as `:name:`. */
const CHARACTERS: Readonly<Record<string, string>> = {
  no_bell: '🔕',
  bell: '🔔',
  mute: '🔇',
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  x: '❌',
  eyes: '👀',
  '+1': '👍',
  '-1': '👎',
  ok_hand: '👌',
  wave: '👋',
  raised_hands: '🙌',
  raising_hand: '🙋',
  clap: '👏',
  pray: '🙏',
  muscle: '💪',
  heart: '❤️',
  tada: '🎉',
  joy: '😂',
  sob: '😭',
  thinking_face: '🤔',
  facepalm: '🤦',
  fire: '🔥',
  rocket: '🚀',
  bug: '🐛',
  wrench: '🔧',
  hammer_and_wrench: '🛠️',
  construction: '🚧',
  warning: '⚠️',
  rotating_light: '🚨',
  red_circle: '🔴',
  large_green_circle: '🟢',
  hourglass_flowing_sand: '⏳',
  zzz: '💤',
  snowflake: '❄️',
  mag: '🔍',
  memo: '📝',
  pushpin: '📌',
  repeat: '🔁',
  question: '❓',
  exclamation: '❗',
  '100': '💯',
};

/** Alias → the name that Slack stores. */
const ALIASES: Readonly<Record<string, string>> = { thumbsup: '+1', thumbsdown: '-1' };

/** Checks only the form of a name, because a workspace can have custom emoji. */
const NAME = /^(?<base>[\p{L}\p{N}_+'-]{1,100})(?<tone>::skin-tone-[2-6])?$/u;

/** Returns the name that Slack stores, e.g. `+1` for `:thumbsup:`; `undefined` when the name is invalid. */
export function emojiName(text: string): string | undefined {
  const { base, tone = '' } = NAME.exec(text.replace(/^:(.*):$/s, '$1'))?.groups ?? {};
  if (base === undefined) return undefined;
  return (Object.hasOwn(ALIASES, base) ? ALIASES[base] : base) + tone;
}

/** Replaces the common `:names:` in a text with characters. The `100` in `12:100:30` is not an emoji. */
export function withEmoji(text: string): string {
  return text.replace(/(?<![\w:]):([\w+-]{1,100}):(?![\w:])/g, (_, name: string) => emojiText(name));
}

export function emojiText(name: string): string {
  const base = name.replace(/::.*/, '');
  return (Object.hasOwn(CHARACTERS, base) ? CHARACTERS[base] : undefined) ?? `:${name}:`;
}
