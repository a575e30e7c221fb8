import assert from 'node:assert/strict';
import fc from 'fast-check';
import { build, patch } from '../src/ui/build.js';
import type { PageElement } from '../src/ui/tree.js';

/** The part of the DOM that the page's script uses. */
class FakeNode {
  parent: FakeNode | undefined;
  childNodes: FakeNode[] = [];
  className = '';
  title = '';
  href = '';
  target = '';
  rel = '';
  tabIndex = -1;
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
  appendChild(node: FakeNode): void {
    this.append(node);
  }
  replaceWith(node: FakeNode): void {
    const siblings = this.parent?.childNodes ?? [];
    node.parent = this.parent;
    siblings.splice(siblings.indexOf(this), 1, node);
  }
  /** Returns everything that a reader could notice. */
  get shown(): unknown {
    const { parent: _parent, childNodes, ...rest } = this;
    return { ...rest, children: childNodes.map((each) => each.shown) };
  }
}

const fakeDocument = {
  createElement: (tag: string) => new FakeNode(tag),
  createTextNode: (data: string) => new FakeNode('#text', data),
};
const built = (node: PageElement): FakeNode => build(node) as unknown as FakeNode;

/** Builds the first tree, and patches it to the second. */
function patched(from: PageElement, to: PageElement): FakeNode {
  const root = new FakeNode('root');
  root.append(built(from));
  patch(root.childNodes[0] as unknown as ChildNode, from, to);
  assert.equal(root.childNodes.length, 1);
  return root.childNodes[0] as FakeNode;
}

// In most cases `undefined`, so that two nodes often differ in one field only.
const optional = <T>(values: readonly T[]) => fc.constantFrom(...Array<undefined>(6).fill(undefined), ...values);
const { node } = fc.letrec<{ node: PageElement }>((tie) => ({
  node: fc.record({
    tag: fc.constantFrom<PageElement['tag']>('div', 'a'),
    class: optional(['text', 'row']),
    title: optional(['x', 'y']),
    href: optional(['https://a.example/', 'https://b.example/']),
    color: optional(['#000000', '#ffffff']),
    date: optional([{ millis: 0, format: '{date}' }]),
    children: fc.array(fc.oneof({ depthSize: 'small' }, fc.constantFrom('a', 'b'), tie('node')), { maxLength: 4 }),
  }) as fc.Arbitrary<PageElement>,
}));

describe('inbox: the DOM of the page', () => {
  before(() => Object.assign(globalThis, { document: fakeDocument }));
  after(() => Reflect.deleteProperty(globalThis, 'document'));

  it('is the same after a patch as when built from new', () => {
    fc.assert(
      fc.property(node, node, (from, to) => {
        assert.deepEqual(patched(from, to).shown, built(to).shown);
      }),
      { numRuns: 3_000 },
    );
  });

  it('keeps elements when a count grows and a block is added', () => {
    const message = (count: string, more: PageElement[]): PageElement => ({
      tag: 'div',
      children: [
        { tag: 'div', class: 'text', children: [count, { tag: 'pre', children: ['at f'] }] },
        { tag: 'hr', children: [] },
        ...more,
      ],
    });
    const from = message('1', []);
    const root = built(from);
    const nodes = (each: FakeNode): FakeNode[] => [each, ...each.childNodes.flatMap(nodes)];
    const before = nodes(root);
    patch(root as unknown as ChildNode, from, message('1,000', [{ tag: 'ul', children: [] }]));
    const after = nodes(root);
    assert.deepEqual(
      before.filter((each) => !after.includes(each)),
      [],
    );
    assert.equal(after.length, before.length + 1);
    assert.equal(root.childNodes[0]?.childNodes[0]?.data, '1,000');
  });

  it('creates no link for an unsafe address', () => {
    const link = (href: string) => built({ tag: 'a', href, children: ['x'] });
    assert.equal(link('javascript:alert(1)').href, '');
    assert.deepEqual(
      [link('https://a.example').href, link('https://a.example').rel],
      ['https://a.example/', 'noopener noreferrer'],
    );
    assert.equal(built({ tag: 'script' as PageElement['tag'], children: [] }).tag, 'span');
  });
});
