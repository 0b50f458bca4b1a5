import { type ConfigMap, configMaps, type Secret, secrets } from '@client-ts/api/core/v1';
import { Controller, controllerUid, owned, ReadYourWrites, withController } from '@client-ts/controller';
import { SharedInformerFactory } from '@client-ts/informers';
import { type Config, type ResourceClient, RestClient } from '@client-ts/rest';

export interface PairsOptions {
  readonly namespace: string;
  readonly name?: string;
  /** Called with every reconcile that begins, and its signal; what it returns is waited for. */
  readonly onReconcile?: (key: string, signal: AbortSignal) => void | Promise<void>;
  /** Called with every reconcile that has ended, well or not. */
  readonly onReconciled?: (key: string) => void;
  /** Called when the server has answered to a creation, before the controller knows. */
  readonly onCreated?: () => void;
  readonly onError?: (message: string) => void;
}

/** A controller, and its informers, which end with it. */
export interface Pairs extends AsyncDisposable {
  readonly controller: Controller<ConfigMap>;
}

/**
 * Gives each ConfigMap a Secret with the same data. It finds the Secret by its owner only, and lets the server make its name: one that
 * was overlooked would be made twice.
 */
export function newPairs(config: Config, options: PairsOptions): Pairs {
  const { namespace, name = 'pairs', onCreated, onError = () => {} } = options;
  const factory = new SharedInformerFactory(config, { name, namespace, onError: ({ message }) => onError(message) });
  const client = new RestClient(config);
  const children = new ReadYourWrites<Secret, ResourceClient<Secret, unknown>, 'owner'>(
    factory.informer(secrets),
    (place) => client.resource(secrets, place),
    { indexers: { owner: controllerUid } },
  );
  const controller = new Controller<ConfigMap>({
    name,
    primary: factory.informer(configMaps),
    predicate: ({ object }) => object.metadata?.labels?.['pairs'] === 'yes',
    sources: [owned(children, configMaps)],
    informers: factory,
    concurrency: 10,
    onError: ({ message }) => onError(message),
    async reconcile({ key }, { object, signal }) {
      try {
        await options.onReconcile?.(key, signal);
        if (object) await reconcile(object, signal);
      } finally {
        options.onReconciled?.(key);
      }
    },
  });
  const reconcile = async (object: ConfigMap, signal: AbortSignal): Promise<void> => {
    const { uid = '', name: ownerName } = object.metadata ?? {};
    const [child] = children.indexer.byIndex('owner', uid);
    const data = { value: Buffer.from(object.data?.['value'] ?? '').toString('base64') };
    if (!child) {
      const desired = { metadata: { generateName: `${ownerName}-`, namespace }, data };
      await children.client(namespace).create(withController(desired, object, configMaps), { signal });
      onCreated?.();
    } else if (child.data?.['value'] !== data.value) {
      await children.client(namespace).update({ ...child, data }, { signal });
    }
  };
  return {
    controller,
    async [Symbol.asyncDispose]() {
      await controller[Symbol.asyncDispose]();
      await factory[Symbol.asyncDispose]();
    },
  };
}
