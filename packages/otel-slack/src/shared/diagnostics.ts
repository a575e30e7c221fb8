import type { Diagnostics } from '../../../../src/telemetry/index.js';

/** Warnings of further kinds are not printed, so that the output stays readable. */
const MAX_KINDS = 100;

/** Diagnostics that hand each kind of warning to `print` once, instead of to OpenTelemetry's `diag`. */
export function createDiagnostics(print: (message: string) => void = () => {}): Diagnostics {
  const printed = new Set<string>();
  const warn = (kind: string, message: string): void => {
    if (printed.has(kind) || printed.size > MAX_KINDS) return;
    printed.add(kind);
    print(message);
  };
  return { debug: () => {}, warn, failed: warn, failures: () => ({}), resolved: () => {}, summarize: () => {} };
}
