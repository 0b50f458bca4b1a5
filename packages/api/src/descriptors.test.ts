import { build } from 'esbuild';
import type { KubernetesList, KubernetesObject, ObjectMeta, ResourceDescriptor } from '@client-ts/apimachinery';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { CustomResourceDefinition } from './gen/apiextensions/v1.js';
import { type Deployment, type DeploymentApplyConfiguration, type DeploymentList, deployments } from './gen/apps/v1.js';
import { jobs } from './gen/batch/v1.js';
import { leases } from './gen/coordination/v1.js';
import {
  type Binding,
  bindings,
  type ContainerApplyConfiguration,
  nodes,
  type Pod,
  type PodApplyConfiguration,
  pods,
  type ServicePortApplyConfiguration,
} from './gen/core/v1.js';

test.each<[ResourceDescriptor, ResourceDescriptor]>([
  [pods, { group: '', version: 'v1', resource: 'pods', kind: 'Pod', scope: 'Namespaced' }],
  [nodes, { group: '', version: 'v1', resource: 'nodes', kind: 'Node', scope: 'Cluster' }],
  [deployments, { group: 'apps', version: 'v1', resource: 'deployments', kind: 'Deployment', scope: 'Namespaced' }],
  [jobs, { group: 'batch', version: 'v1', resource: 'jobs', kind: 'Job', scope: 'Namespaced' }],
  [leases, { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', kind: 'Lease', scope: 'Namespaced' }],
])('a descriptor is plain data: %o', (descriptor, expected) => {
  expect(descriptor).toMatchObject(expected);
  expect(JSON.parse(JSON.stringify(descriptor))).toEqual(descriptor);
});

async function bundledBytes(source: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.contents.length ?? Infinity;
}

describe('one import costs bytes', () => {
  test.each([
    ['a type', `import type { Pod } from './gen/core/v1.js'; export type X = Pod`, 0],
    ['a descriptor', `export { deployments } from './gen/apps/v1.js'`, 200],
    ['a descriptor of the largest group', `export { pods } from './gen/core/v1.js'`, 300],
    ['an import of nothing', `import './gen/core/v1.js'; import './schema.js'; import './all-schema.js'`, 0],
  ])('%s', async (_what, source, limit) => {
    expect(await bundledBytes(source)).toBeLessThanOrEqual(limit);
  });
});

describe('types', () => {
  test('an object says what it is, and may leave it out', () => {
    expectTypeOf<Deployment['apiVersion']>().toEqualTypeOf<'apps/v1' | undefined>();
    expectTypeOf<Deployment['kind']>().toEqualTypeOf<'Deployment' | undefined>();
    expectTypeOf<Deployment['metadata']>().toEqualTypeOf<ObjectMeta | undefined>();
    expectTypeOf<Deployment>().toExtend<KubernetesObject>();
    expectTypeOf<DeploymentList>().toEqualTypeOf<KubernetesList<Deployment>>();
  });

  test('a descriptor carries its object, apply configuration and scope', () => {
    expectTypeOf(deployments).toEqualTypeOf<
      ResourceDescriptor<Deployment, DeploymentApplyConfiguration, 'Namespaced'>
    >();
    expectTypeOf(nodes.scope).toEqualTypeOf<'Cluster'>();
    expectTypeOf(bindings).toEqualTypeOf<ResourceDescriptor<Binding, never, 'Namespaced'>>();
  });

  test('required fields, enumerations, quantities and int-or-strings are checked', () => {
    type Spec = NonNullable<Pod['spec']>;
    expectTypeOf<Spec['restartPolicy']>().toEqualTypeOf<'Always' | 'Never' | 'OnFailure' | undefined>();
    const pod: Pod = { spec: { containers: [{ name: 'a', resources: { limits: { cpu: '500m' } } }] } };
    // @ts-expect-error -- containers are required
    const none: Pod = { spec: {} };
    // @ts-expect-error -- not among the values
    const policy: Spec = { containers: [], restartPolicy: 'Sometimes' };
    // @ts-expect-error -- a quantity is a string
    const limits: NonNullable<Spec['resources']> = { limits: { cpu: 1 } };
    // @ts-expect-error -- of another kind
    const deployment: Deployment = pod;
    expect([none, policy, limits, deployment]).toHaveLength(4);
  });

  test('JSON schemas nest, and take the values that JSON allows', () => {
    type Schema = NonNullable<
      NonNullable<CustomResourceDefinition['spec']['versions'][0]['schema']>['openAPIV3Schema']
    >;
    const schema: Schema = {
      properties: { a: { items: [{ type: 'string' }], additionalProperties: false, default: { any: ['json'] } } },
    };
    expect(schema).toBeDefined();
  });

  test('an apply configuration needs a name and the keys of list maps, and nothing else', () => {
    expectTypeOf<PodApplyConfiguration>().toExtend<{ metadata: { name: string } }>();
    const pod: PodApplyConfiguration = { metadata: { name: 'a' }, spec: { nodeName: 'b' } };
    const port: ServicePortApplyConfiguration = { port: 80 };
    // @ts-expect-error -- the server applies to one object
    const nameless: PodApplyConfiguration = { metadata: {} };
    // @ts-expect-error -- the key of a list of containers
    const container: ContainerApplyConfiguration = { image: 'a' };
    // @ts-expect-error -- the server computes managed fields
    const managed: PodApplyConfiguration = { metadata: { name: 'a', managedFields: [] } };
    expect([pod, port, nameless, container, managed]).toHaveLength(5);
  });
});
