import type { Clock } from '@client-ts/apimachinery';
import { TransportError, type WebSocketHeartbeat } from '@client-ts/rest';

/** Longer delays would fire at once. */
const MaxMs = 2 ** 31 - 1;

/**
 * Of so much that was sent since something has come, some may not have been taken, and holds up the pong; of a ping and what
 * somebody types, none does.
 */
const MaxAheadOfPong = 4096;

/** Since the last look; pongs, and what somebody types, are less. */
const Flowing = 4096;

/** What is looked at of a WebSocket. */
export interface Beating {
  /** How much has come, so far. */
  bytesRead(): number;
  /** Nothing is taken from the network, since nobody reads. */
  isHeldUp(): boolean;
  /** How much was sent, so far. */
  bytesSent(): number;
  /** What the operating system does not have yet. */
  unsentBytes(): number;
  ping(): void;
  /** Breaks the connection. */
  cut(reason: TransportError): void;
}

/** @throws TypeError for a number that means nothing. */
export function checkHeartbeat({ pingIntervalMs, silenceTimeoutMs }: WebSocketHeartbeat): void {
  for (const [name, value] of Object.entries({ pingIntervalMs, silenceTimeoutMs })) {
    if (value >= 1 && value <= MaxMs) continue;
    throw new TypeError(`heartbeat.${name}: expected a number from 1 to ${MaxMs}, got ${value}`);
  }
}

/** Sends pings, and breaks the connection when nothing comes. Keeps no process alive; must be disposed of. */
export class Heartbeat implements Disposable {
  readonly #beating: Beating;
  readonly #peer: string;
  readonly #clock: Clock;
  readonly #settings: WebSocketHeartbeat;
  #bytesRead: number;
  /** When something came, and how much had been sent by then. */
  #heardAt: number;
  #sentBefore: number;
  #pingAt: number;
  #lookAt!: number;
  #timer: unknown;

  constructor(beating: Beating, peer: string, clock: Clock, settings: WebSocketHeartbeat) {
    const now = clock.now();
    this.#beating = beating;
    this.#peer = peer;
    this.#clock = clock;
    this.#settings = settings;
    this.#bytesRead = beating.bytesRead();
    this.#heardAt = now;
    this.#sentBefore = beating.bytesSent();
    this.#pingAt = now + settings.pingIntervalMs;
    this.#schedule(now);
  }

  [Symbol.dispose](): void {
    this.#clock.clearTimeout(this.#timer);
  }

  #schedule(now: number): void {
    this.#lookAt = Math.min(this.#pingAt, this.#heardAt + this.#settings.silenceTimeoutMs);
    this.#timer = this.#clock.setTimeout(() => this.#look(), this.#lookAt - now);
    (this.#timer as Partial<NodeJS.Timeout>).unref?.();
  }

  #look(): void {
    const bytesRead = this.#beating.bytesRead();
    const bytesSent = this.#beating.bytesSent();
    const isBehind = this.#beating.unsentBytes() > 0;
    const mayBeBehind = isBehind || bytesSent - this.#sentBefore > MaxAheadOfPong;
    const { pingIntervalMs, silenceTimeoutMs } = this.#settings;
    const now = this.#clock.now();
    // A process that was stopped has not listened.
    const wasAway = now - this.#lookAt >= pingIntervalMs;
    const hasCome = bytesRead !== this.#bytesRead;
    const isHeldUp = this.#beating.isHeldUp();
    // While some of it waits to be read, the peer may be done and gone: a ping would be refused, and that loses what waits.
    const mayHaveEnded = isHeldUp || bytesRead - this.#bytesRead > Flowing;
    if (hasCome) this.#sentBefore = bytesSent;
    if (hasCome || wasAway || mayBeBehind || isHeldUp) this.#heardAt = now;
    this.#bytesRead = bytesRead;
    if (now - this.#heardAt >= silenceTimeoutMs) {
      this.#beating.cut(new TransportError('timeout', `${this.#peer}: nothing has come for ${silenceTimeoutMs} ms`));
      return;
    }
    if (now >= this.#pingAt) {
      this.#pingAt = now + pingIntervalMs;
      // It would be behind what waits, and all the pings with it.
      if (!isBehind && !mayHaveEnded) this.#beating.ping();
    }
    this.#schedule(now);
  }
}
