import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import type { CacheError } from '@client-ts/cache';
import { SharedInformerFactory, type SharedInformerFactoryOptions } from './shared-informer-factory.js';

export function configMap(name: string, namespace = 'default', labels: Record<string, string> = {}): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels } };
}

export interface Setting extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly server: ApiServer;
  readonly factory: SharedInformerFactory;
  readonly errors: CacheError[];
}

/** A factory of a server that has these objects. */
export function setUp(options: SharedInformerFactoryOptions = {}, ...objects: KubernetesObject[]): Setting {
  const clock = new FakeClock();
  const server = new ApiServer({ clock, objects });
  const errors: CacheError[] = [];
  const factory = new SharedInformerFactory(server.config(), {
    clock,
    onError: (error) => errors.push(error),
    ...options,
  });
  return {
    clock,
    server,
    factory,
    errors,
    async [Symbol.asyncDispose]() {
      await factory.shutdown();
      await server[Symbol.asyncDispose]();
    },
  };
}
