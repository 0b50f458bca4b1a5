import { isIP, isIPv4, type Socket } from 'node:net';
import type { Proxy } from './proxy.js';
import { socketEvent } from './socket-event.js';
import { TunnelError } from './tunnel-error.js';

const Version = 5;
const NoAuthentication = 0;
const UserAndPassword = 2;

/** RFC 1928 §6. */
const Replies: readonly string[] = [
  'succeeded',
  'general failure',
  'the connection is not allowed',
  'network is unreachable',
  'host is unreachable',
  'connection refused',
  'the connection timed out',
  'command not supported',
  'address type not supported',
];

/** Length of an address of each type (RFC 1928 §5); 0 for a name, which says its own. */
const AddressLengths: Readonly<Record<number, number>> = { 1: 4, 3: 0, 4: 16 };

/**
 * Asks a SOCKS5 proxy (RFC 1928, and RFC 1929 for user and password) to connect to a host. Names are looked up by the
 * proxy.
 *
 * @param socket - a new connection to the proxy; the tunnel, when the promise has resolved.
 */
export async function openSocks5Tunnel(
  socket: Socket,
  credentials: Proxy['credentials'],
  { hostname, port }: { readonly hostname: string; readonly port: number },
  signal: AbortSignal,
): Promise<void> {
  const bytes = new Bytes(socket, signal);

  const methods = credentials ? [NoAuthentication, UserAndPassword] : [NoAuthentication];
  socket.write(Buffer.from([Version, methods.length, ...methods]));
  const [version, method] = await bytes.take(2);
  if (version !== Version) throw new TunnelError('the proxy does not speak SOCKS5');
  if (credentials && method === UserAndPassword) {
    socket.write(Buffer.concat([Buffer.from([1]), withLength(credentials.username), withLength(credentials.password)]));
    const [, refused] = await bytes.take(2);
    if (refused !== 0) throw new TunnelError('the proxy refused user and password');
  } else if (method !== NoAuthentication) {
    throw new TunnelError(credentials ? 'the proxy takes no user and password' : 'the proxy wants a user and password');
  }

  socket.write(
    Buffer.concat([Buffer.from([Version, 1, 0]), addressOf(hostname), Buffer.from([port >> 8, port & 0xff])]),
  );
  const [, reply = 1, , type = 0] = await bytes.take(4);
  if (reply !== 0) throw new TunnelError(`the proxy answered: ${Replies[reply] ?? `failure ${reply}`}`);
  // From where the proxy connects: nobody asked, but it is in the way.
  const length = AddressLengths[type] ?? Number.NaN;
  if (Number.isNaN(length)) throw new TunnelError('the proxy does not speak SOCKS5');
  await bytes.take((length || (await bytes.take(1))[0] || 0) + 2);
  bytes.release();
}

function addressOf(hostname: string): Buffer {
  if (isIPv4(hostname)) return Buffer.from([1, ...hostname.split('.').map(Number)]);
  if (isIP(hostname) === 6) return Buffer.concat([Buffer.from([4]), ipv6Bytes(hostname)]);
  return Buffer.concat([Buffer.from([3]), withLength(hostname)]);
}

function ipv6Bytes(address: string): Buffer {
  // Through a URL, which writes the address in hexadecimal groups alone, even one that ends like an IPv4 address.
  const [head = '', tail] = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const all = [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function withLength(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw new TunnelError('host, user and password may be 255 bytes long for SOCKS5');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/** Takes so many bytes and not one more: what follows belongs to the tunnel. */
class Bytes {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  #buffered: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
  }

  async take(length: number): Promise<Buffer> {
    while (this.#buffered.length < length) {
      const bytes = this.#socket.read() as Buffer | null;
      if (bytes) this.#buffered = Buffer.concat([this.#buffered, bytes]);
      else await this.#more();
    }
    const taken = this.#buffered.subarray(0, length);
    this.#buffered = this.#buffered.subarray(length);
    return taken;
  }

  /** Gives the socket back what was not taken. */
  release(): void {
    if (this.#buffered.length > 0) this.#socket.unshift(this.#buffered);
  }

  async #more(): Promise<void> {
    try {
      await socketEvent(this.#socket, 'readable', this.#signal);
    } catch (cause) {
      if (!this.#socket.readableEnded) throw cause;
      throw new TunnelError('the proxy closed the connection', { cause });
    }
  }
}
