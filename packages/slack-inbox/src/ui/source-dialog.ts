import { fetchSource } from './api.js';
import { button, byId, el, setText } from './dom.js';
import { isAt, type JsonLine, jsonLines } from './json-lines.js';
import type { Entry, Problem } from './wire.js';

/** The dialog shows at most this many lines. The Copy button copies all. */
const MAX_LINES = 5_000;

/** Creates the dialog that shows the JSON of a message or of a refused request. */
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
    setText(copy, isCopied ? 'Copied' : 'The browser does not allow copying');
    announce(copy.textContent ?? '');
  });
  // Focusable, so that the keyboard can scroll it.
  byId('source-json').tabIndex = 0;
  closeOnBackdrop(dialog);
  return {
    async open(entry) {
      const source = await fetchSource(entry.key);
      if (!source) return announce('This entry does not exist any more.');
      text = JSON.stringify(source.json, null, 2);
      setText(copy, 'Copy');
      setText(byId('source-title'), entry.kind === 'message' ? 'Message' : `${entry.method} · ${entry.error}`);
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
    const hasProblem = problems.some(({ pointer }) => pointer !== '' && isAt(line, pointer));
    return el('div', hasProblem ? { class: 'wrong' } : {}, ...highlighted(line.text));
  });
  if (lines.length > MAX_LINES) shown.push(el('div', {}, `… and ${lines.length - MAX_LINES} more lines`));
  const container = byId('source-json');
  container.replaceChildren(...shown);
  container.scrollTop = 0;
  const scrollToPointer = (pointer: string) => {
    const index = lines.findIndex((line) => line.pointer === pointer);
    shown[Math.max(0, index)]?.scrollIntoView({ block: 'center' });
  };
  const list = byId('source-problems');
  list.hidden = problems.length === 0;
  list.replaceChildren(
    ...problems.map(({ text, pointer }) => {
      const target = button(pointer || '/', { title: 'Show the place' }, () => scrollToPointer(pointer));
      return el('li', {}, `${text} at `, target);
    }),
  );
  if (problems[0]) scrollToPointer(problems[0].pointer);
}

/** Splits a line into parts with the classes for their colours. */
function highlighted(line: string): (Node | string)[] {
  const [, indent = '', name = '', value = ''] = /^(\s*)("(?:[^"\\]|\\.)*": )?(.*)$/s.exec(line) ?? [];
  const kind = value.startsWith('"') ? 'text' : /^[-\dtfn]/.test(value) ? 'fact' : 'sign';
  const parts: (Node | string)[] = [indent];
  if (name !== '') parts.push(el('span', { class: 'name' }, name));
  parts.push(el('span', { class: kind }, value));
  return parts;
}
