import { schema } from '@client-ts/api/schema/all';
import { formatGroupVersion } from '@client-ts/apimachinery';
import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import { restClientFor } from '@client-ts/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { certificates } from './resources/certificates.js';
import { cluster } from './resources/cluster.js';
import { core } from './resources/core.js';
import { infrastructure } from './resources/infrastructure.js';
import { reviews } from './resources/reviews.js';
import { workloads } from './resources/workloads.js';
import { type Row, Walk } from './row.js';
import { knownFields, servedFields, type ServedSchema } from './served-types.js';
import { type Served, walk } from './walk.js';

const rows: Row[] = [...core, ...workloads, ...cluster, ...infrastructure, ...certificates, ...reviews];

/** Resources of discovery without a row. */
const without: Readonly<Record<string, string>> = {
  'v1 bindings': 'binds a pod to a node; the subresource of pods does the same, and is tested with the expansions',
  'v1 componentstatuses': 'cannot be written; the server makes it up from probes of components that do not run',
};

const nameOf = ({ descriptor }: Row): string => `${formatGroupVersion(descriptor)} ${descriptor.resource}`;

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly verbs: readonly string[] }[];
}

describeReal('every resource of a server with all versions and features', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  const served = new Map<string, Served>();

  beforeAll(async () => {
    environment = await Environment.start({
      apiServerFlags: ['--runtime-config=api/all=true', '--feature-gates=AllAlpha=true,AllBeta=true'],
    });
    await new Clientset(environment.config)
      .coreV1()
      .namespaces()
      .create({ metadata: { name: Walk } });
    const client = restClientFor(environment.config);
    const { groups } = await client.json<{ groups: { versions: { groupVersion: string }[] }[] }>({
      method: 'GET',
      target: '/apis',
    });
    const versions = ['v1', ...groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion))];
    for (const groupVersion of versions) {
      const target = `${groupVersion === 'v1' ? '/api' : '/apis'}/${groupVersion}`;
      const { resources } = await client.json<ResourceList>({ method: 'GET', target });
      for (const { name, verbs } of resources.filter(({ name }) => !name.includes('/'))) {
        const subresources = resources
          .filter((other) => other.name.startsWith(`${name}/`))
          .map((other) => [other.name.slice(name.length + 1), other.verbs] as const);
        served.set(`${groupVersion} ${name}`, { verbs, subresources: Object.fromEntries(subresources) });
      }
    }
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test('has a row here, or a reason for having none', () => {
    expect([...rows.map(nameOf), ...Object.keys(without)].toSorted()).toEqual([...served.keys()].toSorted());
  });

  test('says about each type what the generated ones say', async () => {
    const client = restClientFor(environment.config);
    const { paths } = await client.json<{ paths: Record<string, { serverRelativeURL: string }> }>({
      method: 'GET',
      target: '/openapi/v3',
    });
    const types = new Map<string, ServedSchema>();
    for (const [path, { serverRelativeURL }] of Object.entries(paths)) {
      if (!/^apis?\/.*v\d/.test(path)) continue;
      const { components } = await client.json<{ components: { schemas: Record<string, ServedSchema> } }>({
        method: 'GET',
        target: serverRelativeURL,
      });
      for (const [name, type] of Object.entries(components.schemas)) types.set(name, type);
    }
    expect([...types.keys()].toSorted()).toEqual(Object.keys(schema.types).toSorted());
    const names = [...types.keys()];
    expect(names.map((name) => [name, ...knownFields(schema.types[name] ?? {})])).toEqual(
      names.map((name) => [name, ...servedFields(types.get(name) ?? {})]),
    );
  });

  test.each(rows.map((row) => [nameOf(row), row] as const))('%s', async (name, row) => {
    const { group, version } = row.descriptor;
    const type = schema.groupVersions
      .find((known) => known.group === group && known.version === version)
      ?.resources.find((resource) => resource.name === row.descriptor.resource)?.type;
    expect(await walk(row, type ?? '', served.get(name)!, environment.config)).toEqual([]);
  });
});
