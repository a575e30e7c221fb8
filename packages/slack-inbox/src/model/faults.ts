/** Which requests a fault meets. */
export interface FaultScope {
  /** It applies to so many requests. @default until it is cleared */
  readonly times?: number;
  /** `webhook`, `chat.postMessage`, … @default every method */
  readonly methods?: readonly string[];
  /** It ends so long after it was set, in milliseconds of the inbox's clock. @default never */
  readonly forMillis?: number;
}

/** Too many requests: 429. `retryAfter` becomes the header as it is; null leaves it out. @default 1 */
export interface RateLimitedFault extends FaultScope {
  readonly kind: 'rate_limited';
  readonly retryAfter?: number | string | null;
}

/** Any HTTP status, with a plain text body. @default body '' */
export interface StatusFault extends FaultScope {
  readonly kind: 'status';
  readonly status: number;
  readonly body?: string;
}

/** A refusal of Slack's: `{ ok: false, error }` from the Web API; from a webhook the text, with the status for it. */
export interface ErrorFault extends FaultScope {
  readonly kind: 'error';
  readonly error: string;
}

/** Never an answer. With `accept` the message stands in the channel all the same. @default accept false */
export interface HangBeforeHeadersFault extends FaultScope {
  readonly kind: 'hang_before_headers';
  readonly accept?: boolean;
}

/** Headers and the first byte of the body, then silence. @default accept true */
export interface HangInBodyFault extends FaultScope {
  readonly kind: 'hang_in_body';
  readonly accept?: boolean;
}

/** The honest answer, one byte at a time. @default intervalMillis 1000 (real time), accept true */
export interface DripFault extends FaultScope {
  readonly kind: 'drip';
  readonly intervalMillis?: number;
  readonly accept?: boolean;
}

/** The honest answer, so much later; with `accept` the message stands in the channel at once. @default delayMillis 3000 (real time), accept true */
export interface SlowFault extends FaultScope {
  readonly kind: 'slow';
  readonly delayMillis?: number;
  readonly accept?: boolean;
}

/** The connection is reset; nothing was accepted. */
export interface ResetFault extends FaultScope {
  readonly kind: 'reset';
}

/** The message stands in the channel, then the connection is reset instead of an answer. */
export interface ResetAfterAcceptFault extends FaultScope {
  readonly kind: 'reset_after_accept';
}

/** 200 with a body that is no JSON. @default body '{"ok":tru', accept true */
export interface GarbageFault extends FaultScope {
  readonly kind: 'garbage';
  readonly body?: string;
  readonly accept?: boolean;
}

/** Content-Length promises more than comes before the connection is closed. @default accept true */
export interface TruncateFault extends FaultScope {
  readonly kind: 'truncate';
  readonly accept?: boolean;
}

/** A redirection. @default status 302 */
export interface RedirectFault extends FaultScope {
  readonly kind: 'redirect';
  readonly location: string;
  readonly status?: number;
}

/**
 * A scripted fault. The first of the script that matches a request and is not used up applies to it. One that accepts
 * applies to requests that Slack would take; others are refused honestly, and it waits for the next.
 */
export type Fault =
  | RateLimitedFault
  | StatusFault
  | ErrorFault
  | HangBeforeHeadersFault
  | HangInBodyFault
  | DripFault
  | SlowFault
  | ResetFault
  | ResetAfterAcceptFault
  | GarbageFault
  | TruncateFault
  | RedirectFault;
