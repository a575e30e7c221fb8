import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The end of a Node process. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const children = new Set<ChildProcess>();

/** Options of {@link start}. */
export interface StartOptions {
  /** `pipe` to write to the process. Default: `ignore`. */
  readonly stdin?: 'ignore' | 'pipe';
  /** Default: the repository's root. */
  readonly cwd?: string;
}

/** Starts a Node process. */
export function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  { stdin = 'ignore', cwd = ROOT }: StartOptions = {},
): ChildProcess {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { cwd, stdio: [stdin, 'pipe', 'pipe'], env });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Waits for the end of a process and returns its output. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    output.stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    output.stderr += chunk;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...output };
}

/** Builds the package when src/ is newer than build/: the examples import the built package. */
export function buildIfStale(): void {
  const index = join(ROOT, 'build', 'esm', 'index.js');
  const builtAt = existsSync(index) ? statSync(index).mtimeMs : 0;
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const isStale = sources.some((name) => statSync(join(ROOT, 'src', name)).mtimeMs > builtAt);
  if (isStale) execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], { stdio: 'inherit' });
}

/** Kills the processes that a test left running. */
export function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}
