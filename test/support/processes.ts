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

const PACKAGES = [ROOT, join(ROOT, 'packages', 'slack-inbox'), join(ROOT, 'packages', 'otel-slack')];
const SOURCES = PACKAGES.map((folder) => join(folder, 'src'));
const BUILT = ['exporter.cjs', 'inbox.cjs', 'main.js'].map((file, at) => join(PACKAGES[at] ?? ROOT, 'build', file));

/** The examples import what is shipped: what stands in build/ must be what stands in src/. */
export function buildIfStale(): void {
  const builtAt = Math.min(...BUILT.map((file) => (existsSync(file) ? statSync(file).mtimeMs : 0)));
  const sources = SOURCES.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const isStale = sources.some((file) => statSync(file).mtimeMs > builtAt);
  if (isStale) execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.mjs'), '--no-types'], { stdio: 'inherit' });
}

/** Kills the processes that a test left running. */
export function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}
