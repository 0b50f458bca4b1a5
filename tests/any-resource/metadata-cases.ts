import { configMaps, namespaces } from '@client-ts/api/core/v1';
import type { PartialObjectMetadata, WatchEvent } from '@client-ts/apimachinery';
import { DiscoveryClient } from '@client-ts/discovery';
import { MetadataClient } from '@client-ts/metadata';
import { restClientFor } from '@client-ts/rest';
import { expect } from 'vitest';
import type { Cases } from './case.js';

const bare = ['apiVersion', 'kind', 'metadata'];

export const metadataCases: Cases = {
  'every resource that can be listed gives metadata and nothing else': async (config) => {
    const client = new MetadataClient(config);
    const listed = (await new DiscoveryClient(config).groupsAndResources()).resources.filter(({ verbs }) =>
      verbs.includes('list'),
    );
    expect(listed.length).toBeGreaterThan(20);
    const lists = await Promise.all(listed.map((resource) => client.resource(resource).list()));
    for (const { kind, items } of lists) {
      expect(kind).toBe('PartialObjectMetadataList');
      for (const item of items) expect(Object.keys(item).toSorted()).toEqual(bare);
    }
    expect(lists.flatMap(({ items }) => items.map(({ metadata }) => metadata.name))).toContain('kube-system');
  },
  'what is written is the whole object, and seen by a watch as metadata': async (config) => {
    const settings = new MetadataClient(config).resource(configMaps).namespace('default');
    const whole = restClientFor(config).resource(configMaps, 'default');
    const { metadata } = await whole.create({ metadata: { name: 'seen' }, data: { kept: 'yes' } });
    const patched = await settings.patch('seen', {
      type: 'merge',
      patch: { metadata: { labels: { of: 'metadata' } } },
    });
    expect(Object.keys(patched).toSorted()).toEqual(bare);
    expect(await whole.get('seen')).toMatchObject({ data: { kept: 'yes' }, metadata: { labels: { of: 'metadata' } } });
    await settings.deleteCollection({}, { labelSelector: 'of=metadata' });
    const events: WatchEvent<PartialObjectMetadata>[] = [];
    const from = { resourceVersion: metadata?.resourceVersion, fieldSelector: 'metadata.name=seen' };
    for await (const event of settings.watch(from)) {
      events.push(event);
      if (event.type === 'DELETED') break;
    }
    expect(events.map(({ type }) => type)).toEqual(['MODIFIED', 'DELETED']);
    for (const { object } of events) expect(Object.keys(object).toSorted()).toEqual(bare);
  },
  'what has no namespace is found by name': async (config) => {
    const { kind, metadata } = await new MetadataClient(config).resource(namespaces).get('default');
    expect([kind, metadata.name]).toEqual(['PartialObjectMetadata', 'default']);
  },
};
