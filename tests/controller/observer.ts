import { type ConfigMap, configMaps, type Secret, secrets } from '@client-ts/api/core/v1';
import { SharedInformerFactory } from '@client-ts/informers';
import type { Config } from '@client-ts/rest';

/** Sees what there is in a namespace, and waits for it. */
export class Observer implements AsyncDisposable {
  readonly #factory: SharedInformerFactory;
  readonly #changed = new Set<() => void>();

  constructor(config: Config, namespace: string) {
    this.#factory = new SharedInformerFactory(config, { name: 'observer', namespace, onError: () => {} });
    const changed = (): void => this.#changed.forEach((each) => each());
    for (const informer of [this.#factory.informer(configMaps), this.#factory.informer(secrets)])
      informer.addEventHandler({ onAdd: changed, onUpdate: changed, onDelete: changed });
    this.#factory.start();
  }

  get owners(): readonly ConfigMap[] {
    return this.#factory
      .informer(configMaps)
      .indexer.list()
      .filter(({ metadata }) => metadata?.labels?.['pairs'] === 'yes');
  }

  get children(): readonly Secret[] {
    return this.#factory.informer(secrets).indexer.list();
  }

  /** What is not as it should be: owners without a child, with several, or with one that has other data. */
  odd(): string[] {
    const valuesOf = new Map<string, string[]>();
    for (const { metadata, data } of this.children) {
      const uid = metadata?.ownerReferences?.[0]?.uid ?? '';
      const value = Buffer.from(data?.['value'] ?? '', 'base64').toString();
      valuesOf.set(uid, [...(valuesOf.get(uid) ?? []), value]);
    }
    return this.owners
      .map(({ metadata, data }) => ({
        name: metadata?.name,
        wanted: data?.['value'],
        found: valuesOf.get(metadata?.uid ?? '') ?? [],
      }))
      .filter(({ wanted, found }) => found.length !== 1 || found[0] !== wanted)
      .map(({ name, wanted, found }) => `${name}: expected ${wanted}, found ${found.join(' and ') || 'nothing'}`);
  }

  /** Resolves when it is so. Looks once for all changes that come together. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        const changed = (): void => {
          this.#changed.delete(changed);
          setImmediate(resolve);
        };
        this.#changed.add(changed);
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#factory[Symbol.asyncDispose]();
  }
}
