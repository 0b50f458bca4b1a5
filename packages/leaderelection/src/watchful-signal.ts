/**
 * An `AbortSignal` that looks at the clock whenever somebody looks at it. Timers come late after an event loop was held up, and
 * sockets may come before them: what asks `aborted` first, as every request does, then learns of it all the same.
 *
 * @param look - may abort the controller.
 */
export function watchfulSignal(controller: AbortController, look: () => void): AbortSignal {
  const { signal } = controller;
  const read = (property: 'aborted' | 'reason'): unknown => Reflect.get(AbortSignal.prototype, property, signal);
  return Object.defineProperties(signal, {
    aborted: {
      configurable: true,
      get: () => {
        look();
        return read('aborted');
      },
    },
    reason: {
      configurable: true,
      get: () => {
        look();
        return read('reason');
      },
    },
    throwIfAborted: {
      configurable: true,
      value: () => {
        look();
        AbortSignal.prototype.throwIfAborted.call(signal);
      },
    },
  });
}
