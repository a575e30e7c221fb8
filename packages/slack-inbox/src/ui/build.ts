/**
 * Builds the trees that say what a message shows, and changes what was built into what another tree says. Only
 * createElement, text, and the few attributes named here: what is shown is what an attacker may have written into a log.
 */
import { timeElement } from './dates.js';
import { type PageElement, type PageNode, safeHref, TAGS } from './tree.js';

const KNOWN_TAGS: ReadonlySet<string> = new Set(TAGS);

export function build(node: PageNode): Node {
  if (typeof node === 'string') return document.createTextNode(node);
  if (node.date) return timeElement(node.date.millis, node.date.format);
  const made = document.createElement(KNOWN_TAGS.has(node.tag) ? node.tag : 'span');
  dress(made, node);
  made.append(...node.children.map(build));
  return made;
}

function dress(made: HTMLElement, node: PageElement): void {
  if (node.class !== undefined) made.className = node.class;
  if (made.title !== (node.title ?? '')) made.title = node.title ?? '';
  if (node.color !== undefined) made.style.borderLeftColor = node.color;
  // What is too wide is scrolled by those without a mouse too.
  if (node.class === 'wide') made.tabIndex = 0;
  const href = node.href === undefined ? undefined : safeHref(node.href);
  if (href !== undefined) Object.assign(made, { href, target: '_blank', rel: 'noopener noreferrer' });
}

/** Makes the children of a node, built from `from`, what `to` says. */
export function patchAll(parent: Node, from: readonly PageNode[], to: readonly PageNode[]): void {
  const there = [...parent.childNodes];
  to.forEach((child, index) => {
    const old = there[index];
    const before = from[index];
    if (old !== undefined && before !== undefined) patch(old as ChildNode, before, child);
    else parent.appendChild(build(child));
  });
  for (const left of there.slice(to.length)) left.remove();
}

/** In place, so that focus, selection and what is scrolled stay as the reader left them. */
export function patch(made: ChildNode, from: PageNode, to: PageNode): void {
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  if (typeof from === 'string' && typeof to === 'string') {
    (made as Text).data = to;
  } else if (typeof from === 'string' || typeof to === 'string' || !isAlike(from, to)) {
    made.replaceWith(build(to));
  } else {
    dress(made as HTMLElement, to);
    patchAll(made, from.children, to.children);
  }
}

function isAlike(from: PageElement, to: PageElement): boolean {
  if (from.tag !== to.tag || from.class !== to.class || from.color !== to.color) return false;
  return !from.date && !to.date && !from.href === !to.href;
}
