/**
 * Returns the processor time of `work` in milliseconds, the minimum of a few runs. Other processes do not count, so
 * a limit with some margin also holds on a busy machine.
 */
export function costMillis(work: () => unknown, tries = 3): number {
  return Math.min(...Array.from({ length: tries }, () => costOnce(work)));
}

function costOnce(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
