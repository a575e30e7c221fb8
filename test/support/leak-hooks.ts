/**
 * Loaded with mocha's `require`. Searches all output of the tests for secrets, and fails the run when one
 * is found. The output is scanned as it arrives and not stored, so the scan is cheap.
 */

import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { devNull } from 'node:os';
import type { Readable } from 'node:stream';
import { type DiagLogger, type DiagLoggerOptions, DiagLogLevel, diag } from '@opentelemetry/api';
import { leakWatch, SHOWS_ITS_INBOX } from './leaks.js';

/** Scans stdout and stderr. */
function watchOutput(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = process[name];
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (...args: readonly unknown[]): boolean => {
      leakWatch.scanChunk(name, textOf(args[0]));
      return write(...args);
    };
  }
}

const LEVELS = ['error', 'warn', 'info', 'debug', 'verbose'] as const;

/** Scans `diag` lines of every level, also while no test captures them. */
function watchDiag(): void {
  const { disable } = diag;
  const setLogger = diag.setLogger as (logger: DiagLogger, options?: DiagLoggerOptions | DiagLogLevel) => boolean;
  const watching = (logger?: DiagLogger): DiagLogger => {
    const log =
      (level: (typeof LEVELS)[number]) =>
      (...parts: unknown[]): void => {
        leakWatch.scan('diag', parts.map(String).join(' '));
        logger?.[level](...(parts as [string]));
      };
    return Object.fromEntries(LEVELS.map((level) => [level, log(level)])) as unknown as DiagLogger;
  };
  const captureOnly = (): void => {
    disable.call(diag);
    setLogger.call(diag, watching(), { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  };
  diag.setLogger = ((...[logger, options]: Parameters<typeof setLogger>) => {
    disable.call(diag);
    return setLogger.call(diag, watching(logger), options);
  }) as typeof diag.setLogger;
  diag.disable = captureOnly;
  captureOnly();
}

/**
 * Scans errors that our sources create. Errors of the tests are not scanned: some contain secrets that must be
 * redacted.
 */
function watchErrors(): void {
  for (const name of ['Error', 'TypeError', 'RangeError'] as const) {
    const construct = (target: ErrorConstructor, args: unknown[], newTarget: NewableFunction): object => {
      const error = Reflect.construct(target, args, newTarget) as Error;
      // Without the frame of this function.
      Error.captureStackTrace(error, construct);
      if (leakWatch.hasSecret(error.message) && isFromOurSources(error)) leakWatch.scan('an error', error.message);
      return error;
    };
    globalThis[name] = new Proxy(globalThis[name], { construct });
  }
}

/** Whether an error was created in our sources and not in a test. */
function isFromOurSources({ stack = '' }: Error): boolean {
  const [top = ''] = /^ +at .+$/m.exec(stack) ?? [];
  return /[/\\](src|build)[/\\]/.test(top);
}

/** Scans data that the spool writes to files, and data that it reads from files of other processes. */
async function watchFiles(): Promise<void> {
  const { writeSync } = fs;
  fs.writeSync = ((...args: Parameters<typeof writeSync>) => {
    leakWatch.scan('a file', textOf(args[1]));
    return writeSync(...args);
  }) as typeof writeSync;
  syncBuiltinESMExports();
  const handle = await open(devNull);
  const kind = Object.getPrototypeOf(handle);
  await handle.close();
  const { write, read } = kind;
  kind.write = function (bytes: unknown, ...args: unknown[]) {
    leakWatch.scan('a file', textOf(bytes));
    return write.call(this, bytes, ...args);
  };
  kind.read = async function (...args: unknown[]) {
    const result = await read.apply(this, args);
    leakWatch.scan('a file', textOf(result.buffer.subarray(0, result.bytesRead)));
    return result;
  };
}

/** Part of every message body of ours, and of none that tests send. */
const OUR_BODY = '"unfurl_links":false';

/**
 * Scans the bodies of our requests at the server, so that requests of other processes are included. Headers contain
 * secrets.
 */
function watchRequests(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { readonly request: IncomingMessage };
    const push = request.push.bind(request);
    let body = '';
    request.push = (chunk: unknown, ...args: []): boolean => {
      if (chunk !== null) body += textOf(chunk);
      else if (body.includes(OUR_BODY)) leakWatch.scan('a message', body);
      return push(chunk, ...args);
    };
  });
}

/** The suite that leaks secrets on purpose, to test these hooks. */
const LEAKING = 'test/children/leaking.ts';

/** Scans the output of processes that tests start. */
function watchProcesses(): void {
  subscribe('child_process', (message) => {
    const { process: child } = message as { readonly process: ChildProcess };
    child.once('spawn', () => {
      if (child.spawnargs.some((argument) => argument === LEAKING || argument === SHOWS_ITS_INBOX)) return;
      for (const stream of [child.stdout, child.stderr]) if (stream) watchStream(stream, 'a process');
    });
  });
}

function watchStream(stream: Readable, name: string): void {
  const push = stream.push.bind(stream);
  stream.push = (chunk: unknown, ...args: []): boolean => {
    if (chunk !== null) leakWatch.scanChunk(name, textOf(chunk));
    return push(chunk, ...args);
  };
}

function textOf(bytes: unknown): string {
  if (typeof bytes === 'string') return bytes;
  return bytes instanceof Uint8Array ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString() : '';
}

watchOutput();
watchDiag();
watchErrors();
watchRequests();
watchProcesses();

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    await watchFiles();
    // Registered last: when a hook fails, later hooks do not run, and the resources that they close stay open.
    this.test?.parent?.afterAll('finds no secret of ours', () => leakWatch.verify());
  },
  beforeEach(this: Mocha.Context): void {
    leakWatch.during = this.currentTest?.fullTitle() ?? 'no test';
  },
  afterEach(this: Mocha.Context): void {
    const { err } = this.currentTest ?? {};
    if (err) leakWatch.scan('the error of a test that failed', String(err.stack));
  },
};
