import { printableLine } from '../../../../src/util/index.js';

/** The result of a check. `skipped`: the check was not possible or not needed. */
export type Status = 'ok' | 'problem' | 'skipped';

/** One check with its result. */
export interface Step {
  /** The name of the check, for scripts: `node`, `token`, … */
  readonly check: string;
  /** The destination, host or token that was checked, without secrets; undefined for this machine. */
  readonly about?: string | undefined;
  readonly status: Status;
  /** What the check found, or why it was skipped. */
  readonly detail: string;
  /** What to do. */
  readonly remedy?: string | undefined;
}

/** Creates steps about one destination, host or token. */
export interface Steps {
  ok(check: string, detail: string): Step;
  problem(check: string, detail: string, remedy: string): Step;
  skipped(check: string, reason: string, remedy?: string): Step;
}

/** Creates {@link Steps}; without `about` they are about this machine. Each text is one printable line. */
export function stepsAbout(about?: string): Steps {
  const step = (status: Status, check: string, detail: string, remedy?: string): Step => ({
    check,
    about: about && printableLine(about),
    status,
    detail: printableLine(detail),
    ...(status !== 'ok' && { remedy: remedy && printableLine(remedy) }),
  });
  return {
    ok: (check, detail) => step('ok', check, detail),
    problem: (check, detail, remedy) => step('problem', check, detail, remedy),
    skipped: (check, detail, remedy) => step('skipped', check, detail, remedy),
  };
}

/** Whether one of the steps is a problem. */
export function hasProblem(steps: readonly Step[]): boolean {
  return steps.some(({ status }) => status === 'problem');
}
