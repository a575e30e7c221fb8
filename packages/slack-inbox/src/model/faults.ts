/** Limits a fault to some requests. */
export interface FaultScope {
  /** The number of requests that the fault applies to. @default until the fault is cleared */
  readonly times?: number;
  /** The methods that the fault applies to: `webhook`, `chat.postMessage`, … @default every method */
  readonly methods?: readonly string[];
  /** The fault applies to requests whose body contains this text, as it was sent. @default every body */
  readonly containing?: string;
  /** How long the fault lasts after it is set, in milliseconds of the inbox's clock. @default until it is cleared */
  readonly forMillis?: number;
}

/** Answers 429. `retryAfter` is sent unchanged as the header; `null` omits the header. @default retryAfter 1 */
export interface RateLimitedFault extends FaultScope {
  readonly kind: 'rate_limited';
  readonly retryAfter?: number | string | null;
}

/** Answers with an HTTP status and a plain text body. @default body '' */
export interface StatusFault extends FaultScope {
  readonly kind: 'status';
  readonly status: number;
  readonly body?: string;
}

/** Answers with an error of Slack's: the Web API as `{ ok: false, error }`, a webhook as text with the status of that error. */
export interface ErrorFault extends FaultScope {
  readonly kind: 'error';
  readonly error: string;
}

/** Never answers. With `accept`, the message is posted nevertheless. @default accept false */
export interface HangBeforeHeadersFault extends FaultScope {
  readonly kind: 'hang_before_headers';
  readonly accept?: boolean;
}

/** Sends the headers and the first byte of the body, then nothing. @default accept true */
export interface HangInBodyFault extends FaultScope {
  readonly kind: 'hang_in_body';
  readonly accept?: boolean;
}

/** Sends the normal answer one byte at a time. @default intervalMillis 1000 (real time), accept true */
export interface DripFault extends FaultScope {
  readonly kind: 'drip';
  readonly intervalMillis?: number;
  readonly accept?: boolean;
}

/** Sends the normal answer after a delay. With `accept`, the message is posted at once. @default delayMillis 3000 (real time), accept true */
export interface SlowFault extends FaultScope {
  readonly kind: 'slow';
  readonly delayMillis?: number;
  readonly accept?: boolean;
}

/** Resets the connection and posts nothing. */
export interface ResetFault extends FaultScope {
  readonly kind: 'reset';
}

/** Posts the message, then resets the connection instead of answering. */
export interface ResetAfterAcceptFault extends FaultScope {
  readonly kind: 'reset_after_accept';
}

/** Answers 200 with a body that is not JSON. @default body '{"ok":tru', accept true */
export interface GarbageFault extends FaultScope {
  readonly kind: 'garbage';
  readonly body?: string;
  readonly accept?: boolean;
}

/** Closes the connection before the body is as long as Content-Length states. @default accept true */
export interface TruncateFault extends FaultScope {
  readonly kind: 'truncate';
  readonly accept?: boolean;
}

/** Answers with a redirect to `location`. @default status 302 */
export interface RedirectFault extends FaultScope {
  readonly kind: 'redirect';
  readonly location: string;
  readonly status?: number;
}

/**
 * A scripted fault. A request meets the first fault of the script that matches it and is not used up. A fault that
 * accepts the request applies only to requests that Slack would accept. Any other request gets its normal refusal, and
 * the fault stays for the next request.
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
