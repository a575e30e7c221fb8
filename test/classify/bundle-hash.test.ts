import { equal, ok } from 'node:assert/strict';
import { withoutBundleHash } from '../../src/classify/bundle-hash.js';

/** A generator with a seed, so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

function byChance(length: number, alphabet: string, random: () => number): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}

describe('withoutBundleHash', () => {
  const HASHES: Readonly<Record<string, string>> = {
    '[root-of-the-server]__8023723c._': '[root-of-the-server]',
    'app_orders_page_tsx_40653a._': 'app_orders_page_tsx',
    '_e742affb._': '',
    '842440f8': '',
    'pay-DiwrgTda': 'pay',
    'index-B_x-9aQ2': 'index',
    'app-DX8zK-4_': 'app',
    'chunk-EVJKZAQI': 'chunk',
    'chunk-Q7XK2L': 'chunk',
    'main.3f2a1b9c': 'main',
    'entry.c0ffee12': 'entry',
    'vendors~app.a1b2c3d4e5f60718293a': 'vendors~app',
  };
  for (const [name, rest] of Object.entries(HASHES)) {
    it(`row 9: leaves ${JSON.stringify(rest)} of ${name}`, () => equal(withoutBundleHash(name), rest));
  }

  const NAMES = [
    ...[
      'payment-service',
      'user-Settings',
      'my-checkout',
      'my-LoginForm',
      'pay_service',
      'UserController',
      'getUserById',
    ],
    ...[
      'http2',
      'base64',
      'sha256',
      'oauth2',
      'x64-linux',
      'order-2024',
      'migration-20240101',
      'step12',
      '1234',
      'main.chunk',
    ],
    ...[
      'runtime~main',
      'vendors-node_modules_foo',
      'app-PaymentsV2',
      'IPv4Address',
      'useCheckoutForm',
      '_ssr_payments',
    ],
  ];
  for (const name of NAMES) it(`row 9: keeps ${name}`, () => equal(withoutBundleHash(name), name));

  const LOWER = 'abcdefghijklmnopqrstuvwxyz';
  const BASE64URL = `${LOWER.toUpperCase()}${LOWER}0123456789-_`;
  const TOOLS: readonly (readonly [tool: string, alphabet: string, length: number, share: number])[] = [
    ['Vite and Rollup', BASE64URL, 8, 0.98],
    ['esbuild', `${LOWER.toUpperCase()}234567`, 8, 1],
    ['webpack', '0123456789abcdef', 20, 0.999],
    ['Turbopack', '0123456789abcdef', 8, 0.99],
    ['a tool with ten characters of base62', BASE64URL.slice(0, 62), 10, 0.98],
  ];
  for (const [tool, alphabet, length, share] of TOOLS) {
    it(`row 9: removes nearly every hash of ${tool}`, () => {
      const random = seeded(42);
      const names = Array.from({ length: 5_000 }, () => `pay-${byChance(length, alphabet, random)}`);
      const removed = names.filter((name) => withoutBundleHash(name) === 'pay').length;
      ok(removed >= share * names.length, `${removed} of ${names.length}`);
    });
  }
});
