import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { printableLine } from '../../../../src/util/index.js';
import { type Io, UserError } from '../shared/command.js';

/** A line of the input; `text` is undefined for a line above {@link MAX_LINE_BYTES}. */
export interface InputLine {
  readonly number: number;
  readonly text: string | undefined;
}

/** Longer lines are skipped, which bounds the memory. */
export const MAX_LINE_BYTES: number = 16 * 1_048_576;

/**
 * Reads the lines of a file, or of stdin for `-`. Decompresses gzip.
 * @throws {UserError} when the file cannot be read
 */
export async function* readLines(path: string, io: Pick<Io, 'stdin' | 'cwd'>): AsyncGenerator<InputLine> {
  const stream = path === '-' ? io.stdin : await openFile(path, io.cwd);
  try {
    yield* splitLines(decompress(stream, path));
  } catch (error) {
    throw toUserError(path, error);
  } finally {
    stream.destroy();
  }
}

async function openFile(path: string, cwd: string): Promise<Readable> {
  const file = resolve(cwd, path);
  try {
    if ((await stat(file)).isDirectory())
      throw new UserError(`${printableLine(path)}: expected a file with log records, got a directory`);
    return createReadStream(file, { highWaterMark: 262_144 });
  } catch (error) {
    throw toUserError(path, error);
  }
}

function toUserError(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof UserError || code === undefined) return error;
  const name = printableLine(path);
  if (code === 'ENOENT') return new UserError(`${name}: there is no such file`);
  if (code.startsWith('Z_')) return new UserError(`${name}: the gzip data is damaged or cut off (${code})`);
  return new UserError(`${name}: cannot be read (${code})`);
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

async function* decompress(stream: Readable, path: string): AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  const first = await nextBuffer(chunks);
  if (first === undefined) return;
  if (first.subarray(0, 4).equals(ZSTD)) {
    const name = printableLine(path);
    throw new UserError(`${name}: zstd is not supported; decompress it: zstd -dc ${name} | otel-slack preview -`);
  }
  const all = restOf(first, chunks);
  if (!first.subarray(0, 2).equals(GZIP)) return yield* all;
  // The iteration throws the errors of the pipeline, so the callback has nothing to do.
  yield* pipeline(Readable.from(all), createGunzip(), () => {}) as unknown as AsyncIterable<Buffer>;
}

async function nextBuffer(chunks: AsyncIterator<Buffer | string>): Promise<Buffer | undefined> {
  const { value, done } = await chunks.next();
  return done ? undefined : Buffer.from(value);
}

async function* restOf(first: Buffer, chunks: AsyncIterator<Buffer | string>): AsyncGenerator<Buffer> {
  for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await nextBuffer(chunks)) yield chunk;
}

const NEWLINE = 0x0a;

async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<InputLine> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer): void => {
    length += part.length;
    if (length > MAX_LINE_BYTES) parts = [];
    else parts.push(part);
  };
  const take = (): InputLine => {
    const text = length > MAX_LINE_BYTES ? undefined : Buffer.concat(parts).toString('utf8');
    parts = [];
    length = 0;
    return { number: number++, text };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, at));
      yield take();
      from = at + 1;
    }
    add(chunk.subarray(from));
  }
  if (length > 0) yield take();
}
