import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { isResourceExpired } from '@client-ts/apimachinery/errors';
import { ApiServer } from '@client-ts/apiserver';
import { type CacheError, metaNamespaceKey, type SharedIndexInformer } from '@client-ts/cache';
import { type ResourceClient, RestClient, type Transport } from '@client-ts/rest';
import { FaultInjector } from '@client-ts/testing';
import { type Delivery, delivering } from './delivery.js';
import { type EncodingName, encodings } from './encodings.js';
import { LegalHistory } from './legal-history.js';
import { isNameless, takeName } from './nameless.js';
import { type Purpose, purposeOf } from './purpose.js';
import { rewriting } from './rewriting.js';
import { sceneInformer, type SceneInformerOptions } from './scene-informer.js';
import { ServerHistory } from './server-history.js';
import { isCopyOf } from './whole-object.js';

export interface SceneOptions extends SceneInformerOptions {
  /** What the informer reads. Default: `JSON`. */
  readonly encoding?: EncodingName | undefined;
  readonly delivery?: Delivery | undefined;
  /** Some objects arrive without their names: see {@link isNameless}. Default: false. */
  readonly nameless?: boolean | undefined;
  /** Stands right before the server. */
  readonly through?: ((server: Transport) => Transport) | undefined;
}

/**
 * An informer with the real REST client on the in-memory API server, faults between them, all in virtual time. Whoever
 * writes to the server is spared the faults.
 */
export class Scene implements AsyncDisposable {
  readonly clock: FakeClock = new FakeClock();
  readonly server: ApiServer = new ApiServer({ clock: this.clock });
  readonly faults: FaultInjector;
  readonly informer: SharedIndexInformer<KubernetesObject>;
  /** What the informer asked for, and what it reported, oldest first. */
  readonly requests: Purpose[] = [];
  readonly errors: CacheError[] = [];
  /** What was true at the server. */
  readonly truth: ServerHistory;
  /** What a handler was told that has been there from the beginning. */
  readonly told: LegalHistory;
  readonly #stop = new AbortController();
  readonly #nameless: boolean;
  readonly #writer: ResourceClient<ConfigMap, unknown>;
  #running: Promise<void> | undefined;

  constructor(options: SceneOptions = {}) {
    const { delivery = {}, encoding = 'JSON', nameless = false, through } = options;
    const { clock, server } = this;
    const { codec } = encodings[encoding];
    let way = through?.(server.transport) ?? server.transport;
    if (nameless) way = rewriting(way, { change: takeName });
    way = delivering(way, delivery, clock);
    if (codec) way = rewriting(way, { encoding: encodings[encoding] });
    this.faults = new FaultInjector(way);
    this.#writer = new RestClient(server.config(), clock).resource(configMaps, 'default');
    this.truth = new ServerHistory(this.#writer);
    this.told = new LegalHistory(this.truth);
    this.#nameless = nameless;
    const recording: Transport = {
      request: (request) => {
        this.requests.push(purposeOf(request));
        return this.faults.request(request);
      },
      [Symbol.asyncDispose]: () => this.faults[Symbol.asyncDispose](),
    };
    const client = new RestClient({ ...server.config(), transport: recording, codecs: codec ? [codec] : [] }, clock);
    this.informer = sceneInformer(client, configMaps, 'default', options, (error) => this.errors.push(error));
    this.informer.addEventHandler(this.told);
  }

  start(): void {
    this.#running = this.informer.run({ signal: this.#stop.signal });
  }

  /** Resolves when the informer has stopped; called for the first time, stops it. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the scene is over'));
    await this.#running;
  }

  /** Changes the objects that arrive without their names, so that they have them again. */
  async mend(): Promise<void> {
    if (!this.#nameless) return;
    for (;;) {
      const { items } = await this.#writer.list();
      const object = items.find((item) => isNameless(item));
      if (!object) return;
      await this.truth.set(object.metadata?.name ?? '');
    }
  }

  /** @throws Error that names the difference, unless the cache is what the server has, and the handler was told so. */
  async expectSame(): Promise<void> {
    const { items } = await this.#writer.list();
    this.#expectCached(items, 'now');
    this.told.expectKnown(items);
    this.told.expectDeleted();
  }

  /**
   * @throws Error unless the cache is what the server was as of a version; nothing, where the server has forgotten that. Where
   * objects lose their names it may have more, and of those older states or none.
   */
  async expectAsOf(version: string): Promise<void> {
    try {
      const { items } = await this.#writer.list({ resourceVersion: version, resourceVersionMatch: 'Exact', limit: 0 });
      this.#expectCached(items, `as of ${version}`, this.#nameless);
    } catch (error) {
      if (!isResourceExpired(error)) throw error;
    }
  }

  #expectCached(objects: readonly KubernetesObject[], when: string, roughly = false): void {
    const { indexer } = this.informer;
    const items = roughly ? objects.filter((object) => !isNameless(object)) : objects;
    const wrong = items.filter((object) => !isCopyOf(object, indexer.getByKey(metaNamespaceKey(object))));
    if (wrong.length > 0 || (items.length !== indexer.size && !roughly))
      throw new Error(`the cache is ${describe(indexer.list())}, the server ${when} ${describe(items)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.server[Symbol.asyncDispose]();
  }
}

function describe(objects: readonly KubernetesObject[]): string {
  return JSON.stringify(objects.map(({ metadata }) => `${metadata?.name}@${metadata?.resourceVersion}`).toSorted());
}
