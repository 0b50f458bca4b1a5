import type { Transport } from '@client-ts/rest';
import { Connections } from './connections.js';
import { NodeTransport } from './node-transport.js';
import { completeOptions, connectionKey, type TransportOptions } from './transport-options.js';

interface Shared {
  readonly connections: Connections;
  users: number;
}

/** The one place that owns sockets: transports with the same options share them. */
const shared = /* @__PURE__ */ new Map<string, Shared>();

/**
 * A transport for Node.js on undici. Connections are pooled: a thousand calls take a bounded number of them, and transports
 * with the same TLS identity, proxy and limits use the same.
 *
 * Idle connections do not keep the process alive. Closing and disposing end what this transport has sent; connections are
 * closed with the last transport that shares them.
 *
 * @throws TypeError when the TLS material, the proxy or a limit cannot be used; the message names the field.
 */
export function newTransport(options: TransportOptions = {}): Required<Transport> {
  const complete = completeOptions(options);
  const key = connectionKey(complete);
  let entry = shared.get(key);
  if (!entry) {
    entry = { connections: new Connections(complete), users: 0 };
    shared.set(key, entry);
  }
  const { connections } = entry;
  const { observer } = options;
  // A function of its own: transports may have the same observer.
  const tell = observer && ((event: Parameters<typeof observer>[0]) => observer(event));
  if (tell) connections.observers.add(tell);
  entry.users++;
  return new NodeTransport(connections, complete, () => {
    entry.users--;
    if (entry.users === 0) {
      // Its observer hears how the connections are closed.
      shared.delete(key);
      return true;
    }
    if (tell) connections.observers.delete(tell);
    return false;
  });
}
