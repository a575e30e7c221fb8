/**
 * Builds DOM nodes from the trees of tree.ts, and patches them when a tree changes. Uses only createElement, text and the
 * attributes named here, because an attacker may have written the content into a log.
 */
import { timeElement } from './dates.js';
import { type PageElement, type PageNode, safeHref, TAGS } from './tree.js';

const KNOWN_TAGS: ReadonlySet<string> = new Set(TAGS);

export function build(node: PageNode): Node {
  if (typeof node === 'string') return document.createTextNode(node);
  if (node.date) return timeElement(node.date.millis, node.date.format);
  const built = document.createElement(KNOWN_TAGS.has(node.tag) ? node.tag : 'span');
  setAttributes(built, node);
  built.append(...node.children.map(build));
  return built;
}

function setAttributes(built: HTMLElement, node: PageElement): void {
  if (node.class !== undefined) built.className = node.class;
  if (built.title !== (node.title ?? '')) built.title = node.title ?? '';
  if (node.color !== undefined) built.style.borderLeftColor = node.color;
  // Focusable, so that the keyboard can scroll it.
  if (node.class === 'wide') built.tabIndex = 0;
  const href = node.href === undefined ? undefined : safeHref(node.href);
  if (href !== undefined) Object.assign(built, { href, target: '_blank', rel: 'noopener noreferrer' });
}

/** Changes the children of a node from the trees `from` to the trees `to`. */
export function patchAll(parent: Node, from: readonly PageNode[], to: readonly PageNode[]): void {
  const existing = [...parent.childNodes];
  to.forEach((child, index) => {
    const old = existing[index];
    const before = from[index];
    if (old !== undefined && before !== undefined) patch(old as ChildNode, before, child);
    else parent.appendChild(build(child));
  });
  for (const obsolete of existing.slice(to.length)) obsolete.remove();
}

/** Changes a node in place, so that focus, selection and scroll positions stay. */
export function patch(built: ChildNode, from: PageNode, to: PageNode): void {
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  if (typeof from === 'string' && typeof to === 'string') {
    (built as Text).data = to;
  } else if (typeof from === 'string' || typeof to === 'string' || !canPatch(from, to)) {
    built.replaceWith(build(to));
  } else {
    setAttributes(built as HTMLElement, to);
    patchAll(built, from.children, to.children);
  }
}

function canPatch(from: PageElement, to: PageElement): boolean {
  if (from.tag !== to.tag || from.class !== to.class || from.color !== to.color) return false;
  return !from.date && !to.date && !from.href === !to.href;
}
