import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BUILD } from '../../src/inbox/page-build.js';
import type { PageElement, PageNode } from '../../src/inbox/page-node.js';

/** As much of the DOM as the page's script asks for. */
class FakeNode {
  parent: FakeNode | undefined;
  childNodes: FakeNode[] = [];
  className = '';
  title = '';
  ariaLabel: string | null = null;
  ariaPressed = '';
  href = '';
  dateTime = '';
  textContent = '';
  style: Record<string, string> = {};
  dataset: Record<string, string> = {};
  readonly tag: string;
  data: string;
  constructor(tag: string, data = '') {
    this.tag = tag;
    this.data = data;
  }
  append(...nodes: FakeNode[]): void {
    for (const node of nodes) node.parent = this;
    this.childNodes.push(...nodes);
  }
  remove(): void {
    const siblings = this.parent?.childNodes ?? [];
    siblings.splice(siblings.indexOf(this), 1);
  }
  replaceWith(node: FakeNode): void {
    const siblings = this.parent?.childNodes ?? [];
    node.parent = this.parent;
    siblings.splice(siblings.indexOf(this), 1, node);
  }
  /** All that a reader could notice. */
  get shown(): unknown {
    const { parent: _parent, childNodes, ...rest } = this;
    return { ...rest, children: childNodes.map((each) => each.shown) };
  }
}

interface Script {
  build(node: PageNode): FakeNode;
  patch(made: FakeNode, from: PageNode, to: PageNode): FakeNode;
}

const document = {
  createElement: (tag: string) => new FakeNode(tag),
  createTextNode: (data: string) => new FakeNode('#text', data),
};
const { build, patch } = new Function('document', `${BUILD}; return { build, patch };`)(document) as Script;

/** Builds the one and makes it the other. */
function patched(from: PageElement, to: PageElement): FakeNode {
  const root = new FakeNode('root');
  root.append(build(from));
  patch(root.childNodes[0] as FakeNode, from, to);
  assert.equal(root.childNodes.length, 1);
  return root.childNodes[0] as FakeNode;
}

// Mostly nothing, so that two nodes are often alike but for one thing.
const optional = <T>(values: readonly T[]) => fc.constantFrom(...Array<undefined>(6).fill(undefined), ...values);
const { node } = fc.letrec<{ node: PageElement }>((tie) => ({
  node: fc.record({
    tag: fc.constantFrom<PageElement['tag']>('div', 'button'),
    class: optional(['text', 'row']),
    title: optional(['x', 'y']),
    label: optional(['l', 'm']),
    href: optional(['https://a.example/', 'https://b.example/']),
    color: optional(['#000000', '#ffffff']),
    date: optional([{ millis: 0, format: '{date}' }]),
    reaction: optional([
      { name: 'eyes', own: true },
      { name: 'eyes', own: false },
      { name: '+1', own: false },
    ]),
    children: fc.array(fc.oneof({ depthSize: 'small' }, fc.constantFrom('a', 'b'), tie('node')), { maxLength: 4 }),
  }) as fc.Arbitrary<PageElement>,
}));

describe('inbox: what the page builds', () => {
  it('looks after a change as if it had been built anew', () => {
    fc.assert(
      fc.property(node, node, (from, to) => {
        assert.deepEqual(patched(from, to).shown, build(to).shown);
      }),
      { numRuns: 3_000 },
    );
  });

  it('keeps what stands when a count grows and a reaction comes', () => {
    const message = (count: string, answers: string[]): PageElement => ({
      tag: 'article',
      children: [
        { tag: 'div', class: 'content', children: [count, { tag: 'pre', children: ['at f'] }] },
        {
          tag: 'span',
          class: 'answers',
          children: answers.map((name) => ({ tag: 'button', reaction: { name, own: false }, children: [name] })),
        },
        { tag: 'details', class: 'picker', children: [{ tag: 'summary', children: ['+'] }] },
      ],
    });
    const from = message('1', ['eyes']);
    const made = build(from);
    const nodes = (root: FakeNode): FakeNode[] => [root, ...root.childNodes.flatMap(nodes)];
    const before = nodes(made);
    const after = nodes(patch(made, from, message('1,000', ['eyes', '+1'])));
    assert.deepEqual(
      before.filter((each) => !after.includes(each)),
      [],
    );
    assert.equal(made.childNodes[0]?.childNodes[0]?.data, '1,000');
  });
});
