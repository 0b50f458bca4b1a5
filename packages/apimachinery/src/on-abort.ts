/** Signals that something waits for, with one listener each. */
const waiting = /* @__PURE__ */ new WeakMap<AbortSignal, Signal>();

interface Signal {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

/**
 * Calls back when the signal aborts. However many wait for the same signal, it has one listener: Node.js takes more than ten
 * for a leak, and a controller may well have one signal for all that it does.
 *
 * @param callback - must not throw. Is not called for a signal that has aborted already.
 * @returns a function that ends the wait. When the last one does, no listener is left.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  // One for each call, so that the same function can wait twice.
  const entry = (): void => callback();
  let known = waiting.get(signal);
  if (!known) {
    const callbacks = new Set<() => void>();
    const listener = (): void => {
      waiting.delete(signal);
      for (const each of callbacks) each();
    };
    known = { callbacks, listener };
    waiting.set(signal, known);
    signal.addEventListener('abort', listener, { once: true });
  }
  const { callbacks, listener } = known;
  callbacks.add(entry);
  return () => {
    if (!callbacks.delete(entry) || callbacks.size > 0 || signal.aborted) return;
    waiting.delete(signal);
    signal.removeEventListener('abort', listener);
  };
}
