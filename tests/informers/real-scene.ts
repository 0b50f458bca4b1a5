import { setTimeout as realTime } from 'node:timers/promises';
import type { Codec, KubernetesObject, ResourceDescriptor } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { metaNamespaceKey, type SharedIndexInformer } from '@client-ts/cache';
import { type Config, type ResourceClient, RestClient, restClientFor } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { LegalHistory } from './legal-history.js';
import { Relay } from './relay.js';
import { sceneInformer, type SceneInformerOptions } from './scene-informer.js';
import { ServerHistory } from './server-history.js';
import { isCopyOf } from './whole-object.js';

export interface RealSceneOptions extends SceneInformerOptions {
  /** Who writes, directly and in real time. */
  readonly admin: Config;
  /** Who watches. Default: the same. */
  readonly reader?: Config | undefined;
  readonly resource: ResourceDescriptor;
  /** Nobody else writes there. Default: `default`. */
  readonly namespace?: string | undefined;
  /** What the informer reads, where it can. Default: JSON. */
  readonly codecs?: readonly Codec[] | undefined;
  /** Default: true. */
  readonly http2?: boolean | undefined;
}

/** So much virtual time passes in each turn; and so much real time, in which servers and sockets do their part. */
const Turn = { virtualMs: 100, realMs: 5 } as const;
/** Of virtual time: a minute and a half of real time, in which a server that is starved answers, too. */
const PatienceMs = 30 * 60_000;

/**
 * An informer on a real server, over a way that can break. Its time is virtual, with all pauses and limits of patience that it
 * and its connections have; the time of servers and sockets is real.
 */
export class RealScene implements AsyncDisposable {
  readonly clock: FakeClock = new FakeClock();
  readonly relay: Relay;
  readonly informer: SharedIndexInformer<KubernetesObject>;
  readonly truth: ServerHistory;
  readonly told: LegalHistory;
  /** What it reported, oldest first. */
  readonly errors: string[] = [];
  readonly #writer: ResourceClient<KubernetesObject, unknown>;
  readonly #config: Config;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  static async start(options: RealSceneOptions): Promise<RealScene> {
    const { admin, reader = admin } = options;
    return new RealScene(options, await Relay.to(reader.host));
  }

  private constructor(options: RealSceneOptions, relay: Relay) {
    const { admin, reader = admin, resource, namespace = 'default', http2 = true, codecs } = options;
    const { clock } = this;
    this.relay = relay;
    this.#writer = restClientFor(admin).resource(resource, namespace);
    this.truth = new ServerHistory(this.#writer);
    this.told = new LegalHistory(this.truth);
    const { tls } = reader;
    this.#config = { host: relay.url, tls, transport: newTransport({ tls, http2, clock }), codecs };
    const client = new RestClient(this.#config, clock);
    this.informer = sceneInformer(client, resource, namespace, options, ({ message }) => this.errors.push(message));
    this.informer.addEventHandler(this.told);
    this.#running = this.informer.run({ signal: this.#stop.signal });
  }

  /** Lets time pass until it is so. @throws Error when it is not within half an hour of virtual time. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    const started = this.clock.now();
    while (!isSo()) {
      if (this.clock.now() - started > PatienceMs)
        throw new Error(`waited in vain for ${what}; the informer says ${JSON.stringify(this.informer.health())}`);
      await this.clock.advance(Turn.virtualMs);
      await realTime(Turn.realMs);
    }
  }

  /**
   * Lets time pass until the cache is what the server has, and prints how long that took after what has happened. The handler
   * has then been told so, in a history that can have happened.
   */
  async heal(after?: string): Promise<void> {
    const [virtual, real] = [this.clock.now(), performance.now()];
    const { items } = await this.#writer.list();
    const { indexer } = this.informer;
    await this.until('the cache to be what the server has', () => {
      return (
        indexer.size === items.length && items.every((item) => isCopyOf(item, indexer.getByKey(metaNamespaceKey(item))))
      );
    });
    await this.clock.advance(0);
    this.told.expectKnown(items);
    if (after === undefined) return;
    const waitedMs = this.clock.now() - virtual;
    const workedMs = performance.now() - real - (waitedMs / Turn.virtualMs) * Turn.realMs;
    console.info(
      `${after}: healed after ${(waitedMs / 1000).toFixed(1)} s of waiting, ${workedMs.toFixed(0)} ms of work`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#config.transport?.[Symbol.asyncDispose]();
    await this.relay[Symbol.asyncDispose]();
  }
}
