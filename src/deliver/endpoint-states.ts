/**
 * The health of an endpoint.
 * - `ok`: it takes requests.
 * - `doubtful`: a few messages failed, and nothing shows yet whether they or the endpoint are the cause.
 * - `backing off`: it fails; the wait grows with each failure.
 * - `blocked`: it refuses everything until a person fixes the cause. It is tried once a minute.
 */
export type EndpointState = 'ok' | 'doubtful' | 'backing off' | 'blocked';

/**
 * What a request has shown about its endpoint.
 * - `passed`: it took the request.
 * - `doubted`: the request failed, and the message may be the cause.
 * - `failed`: the endpoint failed, for a reason that may pass.
 * - `refused`: the endpoint refuses all requests.
 */
export type EndpointEvent = 'passed' | 'doubted' | 'failed' | 'refused';

/** The next state of an endpoint, by its state and by what a request has shown. */
export const ENDPOINT_STATES: Readonly<Record<EndpointState, Readonly<Record<EndpointEvent, EndpointState>>>> = {
  ok: { passed: 'ok', doubted: 'doubtful', failed: 'backing off', refused: 'blocked' },
  doubtful: { passed: 'ok', doubted: 'doubtful', failed: 'backing off', refused: 'blocked' },
  'backing off': { passed: 'ok', doubted: 'backing off', failed: 'backing off', refused: 'blocked' },
  blocked: { passed: 'ok', doubted: 'blocked', failed: 'blocked', refused: 'blocked' },
};
