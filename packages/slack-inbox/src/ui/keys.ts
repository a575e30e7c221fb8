/** The actions of the keys. An action that returns false leaves the key to the browser. */
export interface KeyActions {
  readonly step: (by: number) => boolean;
  readonly openThread: () => boolean;
  readonly openSource: () => boolean;
  /** @param index the position of the emoji in the toolbar, from 0 */
  readonly react: (index: number) => boolean;
  readonly switchChannel: (by: number) => boolean;
  readonly toNewest: () => boolean;
  readonly search: () => boolean;
  readonly help: () => boolean;
  readonly escape: () => boolean;
}

/** Listens to the keyboard, except while the reader types into a field or a dialog is open. */
export function listenToKeys(actions: KeyActions): void {
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]') || event.isComposing) return;
    const isHandled = isTyping(event.target) ? event.key === 'Escape' && actions.escape() : handle(event, actions);
    if (isHandled) event.preventDefault();
  });
}

function handle(event: KeyboardEvent, actions: KeyActions): boolean {
  const { key, altKey, ctrlKey, metaKey } = event;
  if (ctrlKey || metaKey) return false;
  const by = ['ArrowUp', 'k'].includes(key) ? -1 : ['ArrowDown', 'j'].includes(key) ? 1 : 0;
  if (altKey) return key.startsWith('Arrow') && by !== 0 && actions.switchChannel(by);
  if (by !== 0) return actions.step(by);
  if (/^[1-4]$/.test(key)) return actions.react(Number(key) - 1);
  // On a button or a link, Enter has its normal function.
  if (key === 'Enter')
    return event.target instanceof HTMLElement && event.target.matches('article') && actions.openThread();
  if (key === 's') return actions.openSource();
  if (key === 'End') return actions.toNewest();
  if (key === '/') return actions.search();
  if (key === '?') return actions.help();
  return key === 'Escape' && actions.escape();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select');
}
