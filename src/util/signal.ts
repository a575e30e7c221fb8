/** An event that can be waited for again and again: `next()` resolves at the next `fire()`. */
export interface Signal {
  next(): Promise<void>;
  fire(): void;
}

/** Makes a {@link Signal}. */
export function createSignal(): Signal {
  let waiting: PromiseWithResolve | undefined;
  return {
    next() {
      waiting ??= promiseWithResolve();
      return waiting.promise;
    },
    fire() {
      waiting?.resolve();
      waiting = undefined;
    },
  };
}

interface PromiseWithResolve {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function promiseWithResolve(): PromiseWithResolve {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
