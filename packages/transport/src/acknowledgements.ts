import type { Clock } from '@client-ts/apimachinery';
import { TransportError } from '@client-ts/rest';
import { type ConnectionEnd, readTcpTable, type TcpTable } from './tcp-table.js';

/** How often connections are looked at. */
const PeriodMs = 5000;

/** Whoever answers within two looks is asked nothing. */
const PatientLooks = 2;

/**
 * A connection on which so much has been sent again in a row, without an acknowledgement, is suspect. The kernel waits 200 ms at
 * least, and twice as long each time: 6.2 s in all, so that no acknowledgement has come since the look before, if that found it
 * suspect, too.
 */
const SuspectRetransmissions = 5;

/** It is broken when so many looks in a row find it suspect: nothing has been acknowledged for 16 s at least. */
const SuspectLooks = 3;

/** What is looked at of a socket, and how it is broken. */
export interface Awaited extends ConnectionEnd {
  readonly bytesRead: number;
  /** Bytes that the kernel does not have yet. */
  readonly writableLength: number;
  destroy(error: Error): unknown;
}

interface Wait {
  readonly peer: string;
  /** When the request was sent. */
  readonly bytesRead: number;
  looks: number;
  suspectLooks: number;
}

export interface AcknowledgementsSettings {
  readonly clock: Clock;
  /** Default: Linux's. */
  readonly readTable?: (() => Promise<TcpTable>) | undefined;
}

/**
 * Breaks connections whose other end is gone when a request is sent: what TCP_USER_TIMEOUT is for, which Node.js cannot set.
 *
 * Probes notice a peer that is gone while nothing is under way to it. As long as it owes an acknowledgement the kernel sends no
 * probes, and tries for a quarter of an hour. A peer that is there acknowledges a request at once, by its kernel, however long
 * it takes to answer: so one that is merely slow is never taken for dead, nor one that answers while there is a look at it.
 *
 * Nothing is done where there is no table to look at, and no timer is set while nobody waits.
 */
export class Acknowledgements {
  readonly #clock: Clock;
  readonly #readTable: () => Promise<TcpTable>;
  readonly #waits = new Map<Awaited, Wait>();
  #isSupported: boolean;
  #isLooking = false;
  #timer: unknown;

  constructor({ clock, readTable }: AcknowledgementsSettings) {
    this.#clock = clock;
    this.#readTable = readTable ?? readTcpTable;
    this.#isSupported = readTable !== undefined || process.platform === 'linux';
  }

  /** A request is sent on a socket. */
  expect(socket: Awaited, peer: string): void {
    if (!this.#isSupported) return;
    this.#waits.set(socket, { peer, bytesRead: socket.bytesRead, looks: 0, suspectLooks: 0 });
    if (this.#waits.size === 1) this.#schedule();
  }

  /** Nobody waits for an answer on it any more. */
  settle(socket: Awaited): void {
    if (this.#waits.delete(socket) && this.#waits.size === 0) this.#clock.clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isLooking) return;
    this.#timer = this.#clock.setTimeout(() => void this.#look(), PeriodMs);
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    let isSilent = false;
    for (const [socket, wait] of this.#waits) {
      // With the first byte of the answer came the acknowledgement of all that was asked.
      if (socket.bytesRead !== wait.bytesRead) this.#waits.delete(socket);
      else if (++wait.looks >= PatientLooks) isSilent = true;
    }
    if (isSilent) await this.#suspect();
    this.#isLooking = false;
    if (this.#waits.size > 0 && this.#isSupported) this.#schedule();
  }

  async #suspect(): Promise<void> {
    let table: TcpTable;
    try {
      table = await this.#readTable();
    } catch {
      this.#isSupported = false;
      return;
    }
    for (const [socket, wait] of this.#waits) {
      const retransmissions = table.retransmissions(socket);
      // The peer has all of the request. From here on the kernel probes it.
      if (retransmissions === undefined && socket.writableLength === 0) this.#waits.delete(socket);
      wait.suspectLooks = (retransmissions ?? 0) >= SuspectRetransmissions ? wait.suspectLooks + 1 : 0;
      if (wait.suspectLooks < SuspectLooks || socket.bytesRead !== wait.bytesRead) continue;
      this.#waits.delete(socket);
      const reason = `nothing has been acknowledged for ${(SuspectLooks * PeriodMs) / 1000} s`;
      // With the code of a connection whose probes are not answered.
      socket.destroy(Object.assign(new TransportError('reset', `${wait.peer}: ${reason}`), { code: 'ETIMEDOUT' }));
    }
  }
}
