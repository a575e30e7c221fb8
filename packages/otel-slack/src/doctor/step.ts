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

/** Creates {@link Steps}; without `about` they are about this machine. */
export function stepsAbout(about?: string): Steps {
  return {
    ok: (check, detail) => ({ check, about, status: 'ok', detail }),
    problem: (check, detail, remedy) => ({ check, about, status: 'problem', detail, remedy }),
    skipped: (check, detail, remedy) => ({ check, about, status: 'skipped', detail, remedy }),
  };
}

/** Whether one of the steps is a problem. */
export function hasProblem(steps: readonly Step[]): boolean {
  return steps.some(({ status }) => status === 'problem');
}
