import { inspect } from 'node:util';
import { type Clock, type Fault, isObject } from '../model/index.js';

interface Expectation {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

function optional({ expected, holds }: Expectation): Expectation {
  return { expected, holds: (value) => value === undefined || holds(value) };
}

const aString: Expectation = { expected: 'a string', holds: (value) => typeof value === 'string' };
const aName: Expectation = { expected: 'a string that is not empty', holds: (v) => typeof v === 'string' && v !== '' };
const aBoolean: Expectation = { expected: 'true or false', holds: (value) => typeof value === 'boolean' };
const aDuration: Expectation = { expected: 'a number of at least 0', holds: (v) => typeof v === 'number' && v >= 0 };
const aCount: Expectation = { expected: 'an integer above 0', holds: (v) => Number.isInteger(v) && (v as number) > 0 };
const aStatus: Expectation = {
  expected: 'an HTTP status from 200 to 599',
  holds: (value) => Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599,
};
const names: Expectation = {
  expected: 'an array of method names',
  holds: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
};
const aHeader: Expectation = {
  expected: 'a string that a header can hold',
  holds: (value) => typeof value === 'string' && /^[\x20-\x7e]+$/.test(value),
};
const seconds: Expectation = {
  expected: 'a number of seconds, a string that a header can hold, or null',
  holds: (value) => value === null || aHeader.holds(value) || aDuration.holds(value),
};

const accept = optional(aBoolean);

const SCOPE = {
  times: optional(aCount),
  methods: optional(names),
  containing: optional(aName),
  forMillis: optional(aDuration),
};

/** The fields of each kind. A new kind of fault needs a row here. */
const KINDS: Readonly<Record<Fault['kind'], Readonly<Record<string, Expectation>>>> = {
  rate_limited: { retryAfter: optional(seconds) },
  status: { status: aStatus, body: optional(aString) },
  error: { error: aName },
  hang_before_headers: { accept },
  hang_in_body: { accept },
  drip: { intervalMillis: optional(aDuration), accept },
  slow: { delayMillis: optional(aDuration), accept },
  reset: {},
  reset_after_accept: {},
  garbage: { body: optional(aString), accept },
  truncate: { accept },
  redirect: { location: aHeader, status: optional(aStatus) },
};

const ACCEPTS_BY_DEFAULT: readonly Fault['kind'][] = [
  'hang_in_body',
  'drip',
  'slow',
  'reset_after_accept',
  'garbage',
  'truncate',
];

/** Whether the request is carried out before the fault takes effect. */
export function accepts(fault: Fault): boolean {
  const option = 'accept' in fault ? fault.accept : undefined;
  return option ?? ACCEPTS_BY_DEFAULT.includes(fault.kind);
}

/** A fault that still applies. */
export interface ActiveFault {
  readonly fault: Fault;
  /** Infinity when the fault lasts until it is cleared. */
  readonly remainingMillis: number;
  readonly timesLeft: number;
}

/** The part of a request that decides which fault it meets. */
export interface FaultyRequest {
  readonly method: string;
  readonly body: string;
}

/** A script of faults, and the state of each. */
export class FaultScript {
  readonly #clock: Clock;
  readonly #listeners: (() => void)[] = [];
  #steps: { readonly fault: Fault; readonly endsAt: number; left: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces the script. Throws a TypeError that names the wrong field of the wrong fault. */
  set(faults: readonly Fault[]): void {
    checkFaults(faults);
    const now = this.#clock.now();
    this.#steps = faults.map((fault) => {
      return { fault, left: fault.times ?? Infinity, endsAt: now + (fault.forMillis ?? Infinity) };
    });
    this.#notify();
  }

  /** Returns the faults that still apply, in the order in which requests try them. */
  active(): ActiveFault[] {
    const now = this.#clock.now();
    return this.#steps
      .filter(({ left, endsAt }) => left > 0 && now < endsAt)
      .map(({ fault, left, endsAt }) => ({ fault, remainingMillis: endsAt - now, timesLeft: left }));
  }

  /** Calls the listener when faults are set, and when a request uses one. The end of a fault's time does not call it. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Finds the fault for a request. `use` counts the request against the fault's `times`. */
  find({ method, body }: FaultyRequest): { readonly fault: Fault; use(): void } | undefined {
    const now = this.#clock.now();
    const step = this.#steps.find(({ fault, left, endsAt }) => {
      const { methods = [method], containing = '' } = fault;
      return left > 0 && now < endsAt && methods.includes(method) && body.includes(containing);
    });
    if (!step) return undefined;
    return {
      fault: step.fault,
      use: () => {
        step.left -= 1;
        this.#notify();
      },
    };
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function checkFaults(faults: unknown): void {
  if (!Array.isArray(faults)) throw expectationError('faults', 'an array of faults', faults);
  faults.forEach((fault: unknown, index) => {
    checkFault(fault, `faults[${index}]`);
  });
}

function checkFault(fault: unknown, at: string): void {
  if (!isObject(fault)) throw expectationError(at, 'an object', fault);
  const kind = fault.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) {
    throw expectationError(`${at}.kind`, `one of ${Object.keys(KINDS).join(', ')}`, kind);
  }
  const fields: Readonly<Record<string, Expectation>> = { ...SCOPE, ...KINDS[kind as Fault['kind']] };
  for (const [name, { expected, holds }] of Object.entries(fields)) {
    if (!holds(fault[name])) throw expectationError(`${at}.${name}`, expected, fault[name]);
  }
  const unknown = Object.keys(fault).find((name) => name !== 'kind' && !Object.hasOwn(fields, name));
  if (unknown !== undefined)
    throw expectationError(`${at}.${unknown}`, `no such field in a fault of kind ${kind}`, fault[unknown]);
}

function expectationError(name: string, expected: string, got: unknown): TypeError {
  return new TypeError(`${name}: expected ${expected}, got ${inspect(got, { depth: 0 })}`);
}
