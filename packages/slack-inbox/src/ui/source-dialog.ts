import { askSource } from './api.js';
import { button, byId, el, say } from './dom.js';
import { isAt, type JsonLine, jsonLines } from './json-lines.js';
import type { Entry, Problem } from './wire.js';

/** More lines than anybody reads; what is copied is all of it. */
const MAX_LINES = 5_000;

/** The dialog with the JSON of a message or of a refused request. */
export function createSourceDialog(announce: (text: string) => void): { open(entry: Entry): Promise<void> } {
  const dialog = byId<HTMLDialogElement>('source');
  const builder = byId<HTMLAnchorElement>('source-builder');
  const copy = byId('source-copy');
  let text = '';
  byId('source-close').addEventListener('click', () => dialog.close());
  copy.addEventListener('click', async () => {
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    say(copy, isCopied ? 'Copied' : 'The browser does not allow it');
    announce(copy.textContent ?? '');
  });
  // It is scrolled by those without a mouse too.
  byId('source-json').tabIndex = 0;
  closeOnBackdrop(dialog);
  return {
    async open(entry) {
      const source = await askSource(entry.key);
      if (!source) return announce('It is not here any more.');
      text = JSON.stringify(source.json, null, 2);
      say(copy, 'Copy');
      say(byId('source-title'), entry.kind === 'message' ? 'Message' : `${entry.method} · ${entry.error}`);
      builder.hidden = source.builderUrl === undefined;
      if (source.builderUrl !== undefined) builder.href = source.builderUrl;
      if (!dialog.open) dialog.showModal();
      showJson(jsonLines(source.json), source.problems);
    },
  };
}

/** A click beside a dialog closes it. */
export function closeOnBackdrop(dialog: HTMLDialogElement): void {
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close();
  });
}

function showJson(lines: readonly JsonLine[], problems: readonly Problem[]): void {
  const shown = lines.slice(0, MAX_LINES).map((line) => {
    const isWrong = problems.some(({ pointer }) => pointer !== '' && isAt(line, pointer));
    return el('div', isWrong ? { class: 'wrong' } : {}, ...colored(line.text));
  });
  if (lines.length > MAX_LINES) shown.push(el('div', {}, `… and ${lines.length - MAX_LINES} lines more`));
  const place = byId('source-json');
  place.replaceChildren(...shown);
  place.scrollTop = 0;
  const goTo = (pointer: string) => {
    const index = lines.findIndex((line) => line.pointer === pointer);
    shown[Math.max(0, index)]?.scrollIntoView({ block: 'center' });
  };
  const list = byId('source-problems');
  list.hidden = problems.length === 0;
  list.replaceChildren(
    ...problems.map(({ text, pointer }) => {
      const to = button(pointer || '/', { title: 'Show the place' }, () => goTo(pointer));
      return el('li', {}, `${text} at `, to);
    }),
  );
  if (problems[0]) goTo(problems[0].pointer);
}

/** Names, texts and the rest in their colours. */
function colored(line: string): (Node | string)[] {
  const [, indent = '', name = '', value = ''] = /^(\s*)("(?:[^"\\]|\\.)*": )?(.*)$/s.exec(line) ?? [];
  const kind = value.startsWith('"') ? 'text' : /^[-\dtfn]/.test(value) ? 'fact' : 'sign';
  const made: (Node | string)[] = [indent];
  if (name !== '') made.push(el('span', { class: 'name' }, name));
  made.push(el('span', { class: kind }, value));
  return made;
}
