import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { onAbort, printable } from '@client-ts/apimachinery';
import type { Proxy } from './proxy.js';
import { checkServerIdentity } from './server-identity.js';
import { TunnelError } from './tunnel-error.js';

/** Characters of what a proxy says that are part of a message. */
const MaxWords = 100;

/** Whom to trust as the proxy. */
export interface ProxyTrust {
  /** Default: the runtime's authorities. */
  readonly secureContext: SecureContext | undefined;
  readonly insecure: boolean;
}

/**
 * Asks an HTTP proxy for a tunnel (RFC 9110 §9.3.6), whatever is spoken in it: the proxy learns host and port, and nothing
 * else. It gets its own user and password, and no certificate of ours.
 */
export function openHttpTunnel(
  proxy: Proxy,
  authority: string,
  { trust, signal }: { readonly trust: ProxyTrust; readonly signal: AbortSignal },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = connectRequest(proxy, authority, trust);
    const stay = onAbort(signal, () => void request.destroy(signal.reason as Error));
    request.once('connect', (response, socket: Socket, head) => {
      stay();
      if (response.statusCode !== 200) {
        socket.destroy();
        const words = printable((response.statusMessage ?? '').slice(0, MaxWords));
        reject(new TunnelError(`the proxy answered ${response.statusCode} ${words}`));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.once('error', (error) => {
      stay();
      reject(error);
    });
    request.end();
  });
}

function connectRequest(proxy: Proxy, authority: string, { secureContext, insecure }: ProxyTrust): ClientRequest {
  const { protocol, hostname, port, credentials } = proxy;
  const headers: Record<string, string> = { host: authority };
  if (credentials) headers['proxy-authorization'] = `Basic ${encode(credentials)}`;
  const options = { hostname, port, method: 'CONNECT', path: authority, headers, agent: false };
  if (protocol === 'http:') return httpRequest(options);
  // Or else Node.js would take the server's name, out of the headers, for the proxy's.
  const servername = isIP(hostname) ? '' : hostname;
  return httpsRequest({
    ...options,
    ...(secureContext ? { secureContext } : {}),
    servername,
    checkServerIdentity,
    rejectUnauthorized: !insecure,
  });
}

function encode({ username, password }: NonNullable<Proxy['credentials']>): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}
