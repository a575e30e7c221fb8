import { equal, ok } from 'node:assert/strict';
import { isByChance, randomness } from '../../src/classify/random-text.js';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

describe('isByChance', () => {
  const IDS = words(`
    gum3qBUlXWtEjseSkuXQ qBUlXWtE V1StGXR8Z5jdHi6BmyT NffrFeUfNVHibx xkWqTzRvBn EVJKZAQIXK hjkzxcvbqwfp QmYwAPJzvHjGkUt
    7fJ2mQx9Lp DiwrgTdaKq ORDERXKQZWVBNTRP`);
  for (const id of IDS) it(`row 10: takes ${id} for an id`, () => equal(isByChance(id), true));

  const NAMES = words(`
    OrderNotFound checkout ECONNREFUSED ENOTFOUND WRONGTYPE READONLY NullPointerException PostgreSQL GraphQL JavaScript
    getUserById XMLHttpRequest ImagePullBackOff CrashLoopBackOff OOMKilled Kubernetes Elasticsearch RabbitMQ jsonwebtoken
    UnhandledPromiseRejection Verbindungsabbruch utilisateur introuvable rechazada przekroczono Benutzername systemctl
    ljubljana PermissionError UserSettingsPage iPhone MacBook nginx mysqld ConnectTimeoutError EventEmitter`);
  for (const name of NAMES) it(`row 10: takes ${name} for a name`, () => equal(isByChance(name), false));

  it('row 10: takes no short text for an id', () => equal(isByChance('xqzvp'), false));
});

describe('randomness', () => {
  it('is defined for any text', () => {
    for (const text of ['', 'a', '-', 'ä', '用户', '\u0000', 'x'.repeat(1_000)])
      ok(Number.isFinite(randomness(text)), text);
  });
});
