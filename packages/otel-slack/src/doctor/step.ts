/** How a check came out. Skipped is what could not be looked at, or need not be. */
export type Status = 'ok' | 'problem' | 'skipped';

/** One check. */
export interface Step {
  /** What was checked, for scripts: `node`, `token`, … */
  readonly check: string;
  /** The destination, host or token that it is about, without secrets; none: this machine. */
  readonly about?: string | undefined;
  readonly status: Status;
  /** What was found, or why it was skipped. */
  readonly detail: string;
  /** What to do. */
  readonly remedy?: string | undefined;
}

/** Makes the steps about one thing. */
export interface Steps {
  ok(check: string, detail: string): Step;
  problem(check: string, detail: string, remedy: string): Step;
  skipped(check: string, why: string, remedy?: string): Step;
}

/** See {@link Steps}. */
export function stepsAbout(about?: string): Steps {
  return {
    ok: (check, detail) => ({ check, about, status: 'ok', detail }),
    problem: (check, detail, remedy) => ({ check, about, status: 'problem', detail, remedy }),
    skipped: (check, detail, remedy) => ({ check, about, status: 'skipped', detail, remedy }),
  };
}

/** Whether something is to be mended. */
export function hasProblem(steps: readonly Step[]): boolean {
  return steps.some(({ status }) => status === 'problem');
}
