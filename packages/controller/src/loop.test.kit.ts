import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import type { SharedIndexInformer } from '@client-ts/cache';
import { SharedInformerFactory } from '@client-ts/informers';
import { type ResourceClient, RestClient } from '@client-ts/rest';
import { Controller } from './controller.js';
import type { ControllerOptions } from './controller-options.js';

/** A server in memory, with informers of it, and controllers of its ConfigMaps, all in virtual time. */
export class Loop implements AsyncDisposable {
  readonly clock: FakeClock = new FakeClock();
  readonly server: ApiServer = new ApiServer({ clock: this.clock });
  readonly factory: SharedInformerFactory = new SharedInformerFactory(this.server.config(), { clock: this.clock });
  readonly primary: SharedIndexInformer<ConfigMap> = this.factory.informer(configMaps);
  readonly client: ResourceClient<ConfigMap, unknown> = new RestClient(this.server.config(), this.clock).resource(
    configMaps,
    'default',
  );
  readonly errors: string[] = [];
  readonly #stop = new AbortController();
  readonly #runs: Promise<void>[] = [];

  /** A controller of the ConfigMaps, which does not run yet. */
  controller(options: Partial<ControllerOptions<ConfigMap>> & Pick<ControllerOptions<ConfigMap>, 'reconcile'>) {
    return new Controller<ConfigMap>({
      name: 'test',
      primary: this.primary,
      informers: this.factory,
      clock: this.clock,
      onError: ({ message }) => this.errors.push(message),
      ...options,
    });
  }

  /** The same, running. It is stopped with the scene. */
  async run(
    options: Partial<ControllerOptions<ConfigMap>> & Pick<ControllerOptions<ConfigMap>, 'reconcile'>,
  ): Promise<Controller<ConfigMap>> {
    const controller = this.controller(options);
    this.#runs.push(controller.run({ signal: this.#stop.signal }));
    await this.clock.advance(0);
    return controller;
  }

  async create(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.client.create({ metadata: { name } });
    await this.clock.advance(0);
  }

  async touch(name: string): Promise<void> {
    await this.client.patch(name, { type: 'merge', patch: { data: { at: String(Math.random()) } } });
    await this.clock.advance(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#runs);
    await this.factory[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

/** A promise, and what settles it. */
export function deferred<T = void>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  let [resolve, reject]: [(value: T) => void, (error: unknown) => void] = [() => {}, () => {}];
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
