import type { Socket } from 'node:net';
import type { buildConnector, Client } from 'undici/index.js';
import type { Acknowledged, Acknowledgements } from './acknowledgements.js';
import type { Exchange } from './exchange.js';
import type { ExchangePool, OutgoingRequest } from './exchange-pool.js';
import { Line } from './line.js';
import { MaxHeaderBytes } from './max-header-bytes.js';
import { undiciClient } from './undici-client.js';

export interface ConnectionPoolSettings {
  readonly origin: string;
  /** Who this is, for messages. */
  readonly peer: string;
  readonly connect: () => Promise<Socket>;
  readonly acknowledgements: Acknowledgements;
  /** More than these are not open at once; who finds none free waits. `Infinity` for streams, which end late or never. */
  readonly maxConnections: number;
  readonly keepAliveMs: number;
}

/** A connection, or one that is being made. undici makes another in its place when it breaks before a request is sent. */
interface Slot {
  readonly client: Client;
  connection: 'connecting' | 'open' | 'gone';
  acknowledged: Acknowledged | undefined;
  busy: boolean;
  /** Not to be used again. */
  retired: boolean;
}

/**
 * Connections to one origin, each for one exchange at a time. The last one used is used next, so that no more stay open than
 * are needed.
 *
 * undici's own pool was not taken: it forgets connections that failed to open, and yet has them tried again for whoever waits,
 * so that they survive when it is destroyed.
 */
export class ConnectionPool implements ExchangePool {
  readonly #settings: ConnectionPoolSettings;
  readonly #slots = new Set<Slot>();
  readonly #idle: Slot[] = [];
  readonly #waiting = new Line<() => void>();

  constructor(settings: ConnectionPoolSettings) {
    this.#settings = settings;
  }

  run(exchange: Exchange, request: OutgoingRequest): void {
    const slot = this.#take();
    if (slot) this.#start(slot, exchange, request);
    else exchange.onFreed = this.#waiting.join(() => this.run(exchange, request));
  }

  retire(): void {
    for (const slot of this.#slots) slot.retired = true;
    for (const slot of this.#idle.splice(0)) this.#drop(slot);
  }

  destroy(): void {
    for (const slot of this.#slots) this.#drop(slot);
  }

  #take(): Slot | undefined {
    const open = this.#idle.findLastIndex(({ connection }) => connection === 'open');
    const [idle] = this.#idle.splice(open, 1);
    return idle ?? (this.#slots.size < this.#settings.maxConnections ? this.#newSlot() : undefined);
  }

  #start(slot: Slot, exchange: Exchange, request: OutgoingRequest): void {
    slot.busy = true;
    slot.acknowledged?.expect();
    exchange.onFreed = (reusable) => this.#free(slot, reusable);
    slot.client.dispatch(request, exchange);
  }

  #free(slot: Slot, reusable: boolean): void {
    slot.busy = false;
    slot.acknowledged?.settle();
    if (!reusable || slot.retired || slot.connection === 'gone') this.#drop(slot);
    else this.#idle.push(slot);
    this.#waiting.next()?.();
  }

  #newSlot(): Slot {
    const { origin, keepAliveMs } = this.#settings;
    const UndiciClient = undiciClient();
    const client = new UndiciClient(origin, {
      connect: (_, callback) => void this.#connect(slot, callback),
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      maxHeaderSize: MaxHeaderBytes,
    });
    const slot: Slot = { client, connection: 'connecting', acknowledged: undefined, busy: false, retired: false };
    const gone = (): void => {
      slot.connection = 'gone';
      if (!slot.busy) this.#drop(slot);
    };
    client.on('connect', () => (slot.connection = 'open'));
    client.on('disconnect', (_origin, _targets, error) => {
      gone();
      // Whoever is gone from one connection is gone from the others: no request is to find out again. Busy ones find out by themselves.
      if (isSilence(error)) for (const idle of this.#idle.splice(0)) this.#drop(idle);
    });
    client.on('connectionError', gone);
    this.#slots.add(slot);
    return slot;
  }

  async #connect(slot: Slot, callback: buildConnector.Callback): Promise<void> {
    const { acknowledgements, connect, peer } = this.#settings;
    let socket: Socket;
    try {
      socket = await connect();
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    slot.acknowledged = acknowledgements.of(socket, peer);
    // The request that it was made for is sent now.
    if (slot.busy) slot.acknowledged.expect();
    callback(null, socket);
  }

  #drop(slot: Slot): void {
    if (!this.#slots.delete(slot)) return;
    const at = this.#idle.indexOf(slot);
    if (at >= 0) this.#idle.splice(at, 1);
    slot.retired = true;
    // Not within what undici is doing with it now.
    queueMicrotask(() => slot.client.destroy(null, () => {}));
  }
}

/** The peer has answered no probes, or acknowledged nothing. */
function isSilence(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ETIMEDOUT';
}
