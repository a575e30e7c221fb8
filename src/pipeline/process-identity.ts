import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { guarded, processGlobal } from '../util/index.js';

/** What tells a process from all others: a pid alone does not, because containers share pids and a reboot begins anew. */
export interface ProcessIdentity {
  readonly host: string;
  /** The start of the machine. Linux only. */
  readonly boot?: string | undefined;
  /** The namespace in which the pid holds. Linux only. */
  readonly pidNamespace?: string | undefined;
  readonly pid: number;
  /** When the process started, in ticks since the start of the machine. Linux only. */
  readonly started?: string | undefined;
}

/** Returns the identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return processGlobal('identity/1', () => ({
    host: hostname(),
    boot: guarded(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    pidNamespace: guarded(() => readlinkSync('/proc/self/ns/pid')),
    pid: process.pid,
    started: startOf('self'),
  }));
}

/**
 * Whether a process that is not this one runs: `undefined` when this process cannot tell, because the pid holds in another
 * container, on another machine, or held before a reboot.
 */
export function isRunning({ host, boot, pidNamespace, pid, started }: ProcessIdentity): boolean | undefined {
  const own = ownIdentity();
  if (host !== own.host || boot !== own.boot || pidNamespace !== own.pidNamespace) return undefined;
  // The same process, if it has the same start: another thread, or another copy of this package.
  if (pid === own.pid) return started !== undefined && started === own.started;
  if (!exists(pid)) return false;
  const startedNow = startOf(pid);
  // Without a known start, a pid that is in use again counts as running, which costs one extra message.
  return started === undefined || startedNow === undefined || startedNow === started;
}

/** Whether the pid is in use. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { readonly code?: unknown }).code !== 'ESRCH';
  }
}

/** Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (starttime, the 20th field after the name) */
function startOf(pid: number | 'self'): string | undefined {
  return guarded(() => {
    // In a container, /proc may be that of the host, where the pids differ.
    if (readlinkSync('/proc/self') !== String(process.pid) && pid !== 'self') return undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  });
}
