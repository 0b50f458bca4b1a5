import { formatGroupVersion, type Unstructured } from '@client-ts/apimachinery';
import { isConflict, isNotFound } from '@client-ts/apimachinery/errors';
import { type ApiResource, DiscoveryClient } from '@client-ts/discovery';
import { DynamicClient } from '@client-ts/dynamic';
import type { Config } from '@client-ts/rest';
import { ScalesGetter } from '@client-ts/scale';
import { expect } from 'vitest';
import { type Cases, eventually, installFleets, toyGroup } from './case.js';

/** What the server says can be scaled, as soon as that includes toys. */
async function scalable(config: Config): Promise<readonly ApiResource[]> {
  return eventually(
    (error) => error instanceof RangeError,
    async () => {
      const { resources } = await new DiscoveryClient(config).groupsAndResources();
      const found = resources.filter(({ subresources }) => subresources.some(({ name }) => name === 'scale'));
      if (!found.some(({ group }) => group === toyGroup)) throw new RangeError('toys are not known yet');
      return found;
    },
  );
}

/** An object of any kind there is that can be scaled. */
function scaled(resource: ApiResource): Unstructured {
  const labels = { app: 'scaled' };
  const selector = resource.kind === 'ReplicationController' ? labels : { matchLabels: labels };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'nginx' }] } };
  const spec = { replicas: 1, selector, template, serviceName: resource.kind === 'StatefulSet' ? 'scaled' : undefined };
  return { apiVersion: formatGroupVersion(resource), kind: resource.kind, metadata: { name: 'scaled' }, spec };
}

export const scaleCases: Cases = {
  'everything that can be scaled is read, updated and patched, by resource and by kind': async (config) => {
    const scales = new ScalesGetter(config).scales('default');
    await installFleets(config);
    const resources = await scalable(config);
    expect(resources.map(({ kind }) => kind).toSorted()).toEqual([
      'Deployment',
      'ReplicaSet',
      'ReplicationController',
      'StatefulSet',
      'Toy',
    ]);
    for (const resource of resources) {
      const objects = new DynamicClient(config).resource(resource).namespace('default');
      await eventually(isNotFound, () => objects.create(scaled(resource)));
      const { group, version, resource: name, kind } = resource;

      const scale = await scales.get({ group, version, resource: name }, 'scaled');
      expect(scale).toMatchObject({ apiVersion: 'autoscaling/v1', kind: 'Scale', spec: { replicas: 1 } });
      if (kind !== 'Toy') expect(scale.status?.selector).toBe('app=scaled');

      const updated = await scales.update({ group, kind }, { ...scale, spec: { replicas: 2 } });
      expect(updated).toMatchObject({ apiVersion: 'autoscaling/v1', kind: 'Scale', spec: { replicas: 2 } });
      const late = scales.update({ group, kind }, { ...scale, spec: { replicas: 9 } });
      await expect(late).rejects.toSatisfy(isConflict);

      const more = { type: 'merge', patch: { spec: { replicas: 3 } } } as const;
      await scales.patch({ resource: name, group }, 'scaled', more, { dryRun: true });
      expect((await objects.get('scaled'))['spec']).toMatchObject({ replicas: 2 });
      expect((await scales.patch({ resource: name, group }, 'scaled', more)).spec).toEqual({ replicas: 3 });
      expect((await objects.get('scaled'))['spec']).toMatchObject({ replicas: 3 });

      await expect(scales.get({ group, kind }, 'nobody')).rejects.toSatisfy(isNotFound);
      await objects.delete('scaled');
    }
  },
};
