import { createRedactor, type RedactionRules, type Redactor } from '../../src/redact/redactor.js';

/** Returns a redactor with the given rules, and its warnings. */
export function redactorOf(
  rules: Partial<RedactionRules> | false = {},
  denyAttributes: readonly string[] = [],
): Redactor & { readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const redact = rules === false ? false : { keys: [], allowKeys: [], patterns: [], ...rules };
  const failed = (kind: string, message: string): void => void warnings.push(`${kind}: ${message}`);
  return { ...createRedactor({ redact, denyAttributes }, { failed }), warnings };
}

/** The redactor without options. */
export const REDACTOR: Redactor = redactorOf();
