/** A leaked secret: where it appeared, and during which test. The excerpt cuts the secret. */
export interface Leak {
  readonly where: string;
  readonly during: string;
  readonly excerpt: string;
}

/**
 * A token, or the path after `/services/` of a webhook's URL. Matched by pattern and
 * not by a list, so that no test has to register its secrets.
 */
const SECRET = /xox[a-ep-s]-\w[\w-]*|(?:\/|%2F)services(?:\\?\/|%2F)\w[\w/\\%-]*/gi;

/**
 * The argument of a Node process whose purpose is to print the secrets of its own inbox. Its output is not scanned.
 * Node only sets the title of the process.
 */
export const SHOWS_ITS_INBOX = '--title=shows-its-inbox';

/** The number of characters kept of the last chunk, because a secret may be split between two chunks. */
const TAIL_LENGTH = 200;

/** Collects the secrets that leak while tests run. */
export class LeakWatch {
  readonly leaks: Leak[] = [];
  /** The title of the current test. */
  during = 'no test';
  readonly #tails = new Map<string, string>();

  /** Whether a text contains a secret. */
  hasSecret(text: string): boolean {
    return text.search(SECRET) >= 0;
  }

  /** Scans a complete text. */
  scan(where: string, text: string): void {
    for (const { 0: secret, index } of text.matchAll(SECRET)) {
      const before = text.slice(Math.max(0, index - 60), index);
      this.leaks.push({ where, during: this.during, excerpt: `${before}${secret.slice(0, 6)}…` });
    }
  }

  /** Scans a chunk of a stream. */
  scanChunk(where: string, chunk: string): void {
    const text = (this.#tails.get(where) ?? '') + chunk;
    this.scan(where, text);
    this.#tails.set(where, this.hasSecret(text) ? '' : text.slice(-TAIL_LENGTH));
  }

  /** @throws {Error} when anything leaked */
  verify(): void {
    if (this.leaks.length === 0) return;
    const lines = this.leaks.map(({ where, during, excerpt }) => `${where}, during “${during}”: ${excerpt}`);
    throw new Error(`secrets leaked ${this.leaks.length} times:\n${[...new Set(lines)].join('\n')}`);
  }
}

const KEY = Symbol.for('opentelemetry-exporter-slack/test/leaks');
const holder = globalThis as { [KEY]?: LeakWatch };
holder[KEY] ??= new LeakWatch();

/**
 * The one instance of the process. Tests pass data to it that the hooks cannot see. Mocha loads the hooks with
 * `require` and the tests with `import`, so this module is loaded twice.
 */
export const leakWatch: LeakWatch = holder[KEY];
