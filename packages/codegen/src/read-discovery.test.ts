import { expect, test } from 'vitest';
import { FactsError, type TypeFacts } from './facts.js';
import { type ApiResource, readResources } from './read-discovery.js';

const types = new Map<string, TypeFacts>([
  ['apps.v1.Deployment', { type: 'object', groupVersionKind: { group: 'apps', version: 'v1', kind: 'Deployment' } }],
  [
    'autoscaling.v1.Scale',
    { type: 'object', groupVersionKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
  ],
]);

const deployments: ApiResource = {
  name: 'deployments',
  singularName: 'deployment',
  namespaced: true,
  kind: 'Deployment',
  verbs: ['list', 'get'],
  shortNames: ['deploy'],
  categories: ['all'],
};
const subresource = (name: string, kind: string, more: Partial<ApiResource> = {}): ApiResource => ({
  name: `deployments/${name}`,
  singularName: '',
  namespaced: true,
  kind,
  verbs: ['get'],
  ...more,
});

test('subresources belong to their resource, and know the group of their kind where it is another', () => {
  const resources = [
    subresource('scale', 'Scale', { group: 'autoscaling', version: 'v1' }),
    subresource('exec', 'ExecOptions'),
    deployments,
  ];
  expect(readResources({ groupVersion: 'apps/v1', resources }, types)).toEqual({
    group: 'apps',
    version: 'v1',
    resources: [
      {
        name: 'deployments',
        singular: 'deployment',
        kind: 'Deployment',
        type: 'apps.v1.Deployment',
        scope: 'Namespaced',
        verbs: ['get', 'list'],
        shortNames: ['deploy'],
        categories: ['all'],
        subresources: [
          { name: 'exec', kind: 'ExecOptions', verbs: ['get'] },
          {
            name: 'scale',
            kind: 'Scale',
            group: 'autoscaling',
            version: 'v1',
            type: 'autoscaling.v1.Scale',
            verbs: ['get'],
          },
        ],
      },
    ],
  });
});

test('the core group has no name', () => {
  expect(readResources({ groupVersion: 'v1', resources: [] }, types)).toEqual({
    group: '',
    version: 'v1',
    resources: [],
  });
});

test('a resource whose kind has no schema is refused', () => {
  const resources = [{ ...deployments, kind: 'Other' }];
  expect(() => readResources({ groupVersion: 'apps/v1', resources }, types)).toThrow(FactsError);
});
