/** Hides secrets: by name, by format, by assignment. Other rooms import this face only. */

export { beginsPrivateKey, endsPrivateKey, isNamedByNeighbour } from './lists.js';
export { createRedactor, type RedactionRules, type Redactor } from './redactor.js';
export { REDACTED } from './secret-patterns.js';
