import { createRedactor, type RedactionRules, type Redactor } from '../../src/redact/redactor.js';

/** A redactor with what a test gives, and what it warned of. */
export function redactorOf(
  rules: Partial<RedactionRules> | false = {},
  denyAttributes: readonly string[] = [],
): Redactor & { readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const redact = rules === false ? false : { keys: [], allowKeys: [], patterns: [], ...rules };
  const failed = (kind: string, message: string): void => void warnings.push(`${kind}: ${message}`);
  return { ...createRedactor({ redact, denyAttributes }, { failed }), warnings };
}

/** That of somebody who sets no option. */
export const REDACTOR: Redactor = redactorOf();
