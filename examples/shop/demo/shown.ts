import type { InboxMessage, JsonObject } from 'opentelemetry-exporter-slack/inbox';

/** `🟣 6 problems, 1,204 records` */
const SEVERAL = /^(?:\S+ )?(?:[\d,]+ problems?, )?([\d,]+) records?$/;
/** `🔴 ERROR ×40 · …`, with the app's own word for the severity in brackets where it has one. */
const REPEATED = /^\S+ \S+(?: \([^)]*\))? ×([\d,]+) /;

/** How many records a message says that it is about: read from its headline, as a person would. */
export function recordsShown(message: Pick<InboxMessage, 'text' | 'blocks'>): number {
  const line = headline(message);
  const count = (SEVERAL.exec(line) ?? REPEATED.exec(line))?.[1];
  return count === undefined ? 1 : Number(count.replaceAll(',', ''));
}

function headline({ text, blocks = [] }: Pick<InboxMessage, 'text' | 'blocks'>): string {
  const header = blocks.find((block) => block.type === 'header') as { text: JsonObject } | undefined;
  return String(header?.text.text ?? text.split('\n', 1)[0]);
}
