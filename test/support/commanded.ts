import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Command } from '../children/commanded.js';

const FILE = fileURLToPath(new URL('../children/commanded.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A process with the exporter. */
export interface CommandedApp {
  readonly process: ChildProcess;
  /** Sends a command and returns the answer. */
  tell(command: Command): Promise<Answer>;
}

/** Options of {@link CommandedApps.start}. */
export interface CommandedOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Starts the process through this command. */
  readonly through?: readonly string[];
}

/** The processes of a test. Call `killAll()` in `afterEach`. */
export class CommandedApps {
  readonly #apps: CommandedApp[] = [];

  /** @param options - the options of the exporter */
  async start(options: object, { environment = {}, through = [] }: CommandedOptions = {}): Promise<CommandedApp> {
    const [command = '', ...args] = [...through, process.execPath, '--import', 'tsx', FILE, JSON.stringify(options)];
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...environment },
    });
    const app: CommandedApp = {
      process: child,
      async tell(command) {
        child.send(command);
        const [answer] = (await once(child, 'message')) as [Answer];
        return answer;
      },
    };
    this.#apps.push(app);
    await once(child, 'message');
    return app;
  }

  async killAll(): Promise<void> {
    for (const { process: child } of this.#apps.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
}
