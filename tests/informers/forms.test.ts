import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { coreV1Table } from '@client-ts/api/core/v1/protobuf';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { metaNamespaceKey } from '@client-ts/cache';
import { Environment } from '@client-ts/envtest';
import { compact, metadata, SharedInformerFactory } from '@client-ts/informers';
import { type Config, type ResourceClient, restClientFor } from '@client-ts/rest';
import { protobuf } from '@client-ts/serializer/protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';

const Names = Array.from({ length: 50 }, (_, n) => `o${n}`);

describeReal('forms of a resource on a real server', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  let client: ResourceClient<ConfigMap, unknown>;
  beforeAll(async () => {
    environment = await Environment.start();
    client = restClientFor(environment.config).resource(configMaps, 'default');
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test.each<[string, Pick<Config, 'codecs'>]>([
    ['JSON', {}],
    ['protobuf', { codecs: [protobuf(coreV1Table)] }],
  ])('read as %s, all show the same objects', async (_, codecs) => {
    for (const name of Names) await client.create({ metadata: { name, labels: { name } }, data: { x: name } });
    await using factory = new SharedInformerFactory({ ...environment.config, ...codecs }, { namespace: 'default' });
    const whole = factory.informer(configMaps);
    const bytes = factory.informer(compact(configMaps));
    const only = factory.informer(metadata(configMaps));
    factory.start();
    await factory.waitForCacheSync();
    await client.patch('o1', { type: 'merge', patch: { data: { x: 'changed' } } });
    await client.delete('o2');
    const { metadata: last } = await client.create({ metadata: { name: 'last' } });
    for (const informer of factory.informers()) await informer.freshAs(last?.resourceVersion ?? '');

    const byKey = (objects: readonly KubernetesObject[]): KubernetesObject[] =>
      objects.toSorted((a, b) => metaNamespaceKey(a).localeCompare(metaNamespaceKey(b)));
    const objects = byKey(whole.indexer.list());
    expect(objects).toEqual(byKey((await client.list({ dropManagedFields: true })).items));
    expect(byKey(bytes.indexer.list().map((object) => object.object()))).toEqual(objects);
    expect(byKey(only.indexer.list()).map((object) => object.metadata)).toEqual(
      objects.map((object) => object.metadata),
    );
    await client.deleteCollection();
  });
});
