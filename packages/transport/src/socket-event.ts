import type { Socket } from 'node:net';
import { onAbort } from '@client-ts/apimachinery';

/**
 * Waits until a socket is ready for the next step; leaves no listener behind then. Rejects when it fails or is closed before,
 * and with `signal.reason`: the socket is of no use any more, and further errors of it are taken in silence, since they may
 * come before whoever waits is told of the first.
 */
export function socketEvent(
  socket: Socket,
  name: 'connect' | 'secureConnect' | 'readable',
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void): void => {
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
      stay();
      settled();
    };
    const fail = (error: Error): void => {
      settle(() => reject(error));
      socket.on('error', () => {});
    };
    const closed = (): void => fail(new Error('the connection was closed'));
    const abort = (): void => fail(signal.reason as Error);
    const listeners: Record<string, (error: Error) => void> = {
      [name]: () => settle(resolve),
      error: fail,
      end: closed,
      close: closed,
    };
    for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
    const stay = onAbort(signal, abort);
    if (signal.aborted) abort();
  });
}
