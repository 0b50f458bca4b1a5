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
import { type Served, servedResources, servedTypes } from './served.js';
import { knownFields, servedFields } from './served-types.js';
import { walk } from './walk.js';

const rows: Row[] = [...core, ...workloads, ...cluster, ...infrastructure, ...certificates, ...reviews];

/** Resources of discovery without a row. */
const without: Readonly<Record<string, string>> = {
  'v1 bindings': 'binds a pod to a node; the subresource of pods does the same, and is tested with the expansions',
  'v1 componentstatuses': 'cannot be written; the server makes it up from probes of components that do not run',
};

const nameOf = ({ descriptor }: Row): string => `${formatGroupVersion(descriptor)} ${descriptor.resource}`;

/** The name of the type of a row's objects, in the facts. */
function typeOf({ descriptor: { group, version, resource } }: Row): string {
  const groupVersion = schema.groupVersions.find((known) => known.group === group && known.version === version);
  return groupVersion?.resources.find(({ name }) => name === resource)?.type ?? '';
}

function defineWalk(version: string, isOwn: boolean): void {
  let environment: Environment;
  let served: ReadonlyMap<string, Served>;

  beforeAll(async () => {
    const apiServerFlags = ['--runtime-config=api/all=true', '--feature-gates=AllAlpha=true,AllBeta=true'];
    environment = await Environment.start({ version, apiServerFlags });
    await new Clientset(environment.config)
      .coreV1()
      .namespaces()
      .create({ metadata: { name: Walk } });
    served = await servedResources(restClientFor(environment.config));
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test.runIf(isOwn)('has a row here, or a reason for having none', () => {
    expect([...rows.map(nameOf), ...Object.keys(without)].toSorted()).toEqual([...served.keys()].toSorted());
  });

  test.runIf(isOwn)('has the types that were generated', async () => {
    const types = await servedTypes(restClientFor(environment.config));
    expect([...types.keys()].toSorted()).toEqual(Object.keys(schema.types).toSorted());
    const names = [...types.keys()];
    expect(names.map((name) => [name, ...knownFields(schema.types[name] ?? {})])).toEqual(
      names.map((name) => [name, ...servedFields(types.get(name) ?? {})]),
    );
  });

  test.for(rows.map((row) => [nameOf(row), row] as const))('%s', async ([name, row], { skip }) => {
    const resource = served.get(name);
    if (!resource) return skip(`kube-apiserver ${version} does not have it`);
    expect(await walk(row, typeOf(row), resource, environment.config)).toEqual([]);
  });
}

/** The release that the types are made from, and the oldest that is supported, which has less. */
const versions: readonly { readonly version: string; readonly isOwn: boolean }[] = [
  { version: '1.37', isOwn: true },
  { version: '1.34', isOwn: false },
];

for (const { version, isOwn } of versions) {
  describeReal(
    `every resource of kube-apiserver ${version} with all versions and features`,
    ['etcd', 'kubeApiserver'],
    () => defineWalk(version, isOwn),
    version,
  );
}
