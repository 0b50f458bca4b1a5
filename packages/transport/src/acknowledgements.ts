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
  readonly closed: boolean;
  destroy(error: Error): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** What one connection carries, which costs it nothing as long as it is answered. */
export interface Acknowledged {
  /** A request, or a message, is sent. The wait for the one before goes on. */
  expect(): void;
  /** Nobody waits for an answer any more. */
  settle(): void;
}

interface Wait {
  readonly socket: Awaited;
  readonly peer: string;
  isOn: boolean;
  /** How often it was looked at since something came, */
  looks: number;
  /** what had come until then, */
  bytesRead: number;
  /** and how often in a row it was suspect. */
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
 * Nothing is done where there is no table to look at. A timer, which keeps no process alive, runs on for a period after the last
 * request: to set one for each would cost more than all else here.
 */
export class Acknowledgements implements Disposable {
  readonly #clock: Clock;
  readonly #readTable: () => Promise<TcpTable>;
  readonly #waits = new Set<Wait>();
  #isSupported: boolean;
  #isRunning = false;
  #timer: unknown;

  constructor({ clock, readTable }: AcknowledgementsSettings) {
    this.#clock = clock;
    this.#readTable = readTable ?? readTcpTable;
    this.#isSupported = readTable !== undefined || process.platform === 'linux';
  }

  /** To be asked for once for each connection. */
  of(socket: Awaited, peer: string): Acknowledged {
    const wait: Wait = { socket, peer, isOn: false, looks: 0, bytesRead: 0, suspectLooks: 0 };
    if (!socket.closed) this.#waits.add(wait);
    socket.once('close', () => this.#waits.delete(wait));
    return {
      expect: () => {
        if (wait.isOn) return;
        wait.isOn = true;
        wait.looks = 0;
        wait.suspectLooks = 0;
        if (!this.#isRunning && this.#isSupported) this.#schedule();
      },
      settle: () => {
        wait.isOn = false;
      },
    };
  }

  [Symbol.dispose](): void {
    this.#isSupported = false;
    this.#clock.clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#isRunning = true;
    this.#timer = this.#clock.setTimeout(() => void this.#look(), PeriodMs);
    (this.#timer as Partial<NodeJS.Timeout>).unref?.();
  }

  async #look(): Promise<void> {
    let isSilent = false;
    for (const wait of this.#waits) {
      if (!wait.isOn) continue;
      wait.looks++;
      // With what has come came acknowledgements, too.
      if (wait.looks === 1 || isAnswered(wait)) begin(wait);
      else if (wait.looks >= PatientLooks) isSilent = true;
    }
    if (isSilent) await this.#suspect();
    this.#isRunning = false;
    if (this.#isSupported && [...this.#waits].some(({ isOn }) => isOn)) this.#schedule();
  }

  async #suspect(): Promise<void> {
    let table: TcpTable;
    try {
      table = await this.#readTable();
    } catch {
      this.#isSupported = false;
      return;
    }
    for (const wait of this.#waits) {
      // Some may have begun in the meantime.
      if (!wait.isOn || wait.looks < PatientLooks) continue;
      const { socket, peer } = wait;
      const retransmissions = table.retransmissions(socket);
      // The peer has all of the request. From here on the kernel probes it.
      if (retransmissions === undefined && socket.writableLength === 0) wait.isOn = false;
      wait.suspectLooks = (retransmissions ?? 0) >= SuspectRetransmissions ? wait.suspectLooks + 1 : 0;
      if (wait.suspectLooks < SuspectLooks || isAnswered(wait)) continue;
      this.#waits.delete(wait);
      const reason = `nothing has been acknowledged for ${(SuspectLooks * PeriodMs) / 1000} s`;
      // With the code of a connection whose probes are not answered.
      socket.destroy(Object.assign(new TransportError('reset', `${peer}: ${reason}`), { code: 'ETIMEDOUT' }));
    }
  }
}

function begin(wait: Wait): void {
  wait.looks = 1;
  wait.bytesRead = wait.socket.bytesRead;
  wait.suspectLooks = 0;
}

function isAnswered({ socket, bytesRead }: Wait): boolean {
  return socket.bytesRead !== bytesRead;
}
