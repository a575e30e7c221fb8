import { DiagLogLevel, diag } from '@opentelemetry/api';

/** The `diag` lines of a test. */
export interface DiagCapture {
  readonly warnings: string[];
  readonly errors: string[];
  readonly all: string[];
  stop(): void;
}

/** Captures `diag` lines until `stop()`. */
export function captureDiag(): DiagCapture {
  const warnings: string[] = [];
  const errors: string[] = [];
  const all: string[] = [];
  const into =
    (list: string[]) =>
    (...parts: unknown[]): void => {
      const line = parts.map(String).join(' ');
      list.push(line);
      all.push(line);
    };
  const rest = into([]);
  diag.setLogger(
    { warn: into(warnings), error: into(errors), info: rest, debug: rest, verbose: rest },
    { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
  );
  return { warnings, errors, all, stop: () => diag.disable() };
}
