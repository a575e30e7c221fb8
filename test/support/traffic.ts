import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Fault, InboxRequest } from '../../packages/slack-inbox/src/index.js';

/** The pending requests and file accesses of this process, for which the simulated time has to wait. */
export interface Traffic {
  /** Waits until nothing is pending except requests that an inbox lets hang. */
  quiet(): Promise<void>;
  stop(): void;
}

const HANGS: readonly (Fault['kind'] | undefined)[] = ['hang_before_headers', 'hang_in_body', 'drip'];
const FILES = /^FSReq/;
/** After this many turns of the event loop without pending work, the reactions to a response are done. */
const CALM_TURNS = 6;
const PATIENCE_MILLIS = 10_000;

/** Watches the requests of this process. `arrived` returns the requests that reached the inboxes. */
export function watchTraffic(arrived: () => readonly InboxRequest[]): Traffic {
  const underway = new Map<unknown, number>();
  const onStart = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest };
    underway.set(request, performance.now());
    request.once('close', () => underway.delete(request));
  };
  subscribe('http.client.request.start', onStart);
  const hangs = (sinceMillis: number): boolean =>
    arrived().some(({ monotonicMillis, fault }) => monotonicMillis >= sinceMillis && HANGS.includes(fault));
  const isBusy = (): boolean =>
    [...underway.values()].some((sinceMillis) => !hangs(sinceMillis)) ||
    process.getActiveResourcesInfo().some((resource) => FILES.test(resource));
  return {
    async quiet() {
      const from = performance.now();
      for (let calm = 0; calm < CALM_TURNS; calm = isBusy() ? 0 : calm + 1) {
        await new Promise((resolve) => setImmediate(resolve));
        if (performance.now() - from > PATIENCE_MILLIS)
          throw new Error('requests or file accesses are pending without end');
      }
    },
    stop: () => void unsubscribe('http.client.request.start', onStart),
  };
}
