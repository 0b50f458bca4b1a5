import type { Socket } from 'node:net';

/**
 * Waits until a socket is ready for the next step. Rejects when it fails or is closed before, and with `signal.reason`;
 * leaves no listener behind.
 */
export function socketEvent(
  socket: Socket,
  name: 'connect' | 'secureConnect' | 'readable',
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void): void => {
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
      signal.removeEventListener('abort', abort);
      settled();
    };
    const closed = (): void => settle(() => reject(new Error('the connection was closed')));
    const abort = (): void => settle(() => reject(signal.reason as Error));
    const listeners: Record<string, (error: Error) => void> = {
      [name]: () => settle(resolve),
      error: (error) => settle(() => reject(error)),
      end: closed,
      close: closed,
    };
    for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
}
