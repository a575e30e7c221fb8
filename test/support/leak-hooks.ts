/**
 * For mocha's `require`: everything that the suite brings forth is searched for secrets of ours, and the run fails when one
 * is found. It is looked at as it comes and not kept, which costs next to nothing.
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

/** What is printed. */
function watchOutput(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = process[name];
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (...args: readonly unknown[]): boolean => {
      leakWatch.lookAtPiece(name, textOf(args[0]));
      return write(...args);
    };
  }
}

const LEVELS = ['error', 'warn', 'info', 'debug', 'verbose'] as const;

/** What is said through `diag`, at every level, also while no test listens. */
function watchDiag(): void {
  const { disable } = diag;
  const setLogger = diag.setLogger as (logger: DiagLogger, options?: DiagLoggerOptions | DiagLogLevel) => boolean;
  const watching = (logger?: DiagLogger): DiagLogger => {
    const log =
      (level: (typeof LEVELS)[number]) =>
      (...parts: unknown[]): void => {
        leakWatch.look('diag', parts.map(String).join(' '));
        logger?.[level](...(parts as [string]));
      };
    return Object.fromEntries(LEVELS.map((level) => [level, log(level)])) as unknown as DiagLogger;
  };
  const listenAlone = (): void => {
    disable.call(diag);
    setLogger.call(diag, watching(), { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  };
  diag.setLogger = ((...[logger, options]: Parameters<typeof setLogger>) => {
    disable.call(diag);
    return setLogger.call(diag, watching(logger), options);
  }) as typeof diag.setLogger;
  diag.disable = listenAlone;
  listenAlone();
}

/** The errors that our code makes: a test puts secrets into errors as well, for us to hide. */
function watchErrors(): void {
  for (const name of ['Error', 'TypeError', 'RangeError'] as const) {
    const construct = (target: ErrorConstructor, args: unknown[], newTarget: NewableFunction): object => {
      const error = Reflect.construct(target, args, newTarget) as Error;
      // Without the frame of this function.
      Error.captureStackTrace(error, construct);
      if (leakWatch.sees(error.message) && isOurs(error)) leakWatch.look('an error', error.message);
      return error;
    };
    globalThis[name] = new Proxy(globalThis[name], { construct });
  }
}

/** Made in our sources, and not in a test. */
function isOurs({ stack = '' }: Error): boolean {
  const [top = ''] = /^ +at .+$/m.exec(stack) ?? [];
  return /[/\\](src|build)[/\\]/.test(top);
}

/** What is written into files piece by piece, as the spool does, and what is read of what other processes wrote. */
async function watchFiles(): Promise<void> {
  const { writeSync } = fs;
  fs.writeSync = ((...args: Parameters<typeof writeSync>) => {
    leakWatch.look('a file', textOf(args[1]));
    return writeSync(...args);
  }) as typeof writeSync;
  syncBuiltinESMExports();
  const handle = await open(devNull);
  const kind = Object.getPrototypeOf(handle);
  await handle.close();
  const { write, read } = kind;
  kind.write = function (bytes: unknown, ...args: unknown[]) {
    leakWatch.look('a file', textOf(bytes));
    return write.call(this, bytes, ...args);
  };
  kind.read = async function (...args: unknown[]) {
    const result = await read.apply(this, args);
    leakWatch.look('a file', textOf(result.buffer.subarray(0, result.bytesRead)));
    return result;
  };
}

/** How the body of a message of ours can be told from those that tests send. */
const OUR_MARK = '"unfurl_links":false';

/** The bodies of our requests, at the server, so that those of other processes are among them. Headers have to hold secrets. */
function watchRequests(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { readonly request: IncomingMessage };
    const push = request.push.bind(request);
    let body = '';
    request.push = (chunk: unknown, ...args: []): boolean => {
      if (chunk !== null) body += textOf(chunk);
      else if (body.includes(OUR_MARK)) leakWatch.look('a message', body);
      return push(chunk, ...args);
    };
  });
}

/** The suite that lets secrets out for the test of all this. */
const LEAKING = 'test/children/leaking.ts';

/** What processes print that tests start, whoever reads it. */
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
    if (chunk !== null) leakWatch.lookAtPiece(name, textOf(chunk));
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
    // Behind the hooks of all files: where one fails, those behind it do not run, and what they close stays open.
    this.test?.parent?.afterAll('finds no secret of ours', () => leakWatch.verify());
  },
  beforeEach(this: Mocha.Context): void {
    leakWatch.during = this.currentTest?.fullTitle() ?? 'no test';
  },
  afterEach(this: Mocha.Context): void {
    const { err } = this.currentTest ?? {};
    if (err) leakWatch.look('the error of a test that failed', String(err.stack));
  },
};
