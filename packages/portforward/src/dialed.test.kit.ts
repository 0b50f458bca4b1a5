import { FakeClock } from '@client-ts/apimachinery/testing';
import type { PodConnection } from './pod-connection.js';
import { PodDialer } from './pod-dialer.js';
import type { PodDialerOptions } from './pod-dialer-options.js';
import { PortServer } from './port-server.test.kit.js';

/** What is dialed. */
export const web: { readonly namespace: string; readonly pod: string } = { namespace: 'team a', pod: 'web' };

/** Whoever was asked to do something has done it. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

/** Text that comes, and how it ended. */
export function reading(connection: PodConnection): { text: string; end: unknown } {
  const seen = { text: '', end: undefined as unknown };
  void (async () => {
    try {
      for await (const bytes of connection.readable) seen.text += Buffer.from(bytes).toString('latin1');
      seen.end = 'ended';
    } catch (error) {
      seen.end = error;
    }
  })();
  return seen;
}

export const bytes: (text: string) => Uint8Array = (text) => new TextEncoder().encode(text);

/** A connection to port 80, and who is at both ends. */
export async function dialed(
  options: Partial<PodDialerOptions> = {},
): Promise<{ server: PortServer; dialer: PodDialer; connection: PodConnection; clock: FakeClock }> {
  const server = new PortServer();
  const clock = new FakeClock();
  const dialer = new PodDialer(server.config, { ...web, clock, ...options });
  return { server, dialer, connection: await dialer.dial(80), clock };
}
