/** Where a secret of ours came out, and while which test. The secret itself is cut. */
export interface Leak {
  readonly where: string;
  readonly during: string;
  readonly excerpt: string;
}

/**
 * What gives access to a Slack: a token, and what stands behind `/services/` in a webhook's address. By their looks and
 * not by a list, so that no test can forget to enter its own.
 */
const SECRET = /xox[a-ep-s]-\w[\w-]*|(?:\/|%2F)services(?:\\?\/|%2F)\w[\w/\\%-]*/gi;

/**
 * The argument for a process of node that prints the secrets of an inbox of its own, because that is what it is for.
 * To node it is no more than a title.
 */
export const SHOWS_ITS_INBOX = '--title=shows-its-inbox';

/** The end of what was looked at, because a secret may come in two pieces. */
const KEPT = 200;

/** Looks at everything that comes out while tests run. */
export class LeakWatch {
  readonly leaks: Leak[] = [];
  /** The test that runs. */
  during = 'no test';
  readonly #tails = new Map<string, string>();

  /** Whether it holds a secret. */
  sees(text: string): boolean {
    return text.search(SECRET) >= 0;
  }

  /** Looks at a text that is whole. */
  look(where: string, text: string): void {
    for (const { 0: secret, index } of text.matchAll(SECRET)) {
      const before = text.slice(Math.max(0, index - 60), index);
      this.leaks.push({ where, during: this.during, excerpt: `${before}${secret.slice(0, 6)}…` });
    }
  }

  /** Looks at a piece of a stream. */
  lookAtPiece(where: string, piece: string): void {
    const text = (this.#tails.get(where) ?? '') + piece;
    this.look(where, text);
    this.#tails.set(where, this.sees(text) ? '' : text.slice(-KEPT));
  }

  /** @throws {Error} when anything leaked */
  verify(): void {
    if (this.leaks.length === 0) return;
    const lines = this.leaks.map(({ where, during, excerpt }) => `${where}, during “${during}”: ${excerpt}`);
    throw new Error(`secrets of ours came out ${this.leaks.length} times:\n${[...new Set(lines)].join('\n')}`);
  }
}

const KEY = Symbol.for('opentelemetry-exporter-slack/test/leaks');
const holder = globalThis as { [KEY]?: LeakWatch };
holder[KEY] ??= new LeakWatch();

/**
 * That of the process: what tests have in hand and hooks cannot see is given to it. Mocha loads the hooks with `require`
 * and the tests with `import`, so that there are two of this module.
 */
export const leakWatch: LeakWatch = holder[KEY];
