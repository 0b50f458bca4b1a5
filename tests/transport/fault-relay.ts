import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { RawPeer } from './raw-peer.js';

/** What happens to a connection, once a number of bytes has come through. */
export interface Fault {
  /** From the client to the server, or back. */
  readonly way: 'up' | 'down';
  /** So many bytes still come through. */
  readonly after: number;
  /** Both ends are told of a reset, or of an end; or nothing comes any more, and nobody is told. */
  readonly kind: 'reset' | 'end' | 'stall';
}

/** A wire on loopback that leads to a port, and breaks when it is told to. */
export class FaultRelay implements AsyncDisposable {
  /** What will happen to each connection that is made from now on. */
  fault: Fault | undefined;
  /** Pieces that bytes come in are no larger than this. Default: as they come. */
  pieces = Number.POSITIVE_INFINITY;
  /** Each piece comes so much later than it could: with small ones the wire drips. Default: none does. */
  delayMs = 0;
  /** Bytes that came through the last connection. */
  passed = { up: 0, down: 0 };
  readonly #peer: RawPeer;
  readonly #onFault = new Set<() => void>();
  readonly #targets: Set<Socket>;

  private constructor(peer: RawPeer, targets: Set<Socket>) {
    this.#peer = peer;
    this.#targets = targets;
  }

  static async start(targetPort: number): Promise<FaultRelay> {
    const targets = new Set<Socket>();
    const peer = await RawPeer.start((client) => {
      const target = connect(targetPort, '127.0.0.1');
      targets.add(target);
      relay.#join(client, target);
    });
    const relay = new FaultRelay(peer, targets);
    return relay;
  }

  get host(): string {
    return this.#peer.host;
  }

  /** Resolves when the next fault has happened. */
  happened(): Promise<void> {
    return new Promise((resolve) => this.#onFault.add(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const target of this.#targets) target.destroy();
    await this.#peer[Symbol.asyncDispose]();
  }

  #join(client: Socket, target: Socket): void {
    const { fault, pieces, delayMs } = this;
    const passed = (this.passed = { up: 0, down: 0 });
    const ends = [client, target] as const;
    let isBroken = false;
    for (const [from, to, way] of [
      [client, target, 'up'],
      [target, client, 'down'],
    ] as const) {
      from.setNoDelay(true).on('error', () => {});
      from.once('close', () => to.destroy());
      void (async () => {
        for await (const bytes of from as AsyncIterable<Buffer>) {
          for (let at = 0; at < bytes.length && !isBroken; at += pieces) {
            const room = fault?.way === way ? fault.after - passed[way] : Number.POSITIVE_INFINITY;
            const piece = bytes.subarray(at, Math.min(at + pieces, at + room));
            passed[way] += piece.length;
            if (delayMs > 0) await setTimeout(delayMs);
            if (piece.length > 0) await new Promise((resolve) => to.write(piece, resolve));
            if (piece.length < room || !fault) continue;
            isBroken = true;
            breakOff(ends, fault.kind);
            for (const tell of this.#onFault) tell();
            this.#onFault.clear();
          }
          if (isBroken) return;
        }
        to.end();
      })().catch(() => {});
    }
  }
}

function breakOff(ends: readonly Socket[], kind: Fault['kind']): void {
  for (const end of ends) {
    if (kind === 'reset') end.resetAndDestroy();
    else if (kind === 'end') end.end();
    else end.pause();
  }
}
