import type { Diagnostics } from '../../../../src/telemetry/diagnostics.js';

/** More kinds of warning than that nobody reads. */
const MOST_KINDS = 100;

/** Says warnings to whoever sits at the terminal instead of through `diag`, each kind once; by default to nobody. */
export function diagnosticsFor(say: (message: string) => void = () => {}): Diagnostics {
  const said = new Set<string>();
  const warn = (kind: string, message: string): void => {
    if (said.has(kind) || said.size > MOST_KINDS) return;
    said.add(kind);
    say(message);
  };
  return { debug: () => {}, warn, failed: warn, failures: () => ({}), mended: () => {} };
}
